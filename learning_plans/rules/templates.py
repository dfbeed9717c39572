"""Which template a person's plan begins with, and on which days its parts fall."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Protocol, TypeVar

from teachers.rules.periods import year_of

A_YEAR = 366


@dataclass(frozen=True, slots=True)
class Post:
    """What a person does on a day, as far as templates ask; unknown experience is none."""

    position: str = ""
    experience: int | None = None
    school_level: str = ""
    school_id: int | None = None
    subject: str = ""


class ForWhom(Protocol):
    """The audience of a template: what is empty holds for everybody."""

    position: Any
    experience_from: Any
    experience_to: Any
    school_level: Any
    school_id: Any
    subject: Any


Template = TypeVar("Template", bound=ForWhom)


def fitting(post: Post, templates: Iterable[Template]) -> Template | None:
    """The first that fits, of templates in their order."""
    return next((template for template in templates if fits(template, post)), None)


def fits(template: ForWhom, post: Post) -> bool:
    return (
        template.position in ("", post.position)
        and template.school_level in ("", post.school_level)
        and template.school_id in (None, post.school_id)
        and template.subject.strip().casefold() in ("", post.subject.strip().casefold())
        and _experienced(template, post.experience)
    )


def _experienced(template: ForWhom, years: int | None) -> bool:
    """Where years are asked for, somebody whose years nobody knows does not fit."""
    lowest, highest = template.experience_from, template.experience_to
    if lowest is None and highest is None:
        return True
    return years is not None and (lowest or 0) <= years and (highest is None or years <= highest)


def experience(at_hire: Decimal | None, hired_on: date | None, on: date) -> int | None:
    """Whole years of teaching before the school year of a day: a first year is 0, however late it began."""
    if at_hire is None or hired_on is None:
        return None
    return int(at_hire) + max(0, year_of(on).start - year_of(hired_on).start)


def begins_on(on: date, starts_on: date, ends_on: date) -> date:
    """A plan made before its school year begins with it."""
    return min(max(on, starts_on), ends_on)


def due_day(begins: date, days: int | None, last: date) -> date | None:
    return None if days is None else min(begins + timedelta(days=days), last)


def review_days(written: str) -> list[int]:
    """The numbers of a line like “90, 180”, each from 1 to 366; raises ValueError for anything else."""
    days = sorted({int(part) for part in written.split(",") if part.strip()})
    if any(not 1 <= day <= A_YEAR for day in days):
        raise ValueError(written)
    return days


def review_dates(written: str, *, begins: date, starts_on: date, ends_on: date) -> Iterator[date]:
    """Reviews hang on the school year; those that lie before the plan begins are left out."""
    days = {min(starts_on + timedelta(days=number), ends_on) for number in review_days(written)}
    return (day for day in sorted(days) if day > begins)
