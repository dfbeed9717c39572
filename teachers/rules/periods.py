"""School years, census days and tenure, as pure date arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

FIRST_MONTH = 7  # a school year runs from 1 July to 30 June
CENSUS_MONTH, CENSUS_DAY = 10, 1


@dataclass(frozen=True, slots=True, order=True)
class Year:
    """A school year, named by the calendar year in which it starts."""

    start: int

    @property
    def label(self) -> str:
        return f"{self.start}-{(self.start + 1) % 100:02d}"

    @property
    def starts_on(self) -> date:
        return date(self.start, FIRST_MONTH, 1)

    @property
    def ends_on(self) -> date:
        return date(self.start + 1, FIRST_MONTH - 1, 30)

    @property
    def census_on(self) -> date:
        return date(self.start, CENSUS_MONTH, CENSUS_DAY)


@dataclass(frozen=True, slots=True)
class SchoolDays:
    """First day, last day and census of one school year."""

    year: Year
    starts_on: date
    ends_on: date
    census_on: date


def without_overlap(years: Sequence[SchoolDays]) -> list[SchoolDays]:
    """Consecutive years; a day that two of them claim belongs to the newer, so that nothing counts twice."""
    newer = (days.starts_on - timedelta(days=1) for days in years[1:])
    cut = [replace(days, ends_on=min(days.ends_on, last)) for days, last in zip(years, newer, strict=False)]
    return [*cut, *years[-1:]]


def year_of(day: date) -> Year:
    """The school year that holds a day."""
    return Year(day.year if day.month >= FIRST_MONTH else day.year - 1)


def first_census_year(started_on: date) -> Year:
    """The school year whose census is the first on or after a start of work."""
    year = year_of(started_on)
    return year if started_on <= year.census_on else Year(year.start + 1)


def periods_overlap(start: date, end: date | None, other_start: date, other_end: date | None) -> bool:
    """Whether two stretches of days, last days included, share a day. No end means still running."""
    return (other_end is None or start <= other_end) and (end is None or other_start <= end)
