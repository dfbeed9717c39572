"""What the database knows of people, as columns: the ground on which snapshots stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from pd_tracker.reports.estimators.groups import Floats, Ints

Flags = NDArray[np.bool_]

OPEN = date.max.toordinal()


@dataclass(frozen=True, eq=False, slots=True)
class Spans:
    """Stretches of days of people, last days included; `teacher` is the person's place in the list of people."""

    teacher: Ints
    start: Ints
    end: Ints

    def on(self, days: Ints) -> tuple[Ints, Ints]:
        """Places of every span and day that belong together."""
        first = np.searchsorted(days, self.start, "left")
        count = np.maximum(np.searchsorted(days, self.end, "right") - first, 0)
        span = np.repeat(np.arange(len(first)), count)
        within = np.arange(len(span)) - np.repeat(np.cumsum(count) - count, count)
        return span, first[span] + within

    @property
    def first_days(self) -> Ints:
        """One number for teacher and first day, in the order of both."""
        days: Ints = self.teacher * (OPEN + 1) + self.start
        return days

    def only(self, rows: Flags | Ints) -> Spans:
        return Spans(self.teacher[rows], self.start[rows], self.end[rows])


@dataclass(frozen=True, eq=False, slots=True)
class Records:
    """What the database knows, as columns.

    `days` are the census days of consecutive school years, from before the first span to the newest roster, and
    `years` the calendar years in which those school years start. `schools` are numbered in order of their ids, so the
    smaller number is the smaller id. `born` is the year, 0 where unknown. `minutes` and `completions` are people x
    days: training dated in that school year. `title_i` is schools x days with 1, 0 or -1 for unknown.
    """

    days: Ints
    years: Ints
    as_of: int
    begins: int
    people: Ints
    experience: Floats
    born: Ints
    employments: Spans
    employed_to_teach: Flags
    employed_thousandths: Ints
    assignments: Spans
    school: Ints
    subject: Ints
    thousandths: Ints
    teaching: Flags
    leaves: Spans
    may_return: Flags
    own_school: Flags
    successor: Ints
    closed: Ints
    minutes: Ints
    completions: Ints
    title_i: Ints
