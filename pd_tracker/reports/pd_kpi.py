"""Classroom KPIs this year by last year's training, at the same KPI the year before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pd_tracker.access import Capability, Reader
from pd_tracker.reports import choosing, definitions
from pd_tracker.reports.declared import Report
from pd_tracker.reports.estimators.groups import Floats, Ints, sum_by
from pd_tracker.reports.estimators.lagged_outcome import (
    LaggedOutcome,
    classroom_weights,
    lagged_outcome,
    standardise,
)
from pd_tracker.reports.estimators.least_squares import Coefficient, fit, school_sums
from pd_tracker.reports.facts.classrooms import Classrooms, KpiFact, classrooms, kpi_options, kpis
from pd_tracker.reports.facts.person_years import PersonYears, person_years
from pd_tracker.reports.grouping import DOSE_BANDS, REFERENCE_BAND, dose_band
from pd_tracker.reports.parameters import Parameter
from pd_tracker.reports.result import Estimate, ReportResult
from pd_tracker.reports.wording import count, decimal
from pd_tracker.sheets.charts import Chart, DotChart, Value
from pd_tracker.sheets.table import Column, Kind, Table
from teachers.rules.choices import Term

FEWEST_CLASSROOMS, FEWEST_SCHOOLS, FEWEST_IN_BAND = 30, 5, 10
MOST_HOURS = 100
# These mean the same in every subject and grade; all others are compared within theirs.
IN_THEIR_OWN_UNIT = {"attendance", "chronic_absence", "discipline_per_100"}
DETECTABLE = 2.8 / (2 * 1.96)

COLUMNS = (
    Column("band", gettext_lazy("PD hours the year before")),
    Column("n", gettext_lazy("Classrooms"), Kind.INTEGER),
    Column("mean", gettext_lazy("Mean this year"), Kind.DECIMAL, decimals=2),
    Column("difference", gettext_lazy("Against 1-14 hours, same result the year before"), Kind.DECIMAL, decimals=2),
    Column("low", gettext_lazy("Interval from"), Kind.DECIMAL, decimals=2),
    Column("high", gettext_lazy("to"), Kind.DECIMAL, decimals=2),
)
KPI_COLUMNS = (
    Column("code", gettext_lazy("Code"), Kind.ID),
    Column("name", gettext_lazy("KPI")),
    Column("unit", gettext_lazy("Unit")),
    Column("values", gettext_lazy("Classroom values on record"), Kind.INTEGER),
)
KPI = Parameter("kpi", gettext_lazy("KPI"), kpi_options, empty=gettext_lazy("The first with values"))


@dataclass(frozen=True, eq=False, slots=True)
class Sample:
    """Classrooms of teachers in this year's snapshot and the one before, with both results on one scale."""

    outcome: Floats
    prior: Floats
    minutes: Ints
    year: Ints
    school: Ints
    weight: Floats | None
    standardised: bool
    term: Term


@dataclass(frozen=True, slots=True)
class Compared:
    """One band against the reference, with its interval."""

    band: str
    n: int
    value: float
    low: float
    high: float


def build(user: Reader, *, on: date, parameters: Mapping[str, str]) -> ReportResult:
    facts = choosing.at_places(person_years(user, capability=Capability.REPORTS_KPI), parameters)
    listed = kpis(user)
    chosen = _chosen(listed, parameters.get("kpi", ""))
    sample = _sample(choosing.in_year(facts, parameters), classrooms(user, chosen.code), chosen.code)
    found = _fit(sample)
    missing = choosing.nobody(facts, parameters) or _too_little(chosen, found)
    unit = _("classroom SD") if sample.standardised else chosen.unit
    return REPORT.result(
        parameters={**parameters, "kpi": chosen.code},
        answer=missing or _answer(chosen, unit, _compared(found)[-1]),
        definitions=tuple(map(str, _definitions(sample))),
        as_of=facts.as_of,
        tables=tuple(_tables(chosen, listed, unit, None if missing else found)),
        estimates=() if missing else tuple(_estimates(chosen, sample, unit, found)),
        caveats=tuple(_caveats(None if missing else found)),
        warnings=() if missing else tuple(_warnings(found)),
        charts=() if missing else (_chart(chosen, unit, _compared(found)),),
    )


def _chosen(listed: Sequence[KpiFact], code: str) -> KpiFact:
    wanted = (fact for fact in listed if fact.code == code or (not code and fact.values))
    return next(wanted, listed[0] if listed else KpiFact("", _("No KPI"), "", 0))


