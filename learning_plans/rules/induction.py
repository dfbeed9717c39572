"""What an induction plan promises a new teacher, and where each promise stands on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Promise(StrEnum):
    MENTOR = "mentor"
    GOALS = "goals"
    TIME = "time"


class Standing(StrEnum):
    KEPT = "kept"
    OPEN = "open"  # its day has not come
    LATE = "late"  # kept, after its day
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Check:
    promise: Promise
    standing: Standing
    due_on: date | None = None
    met_on: date | None = None
    weekly: int | None = None  # minutes, on average
    wanted: int | None = None


def enrolled_on(*, plan_made_on: date, year_starts_on: date, hired_on: date | None) -> date:
    """The days are counted from when a person has a plan, works here, and the school year has begun."""
    return max(plan_made_on, year_starts_on, hired_on or year_starts_on)


def by_day(promise: Promise, *, begins: date, days: int, met_on: date | None, on: date) -> Check:
    """A promise with a last day, which still counts as in time."""
    due_on = begins + timedelta(days=days)
    if met_on is not None:
        standing = Standing.KEPT if met_on <= due_on else Standing.LATE
    else:
        standing = Standing.OPEN if on <= due_on else Standing.MISSED
    return Check(promise, standing, due_on, met_on)


def weekly_time(visits: Iterable[tuple[date, int]], *, begins: date, wanted: int, on: date) -> Check:
    """Minutes of (day, minutes) with a mentor or coach, averaged over the whole weeks since the beginning.

    Before the first week is over nothing is said of the average.
    """
    weeks = ((on - begins).days + 1) // 7
    if weeks < 1:
        return Check(Promise.TIME, Standing.OPEN, wanted=wanted)
    minutes = sum(spent for day, spent in visits if begins <= day <= on)
    weekly = minutes // weeks
    return Check(Promise.TIME, Standing.KEPT if weekly >= wanted else Standing.MISSED, weekly=weekly, wanted=wanted)
