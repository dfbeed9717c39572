"""Training and classroom KPIs in two designs whose weaknesses are opposite."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pd_tracker.access import Reader
from pd_tracker.reports.estimators.event_study import Average, EventStudy, event_study
from pd_tracker.reports.estimators.lagged_outcome import LaggedOutcome, lagged_outcome, lagged_rows
from pd_tracker.reports.estimators.least_squares import Coefficient, estimate, school_sums
from pd_tracker.reports.estimators.verdict import Losses, Verdict, losses, verdict
from pd_tracker.reports.facts.classroom_years import (
    ClassroomYears,
    TeacherYears,
    columns_of,
    first_year_of_hours,
    keys,
    places,
)
from pd_tracker.reports.facts.person_years import PersonYears
from pd_tracker.reports.grouping import DOSE_BANDS, REFERENCE_BAND, dose_band
from pd_tracker.reports.kpis import FEWEST_IN_BAND
from pd_tracker.reports.recorded import Flags

ENOUGH_HOURS = 15
MOST_HOURS = 100
SEED = 20_001  # of the draws behind simultaneous intervals: the same report twice gives the same numbers
TWO_BANDS = ("0", REFERENCE_BAND, "15+")


@dataclass(frozen=True, slots=True)
class Design:
    """One design's difference for 15 and more hours, with the classrooms or teachers and schools behind it."""

    value: float
    se: float | None
    low: float | None
    high: float | None
    n: int
    schools: int


@dataclass(frozen=True, slots=True)
class Designs:
    """Lagged outcome, the same with two years before, and the difference in differences that skips a year."""

    lagged: Design | None
    two_lags: Design | None
    skipped: Design | None
    verdict: Verdict


def by_band(sample: ClassroomYears) -> LaggedOutcome:
    """Bands of hours the year before against 1-14, at the same result the year before."""
    return _lagged(sample, everybody(sample), DOSE_BANDS)


def slope(sample: ClassroomYears) -> Coefficient | None:
    """Change per 10 hours, hours capped at 100, in the same model with hours in place of bands."""
    rows = lagged_rows(**columns_of(sample, everybody(sample)))
    hours = np.minimum(sample.minutes[rows.used] / 60, MOST_HOURS) / 10
    columns = rows.columns | {"hours": hours}
    table = np.column_stack([*columns.values()])
    return estimate(school_sums(table, rows.outcome, rows.weight, rows.school, names=[*columns]))["hours"]


def designs(user: Reader, sample: ClassroomYears, panel: TeacherYears) -> Designs:
    lagged = _of_band(_lagged(sample, everybody(sample), TWO_BANDS))
    two = _of_band(_lagged(sample, sample.with_two_years_before, TWO_BANDS, earlier=True))
    skipped = _of_event(skip_a_year(panel, first_year_of_hours(user, ENOUGH_HOURS)))
    return Designs(lagged, two, skipped, verdict(lagged, skipped))


def skip_a_year(panel: TeacherYears, first: Mapping[int, int]) -> EventStudy:
    """Teachers with their first 15 hours against those without any yet, from the year before last."""
    cohort = [first.get(teacher, 0) for teacher in panel.teacher.tolist()]
    return event_study(panel.teacher, panel.school, panel.year, panel.value, cohort, seed=SEED, lead=2)


def lost(facts: PersonYears, panel: TeacherYears) -> Losses:
    """Of the teachers with a result, who has none the year after: those with 15 hours that year, and all others."""
    rows = facts.rows
    member = keys(facts.teacher_ids[rows.teacher], rows.year)
    result = keys(panel.teacher, panel.year)
    candidate = (places(result, member) >= 0) & np.isin(rows.year + 1, panel.year)
    seen = candidate & (places(result, member + 1) >= 0)
    trained = rows.minutes >= 60 * ENOUGH_HOURS
    counts = [int(chosen.sum()) for group in (trained, ~trained) for chosen in (candidate & group, seen & group)]
    return losses(*counts)


def everybody(sample: ClassroomYears) -> Flags:
    return np.ones(len(sample.outcome), dtype=bool)


def _lagged(sample: ClassroomYears, rows: Flags, bands: Sequence[str], *, earlier: bool = False) -> LaggedOutcome:
    """Bands beyond the last one named count with it."""
    place = np.minimum(dose_band(sample.minutes[rows]), len(bands) - 1)
    return lagged_outcome(
        band=[bands[number] for number in place],
        reference=REFERENCE_BAND,
        bands=bands,
        earlier=sample.earlier[rows] if earlier else None,
        jackknife=True,
        **columns_of(sample, rows),
    )


def _of_band(found: LaggedOutcome) -> Design | None:
    _zero, reference, row = found.bands
    change = row.difference
    if change is None or min(row.n, reference.n) < FEWEST_IN_BAND:
        return None
    return Design(change.value, change.se, change.low, change.high, found.fit.n, found.fit.clusters)


def _of_event(found: EventStudy) -> Design | None:
    headline = event(found, 0)
    if headline is None:
        return None
    people = sum(cell.treated for cell in found.cells if cell.value is not None and cell.time == cell.cohort)
    return Design(headline.value, headline.se, headline.low, headline.high, people, headline.clusters)


def event(found: EventStudy, label: int) -> Average | None:
    return next((line for line in found.by_event if line.label == label), None)