def _sample(facts: PersonYears, results: Classrooms, code: str) -> Sample:
    value, standardised = _scaled(results, code)
    eligible = facts.only(facts.rows.minutes_before >= 0).rows
    person = facts.teacher_ids[eligible.teacher] * 10_000 + eligible.year
    result = results.teacher_id * 10_000 + results.year
    row = _places(person, result)
    mine = (row >= 0) & np.isin(results.year - 1, results.year)  # the first year on record has none before it
    return Sample(
        outcome=value[mine],
        prior=_before(result, value, results.students, result[mine] - 1),
        minutes=eligible.minutes_before[row[mine]],
        year=results.year[mine],
        school=eligible.school[row[mine]],
        weight=None if np.isnan(results.students).all() else classroom_weights(results.students[mine]),
        standardised=standardised,
        term=results.term,
    )


def _scaled(results: Classrooms, code: str) -> tuple[Floats, bool]:
    """Results in classroom standard deviations where most have enough company for that, else as they are."""
    if code in IN_THEIR_OWN_UNIT:
        return results.value, False
    scaled = standardise(results.value, results.scale)
    enough = len(scaled) > 0 and np.isnan(scaled).mean() <= 0.5
    return (scaled, True) if enough else (results.value, False)


def _places(keys: Ints, wanted: Ints) -> Ints:
    """Place of every wanted number among distinct keys, -1 where it is missing."""
    if not len(keys):
        return np.full(len(wanted), -1, dtype=np.int64)
    order = np.argsort(keys)
    place = np.minimum(np.searchsorted(keys, wanted, sorter=order), len(keys) - 1)
    return np.where(keys[order[place]] == wanted, order[place], -1)


def _before(result: Ints, value: Floats, students: Floats, wanted: Ints) -> Floats:
    """The same teacher's mean the year before, sections weighted by their students; NaN without one."""
    known = ~np.isnan(value)
    keys, code = np.unique(result[known], return_inverse=True)
    weight = np.where(np.isnan(students[known]), 1.0, np.maximum(students[known], 1.0))
    mean = sum_by(code, weight * value[known], len(keys)) / sum_by(code, weight, len(keys))
    place = _places(keys, wanted)
    return np.where(place >= 0, np.append(mean, np.nan)[place], np.nan)


def _fit(sample: Sample) -> LaggedOutcome:
    bands = [DOSE_BANDS[band] for band in dose_band(sample.minutes)]
    columns = sample.outcome, sample.prior, bands, sample.year, sample.weight, sample.school
    return lagged_outcome(*columns, reference=REFERENCE_BAND, bands=DOSE_BANDS)


def _slope(sample: Sample) -> Coefficient | None:
    """Change per 10 hours, hours capped at 100, in the same model with hours in place of bands."""
    weight = np.ones(len(sample.outcome)) if sample.weight is None else sample.weight
    used = ~np.isnan(sample.outcome) & ~np.isnan(sample.prior) & (weight > 0)
    years = np.unique(sample.year[used])[1:]
    hours = np.minimum(sample.minutes[used] / 60, MOST_HOURS) / 10
    columns = [np.ones(used.sum()), sample.prior[used], *(sample.year[used] == year for year in years), hours]
    names = ["intercept", "prior", *map(str, years), "hours"]
    sums = school_sums(np.column_stack(columns), sample.outcome[used], weight[used], sample.school[used], names=names)
    return fit(sums)["hours"]


def _compared(found: LaggedOutcome) -> list[Compared]:
    """The bands that may be set against the reference, in order."""
    return [
        Compared(str(row.band), row.n, change.value, change.low, change.high)
        for row in found.bands
        if row.band != REFERENCE_BAND and row.n >= FEWEST_IN_BAND
        if (change := row.difference) is not None and change.low is not None and change.high is not None
    ]


def _too_little(chosen: KpiFact, found: LaggedOutcome) -> str:
    reference = next(row for row in found.bands if row.band == REFERENCE_BAND)
    enough = found.fit.n >= FEWEST_CLASSROOMS and found.fit.clusters >= FEWEST_SCHOOLS
    if enough and reference.n >= FEWEST_IN_BAND and _compared(found):
        return ""
    if not chosen.values:
        return _("Not enough data: no classroom values of {kpi} are on record.").format(kpi=chosen.name)
    return _(
        "Not enough data on {kpi}: {n} classrooms in {schools} schools have a result this year, one by the same "
        "teacher the year before, and known training. A comparison needs 30 classrooms in 5 schools, with 10 at 1-14 "
        "hours and 10 in another band."
    ).format(kpi=chosen.name, n=count(found.fit.n), schools=count(found.fit.clusters))


def _answer(chosen: KpiFact, unit: str, row: Compared) -> str:
    words = _(
        "{kpi}: classrooms of teachers with {band} hours the year before stood {difference} {unit} {direction} than "
        "those of teachers with 1-14 hours and the same result the year before (interval {low} to {high})."
    )
    sign = -1 if row.value < 0 else 1
    low, high = sorted((sign * row.low, sign * row.high))
    return words.format(
        kpi=chosen.name,
        band=row.band,
        difference=decimal(abs(row.value), 2),
        unit=unit,
        direction=_("lower") if row.value < 0 else _("higher"),
        low=decimal(low, 2),
        high=decimal(high, 2),
    )


