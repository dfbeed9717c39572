"""Last year's hours, those of the year before that, and colleagues of one school and year: each against 1-14 hours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext as _

from pd_tracker.access import Reader
from pd_tracker.reports.estimators.dose_response import DoseResponse, dose_response
from pd_tracker.reports.estimators.intervals import Interval
from pd_tracker.reports.estimators.sensitivity import EValue, e_values
from pd_tracker.reports.estimators.standardised import Standardised
from pd_tracker.reports.estimators.within_schools import WithinSchools, within_schools
from pd_tracker.reports.facts.first_years import first_year_minutes
from pd_tracker.reports.facts.person_years import PersonYears
from pd_tracker.reports.grouping import REFERENCE_BAND
from pd_tracker.reports.pd_retention.people import (
    Alike,
    Counts,
    Incomplete,
    alike,
    comparison_cells,
    complete,
    counted,
    eligible,
    moved_last_year,
    year_name,
)

FEWEST_IN_BAND = 10
LAG_1, LAG_2, WITHIN, FIRST_YEAR = "lag1_points", "lag2_points", "within_school_points", "first_year_points"


class Compared(NamedTuple):
    """One band in one comparison, as every door shows it; `points` are None where `note` says why.

    `rate` holds adjusted rates and ratios, which the comparison inside schools does not have.
    """

    comparison: str
    label: str
    band: str
    n: int
    clusters: int
    points: Interval | None
    note: str
    rate: Standardised | None = None

    @property
    def e_value(self) -> EValue | None:
        ratio = self.rate and self.points and self.rate.risk_ratio
        return e_values(ratio) if ratio else None


@dataclass(frozen=True, eq=False, slots=True)
class Comparisons:
    """Everything the report shows is said of this; models are refused with a reason where there is too little."""

    facts: PersonYears
    everybody: Counts
    incomplete: Incomplete
    incomplete_earlier: Incomplete
    lag1: DoseResponse
    lag2: DoseResponse
    within: WithinSchools
    new: Counts
    first_year: DoseResponse

    @property
    def rows(self) -> list[Compared]:
        """Year before, two years before, within schools and first year, each in the order of bands."""
        return [
            *_pooled(LAG_1, _("The year before"), self.lag1),
            *_pooled(LAG_2, _("Two years before"), self.lag2),
            *_inside(self.within, self.lag1),
            *_pooled(FIRST_YEAR, _("First year, to December 31"), self.first_year),
        ]


def compare(reader: Reader, facts: PersonYears, parameters: Mapping[str, str]) -> Comparisons:
    """Of all rows a reader may count; a chosen year is cut out once the rows before it have been asked."""
    year = parameters.get("year")
    moved = moved_last_year(facts.rows)
    if year:
        chosen = facts.rows.year == int(year[:4])
        moved, facts = moved[chosen], facts.only(chosen)
    found = alike(facts, moved)
    everybody, lag1, within, incomplete = _the_year_before(facts, found)
    lag2, incomplete_earlier = _two_years_before(facts, found)
    new = eligible(facts, first_year_minutes(reader, facts))
    return Comparisons(
        facts=facts,
        everybody=everybody,
        incomplete=incomplete,
        incomplete_earlier=incomplete_earlier,
        lag1=lag1,
        lag2=lag2,
        within=within,
        new=counted(new),
        first_year=dose_response(comparison_cells(new, found.everybody), reference=REFERENCE_BAND),
    )


def _the_year_before(facts: PersonYears, found: Alike) -> tuple[Counts, DoseResponse, WithinSchools, Incomplete]:
    people = eligible(facts, facts.rows.minutes_before)
    everybody = counted(people)
    people, incomplete = complete(people)
    cells = comparison_cells(people, (*found.everybody, *found.experienced, found.earlier_hours))
    within = within_schools(cells, reference=REFERENCE_BAND, year=year_name())
    return everybody, dose_response(cells, reference=REFERENCE_BAND), within, incomplete


def _two_years_before(facts: PersonYears, found: Alike) -> tuple[DoseResponse, Incomplete]:
    people, incomplete = complete(eligible(facts, facts.rows.minutes_two_before))
    cells = comparison_cells(people, (*found.everybody, *found.experienced))
    return dose_response(cells, reference=REFERENCE_BAND), incomplete


def _pooled(comparison: str, label: str, found: DoseResponse) -> list[Compared]:
    reference = next((row.n for row in found.bands if row.note == "reference"), 0)
    return [_band(comparison, label, found, row, reference) for row in found.bands]


def _band(comparison: str, label: str, found: DoseResponse, row: Standardised, reference: int) -> Compared:
    if row.note == "reference":
        return Compared(comparison, label, row.level, row.n, found.schools, None, _("reference"), row)
    note = _why_not(row.n, row.difference)
    points = None if note else row.difference
    return Compared(comparison, label, row.level, row.n + reference, found.schools, points, note, row)


def _inside(found: WithinSchools, lag1: DoseResponse) -> list[Compared]:
    label, rows = _("Inside one school and year"), []
    for row, across in zip(found.bands, lag1.bands, strict=bool(found.bands)):
        note = _("reference") if across.note == "reference" else _why_not(across.n, row.within)
        points = None if note else row.within
        if points and row.schools_differ:
            note = _("schools differ: across schools the number is another")
        rows.append(Compared(WITHIN, label, row.level, found.compared, found.schools, points, note))
    return rows


def _why_not(people: int, difference: Interval | None) -> str:
    """Why a difference is not shown, or "" when it is."""
    if people < FEWEST_IN_BAND:
        return _("fewer than 10 people")
    if difference is None:
        return _("cannot be told apart from the other things compared")
    if difference.low is None:
        return _("fewer than 5 schools: no interval, so no difference")
    return ""