def _definitions(sample: Sample) -> list[object]:
    scale = (
        _(
            "Unit: classroom standard deviations within subject, grades, term and year, where at least 30 classrooms "
            "have a result; others are left out. A classroom SD is 2 to 4 times smaller than a student's."
        )
        if sample.standardised
        else _(
            "Unit: the KPI's own. It is not brought to one scale, because it means the same in every subject and grade "
            "or because too few classrooms (under 30) share a subject, grades and year."
        )
    )
    weights = (
        _("Every classroom counts alike, since no counts of students are on record.")
        if sample.weight is None
        else _(
            "A classroom weighs as its students, at most 60; those with fewer than 5 or an unknown count are left out."
        )
    )
    return [
        _("Classroom results of all students. Term compared: {term}.").format(term=sample.term.value),
        _("The year before: the same teacher's mean over sections, weighted by students."),
        _("Training: approved hours dated in the school year before; teachers in both snapshots only."),
        scale,
        weights,
        _(
            "Model: least squares on band, the result the year before and the year; intervals (95%) are clustered by "
            "school."
        ),
        definitions.SNAPSHOT,
        definitions.TIER,
    ]


def _tables(chosen: KpiFact, listed: Sequence[KpiFact], unit: str, found: LaggedOutcome | None) -> list[Table]:
    title = _("{kpi} by training the year before ({unit})").format(kpi=chosen.name, unit=unit)
    changes = {row.band: (row.value, row.low, row.high) for row in _compared(found)} if found else {}
    rows = [
        (
            str(row.band),
            row.n,
            row.mean if row.n >= FEWEST_IN_BAND else None,
            *changes.get(str(row.band), (None, None, None)),
        )
        for row in (found.bands if found else ())
    ]
    catalogue = [(fact.code, fact.name, fact.unit, fact.values) for fact in listed]
    return [
        Table("pd_kpi", title, COLUMNS, rows),
        Table("kpis", gettext_lazy("KPIs that can be chosen"), KPI_COLUMNS, catalogue),
    ]


def _estimates(chosen: KpiFact, sample: Sample, unit: str, found: LaggedOutcome) -> list[Estimate]:
    n, schools = found.fit.n, found.fit.clusters
    against = _("{kpi}, {band} hours against 1-14 ({unit})")
    made = [
        Estimate(
            f"difference_{row.band}",
            against.format(kpi=chosen.name, band=row.band, unit=unit),
            row.value,
            row.low,
            row.high,
            row.n,
            schools,
            kind=Kind.DECIMAL,
            decimals=2,
        )
        for row in _compared(found)
    ]
    slope = _slope(sample)
    if slope is not None:
        label = _("{kpi}, per 10 hours ({unit})").format(kpi=chosen.name, unit=unit)
        numbers = slope.value, slope.low, slope.high
        made.append(Estimate("per_10_hours", label, *numbers, n, schools, kind=Kind.DECIMAL, decimals=2))
    return made


def _caveats(found: LaggedOutcome | None) -> list[str]:
    fixed = [
        _(
            "Two designs with opposite weaknesses belong side by side; this is the first of them, the lagged outcome. "
            "It removes a chance low result the year before, not lasting differences between those who take training "
            "and those who do not."
        ),
        _("This is an association. Teachers who left have no later result."),
    ]
    if found is None:
        return fixed
    detectable = _("Differences smaller than {least} could not be seen here with {n} classrooms in {schools} schools.")
    least = decimal(min(row.high - row.low for row in _compared(found)) * DETECTABLE, 2)
    return [*fixed, detectable.format(least=least, n=count(found.fit.n), schools=found.fit.clusters)]


def _warnings(found: LaggedOutcome) -> list[str]:
    if not found.excluded:
        return []
    words = ngettext(
        "{n} classroom is left out: no result the year before, no comparable scale, or too few students.",
        "{n} classrooms are left out: no result the year before, no comparable scale, or too few students.",
        found.excluded,
    )
    return [words.format(n=count(found.excluded))]


def _chart(chosen: KpiFact, unit: str, rows: Sequence[Compared]) -> tuple[str, Chart]:
    return "pd_kpi", DotChart(
        title=_("{kpi} against classrooms of teachers with 1-14 hours").format(kpi=chosen.name),
        labels=tuple(_("{band} hours").format(band=row.band) for row in rows),
        values=tuple(Value(row.value, row.low, row.high) for row in rows),
        unit=unit,
        decimals=2,
    )


REPORT = Report(
    name="pd_kpi",
    title=gettext_lazy("Training and classroom KPIs"),
    question=gettext_lazy("Do classrooms of teachers with more training last year do better this year?"),
    build=build,
    parameters=(KPI, choosing.YEAR, choosing.SCHOOL, choosing.LEVEL),
    capability=Capability.REPORTS_KPI,
)
