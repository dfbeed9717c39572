"""Classroom KPIs by training, in two designs with opposite weaknesses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pd_tracker.access import Capability, Reader
from pd_tracker.reports import choosing, definitions, kpi_designs, kpis
from pd_tracker.reports.declared import Report
from pd_tracker.reports.estimators.lagged_outcome import LaggedOutcome
from pd_tracker.reports.estimators.least_squares import Coefficient
from pd_tracker.reports.estimators.verdict import Losses
from pd_tracker.reports.facts.classroom_years import ClassroomYears, classroom_years, scaled, teacher_years
from pd_tracker.reports.facts.classrooms import KpiFact, classrooms
from pd_tracker.reports.facts.classrooms import kpis as kpis_of
from pd_tracker.reports.facts.person_years import person_years
from pd_tracker.reports.grouping import REFERENCE_BAND
from pd_tracker.reports.kpi_designs import Design, Designs
from pd_tracker.reports.kpis import FEWEST_CLASSROOMS, FEWEST_IN_BAND, FEWEST_SCHOOLS, Chosen
from pd_tracker.reports.result import Estimate, ReportResult
from pd_tracker.reports.wording import count, percent, points
from pd_tracker.sheets.charts import Chart, DotChart, Value
from pd_tracker.sheets.table import Column, Kind, Table

COLUMNS = (
    Column("band", gettext_lazy("PD hours the year before")),
    Column("n", gettext_lazy("Classrooms"), Kind.INTEGER),
    Column("mean", gettext_lazy("Mean this year"), Kind.DECIMAL, decimals=2),
    Column("difference", gettext_lazy("Against 1-14 hours, same result the year before"), Kind.DECIMAL, decimals=2),
    Column("low", gettext_lazy("Interval from"), Kind.DECIMAL, decimals=2),
    Column("high", gettext_lazy("to"), Kind.DECIMAL, decimals=2),
)
DESIGN_COLUMNS = (
    Column("design", gettext_lazy("Design")),
    Column("difference", gettext_lazy("Difference with 15 or more hours"), Kind.DECIMAL, decimals=2),
    Column("low", gettext_lazy("Interval from"), Kind.DECIMAL, decimals=2),
    Column("high", gettext_lazy("to"), Kind.DECIMAL, decimals=2),
    Column("n", gettext_lazy("Behind it"), Kind.INTEGER),
    Column("clusters", gettext_lazy("Schools"), Kind.INTEGER),
    Column("misled_by", gettext_lazy("What can mislead it")),
)
LOST_COLUMNS = (
    Column("group", gettext_lazy("Teachers with a result")),
    Column("n", gettext_lazy("Teachers"), Kind.INTEGER),
    Column("lost", gettext_lazy("No result the year after"), Kind.INTEGER),
    Column("share", gettext_lazy("Share"), Kind.PERCENT, decimals=1),
    Column("low", gettext_lazy("Interval from"), Kind.PERCENT, decimals=1),
    Column("high", gettext_lazy("to"), Kind.PERCENT, decimals=1),
)


@dataclass(frozen=True, slots=True)
class Compared:
    """One band against the reference, with its interval."""

    band: str
    n: int
    change: Coefficient
    low: float
    high: float


@dataclass(frozen=True, eq=False, slots=True)
class Found:
    """All that the report says, once there are enough classrooms."""

    bands: LaggedOutcome
    slope: Coefficient | None
    designs: Designs
    losses: Losses


def build(user: Reader, *, on: date, parameters: Mapping[str, str]) -> ReportResult:
    facts = choosing.at_places(person_years(user, capability=Capability.REPORTS_KPI), parameters)
    listed = kpis_of(user)
    kpi = kpis.chosen_kpi(listed, parameters.get("kpi", ""))
    results = classrooms(user, kpi.code)
    sample = classroom_years(choosing.in_year(facts, parameters), results, kpi.code)
    chosen, bands = Chosen(kpi, sample.standardised), kpi_designs.by_band(sample)
    missing = choosing.nobody(facts, parameters) or _too_little(chosen, bands)
    found = None
    if not missing:
        panel = teacher_years(user, facts, results, scaled(results, kpi.code), everywhere=False)
        designs = kpi_designs.designs(user, sample, panel)
        losses = kpi_designs.lost(choosing.in_year(facts, parameters), panel)
        found = Found(bands, kpi_designs.slope(sample), designs, losses)
    return REPORT.result(
        parameters={**parameters, "kpi": kpi.code},
        answer=_answer(chosen, found) if found else missing,
        definitions=tuple(map(str, _definitions(sample))),
        as_of=facts.as_of,
        tables=tuple(_tables(chosen, listed, found)),
        estimates=tuple(_estimates(chosen, found)) if found else (),
        caveats=tuple(_caveats(found)),
        warnings=tuple(_warnings(found)) if found else (),
        charts=tuple(_charts(chosen, found)) if found else (),
    )


def _compared(found: LaggedOutcome) -> list[Compared]:
    """The bands that may be set against the reference, in order."""
    return [
        Compared(str(row.band), row.n, change, change.low, change.high)
        for row in found.bands
        if row.band != REFERENCE_BAND and row.n >= FEWEST_IN_BAND
        if (change := row.difference) is not None and change.low is not None and change.high is not None
    ]


def _too_little(chosen: Chosen, found: LaggedOutcome) -> str:
    reference = next(row for row in found.bands if row.band == REFERENCE_BAND)
    enough = found.fit.n >= FEWEST_CLASSROOMS and found.fit.clusters >= FEWEST_SCHOOLS
    if enough and reference.n >= FEWEST_IN_BAND and _compared(found):
        return ""
    return kpis.no_values(chosen.kpi) or _(
        "Not enough data on {kpi}: {n} classrooms in {schools} schools have a result this year, one by the same "
        "teacher the year before, and known training. A comparison needs 30 classrooms in 5 schools, with 10 at 1-14 "
        "hours and 10 in another band."
    ).format(kpi=chosen.name, n=count(found.fit.n), schools=count(found.fit.clusters))


def _answer(chosen: Chosen, found: Found) -> str:
    row = _compared(found.bands)[-1]
    words = _(
        "{kpi}: classrooms of teachers with {band} hours the year before stood {difference} {unit} {direction} than "
        "those of teachers with 1-14 hours and the same result the year before (interval {low} to {high})."
    )
    said = words.format(
        kpi=chosen.name,
        band=row.band,
        unit=chosen.unit,
        **kpis.interval_words(row.change.value, row.low, row.high),
    )
    return f"{said} {_verdict(found.designs)}"


def _verdict(found: Designs) -> str:
    if found.lagged is None or found.skipped is None:
        return _("A second design is not possible yet, so this is inconclusive: it rests on one design alone.")
    return {
        "consistent": _(
            "Two designs with opposite weaknesses agree for 15 or more hours: a consistent association in the same "
            "direction."
        ),
        "weak": _(
            "Two designs with opposite weaknesses point the same way for 15 or more hours, but only one of them leaves "
            "out no difference: a weak association."
        ),
        "inconclusive": _(
            "Two designs with opposite weaknesses do not agree on a difference for 15 or more hours: inconclusive."
        ),
    }[found.verdict]


def _definitions(sample: ClassroomYears) -> list[object]:
    return [
        _("Classroom results of all students. Term compared: {term}.").format(term=sample.term.value),
        _("The year before: the same teacher's mean over sections, weighted by students."),
        _("Training: approved hours dated in the school year before; teachers in both snapshots only."),
        kpis.scale_in_words(sample.standardised, sample.scale.in_student_sds),
        kpis.weights_in_words(sample),
        _(
            "Lagged outcome: least squares on hours, the result the year before (and two years before, where so "
            "named) and the year. It compares teachers who stood alike."
        ),
        kpis.alike_in_words(),
        _(
            "Skip a year: the change since two years before, of teachers in the first school year whose results follow "
            "15 hours completed between January and December, against the same change of teachers who had no 15 hours "
            "in a year so far (Callaway and Sant'Anna). It draws on all years on record; every teacher counts "
            "alike, in the school where first seen, and intervals are clustered by school."
        ),
        kpis.intervals_in_words(),
        definitions.SNAPSHOT,
        definitions.TIER,
    ]


def _tables(chosen: Chosen, listed: Sequence[KpiFact], found: Found | None) -> list[Table]:
    title = _("{kpi} by training the year before ({unit})").format(kpi=chosen.name, unit=chosen.unit)
    changes = {row.band: (row.change.value, row.low, row.high) for row in _compared(found.bands)} if found else {}
    rows = [
        (
            str(row.band),
            row.n,
            row.mean if row.n >= FEWEST_IN_BAND else None,
            *changes.get(str(row.band), (None, None, None)),
        )
        for row in (found.bands.bands if found else ())
    ]
    more = [_design_table(chosen, found.designs), _lost_table(found.losses)] if found else []
    return [Table("pd_kpi", title, COLUMNS, rows), *more, kpis.kpi_table(listed)]


def _named(found: Designs) -> list[tuple[str, str, Design | None, str]]:
    lasting = _("lasting differences between teachers who take training and those who do not")
    return [
        ("lagged_outcome", _("Lagged outcome"), found.lagged, lasting),
        ("two_lags", _("Lagged outcome, two years"), found.two_lags, lasting),
        (
            "skip_a_year",
            _("Skip a year"),
            found.skipped,
            _("different trends, and passing lows that began more than a year before the training"),
        ),
    ]


def _design_table(chosen: Chosen, found: Designs) -> Table:
    title = _("15 or more hours in designs with opposite weaknesses ({unit})").format(unit=chosen.unit)
    rows = [
        (name, design.value, design.low, design.high, design.n, design.schools, misled)
        if design
        else (name, None, None, None, None, None, misled)
        for _key, name, design, misled in _named(found)
    ]
    return Table("designs", title, DESIGN_COLUMNS, rows)


def _lost_table(found: Losses) -> Table:
    named = ((_("15 or more hours that year"), found.trained), (_("Fewer hours"), found.others))
    rows = [
        (
            name,
            rate.total,
            *((rate.count, rate.value, rate.low, rate.high) if rate.total >= FEWEST_IN_BAND else [None] * 4),
        )
        for name, rate in named
    ]
    return Table("lost", gettext_lazy("Who has no result the year after"), LOST_COLUMNS, rows)


def _estimates(chosen: Chosen, found: Found) -> list[Estimate]:
    n, schools = found.bands.fit.n, found.bands.fit.clusters
    against = _("{kpi}, {band} hours against 1-14 ({unit})")

    def made(key: str, label: str, number: Coefficient | Design, behind: int, clusters: int) -> Estimate:
        numbers = number.value, number.low, number.high
        return Estimate(key, label, *numbers, behind, clusters, kind=Kind.DECIMAL, decimals=2)

    rows = [
        made(
            f"difference_{row.band}",
            against.format(kpi=chosen.name, band=row.band, unit=chosen.unit),
            row.change,
            row.n,
            schools,
        )
        for row in _compared(found.bands)
    ]
    if found.slope is not None:
        label = _("{kpi}, per 10 hours ({unit})").format(kpi=chosen.name, unit=chosen.unit)
        rows.append(made("per_10_hours", label, found.slope, n, schools))
    words = _("{kpi}, 15 or more hours: {design} ({unit})")
    rows += [
        made(key, words.format(kpi=chosen.name, design=name, unit=chosen.unit), design, design.n, design.schools)
        for key, name, design, _misled in _named(found.designs)
        if design is not None
    ]
    return rows


def _caveats(found: Found | None) -> list[str]:
    fixed = [
        _(
            "Two designs with opposite weaknesses stand side by side. The lagged outcome removes a chance low result "
            "the year before, not lasting differences between those who take training and those who do not; the one "
            "that skips a year removes lasting differences, not different trends."
        ),
        _("This is an association. Teachers who left have no later result."),
        _("How trained teachers' classrooms changed is never shown alone: after a low year most results rise again."),
    ]
    if found is None:
        return fixed
    best = min(_compared(found.bands), key=lambda row: row.high - row.low)
    return [*fixed, *kpis.unseen(best.change.se, found.bands.fit.n, found.bands.fit.clusters)]


def _warnings(found: Found) -> list[str]:
    said = kpis.left_out_in_words(found.bands.excluded)
    trained, others = found.losses.trained, found.losses.others
    if found.losses.doubtful and min(trained.total, others.total) >= FEWEST_IN_BAND:
        words = _(
            "Of teachers with 15 or more hours {trained} have no result the year after, of all others {others}: "
            "{points} points apart. Those who remain may differ between the groups even if the groups did not."
        )
        difference = points(found.losses.difference.value or 0)
        said.append(
            words.format(trained=percent(trained.value or 0), others=percent(others.value or 0), points=difference)
        )
    return said


def _charts(chosen: Chosen, found: Found) -> list[tuple[str, Chart]]:
    rows = _compared(found.bands)
    by_band = DotChart(
        title=_("{kpi} against classrooms of teachers with 1-14 hours").format(kpi=chosen.name),
        labels=tuple(_("{band} hours").format(band=row.band) for row in rows),
        values=tuple(Value(row.change.value, row.low, row.high) for row in rows),
        unit=chosen.unit,
        decimals=2,
    )
    known = [(name, design) for _key, name, design, _misled in _named(found.designs) if design is not None]
    side_by_side = DotChart(
        title=_("15 or more hours in designs with opposite weaknesses"),
        labels=tuple(name for name, _design in known),
        values=tuple(Value(design.value, design.low, design.high) for _name, design in known),
        unit=chosen.unit,
        decimals=2,
    )
    return [("pd_kpi", by_band), *([("designs", side_by_side)] if known else [])]


REPORT = Report(
    name="pd_kpi",
    title=gettext_lazy("Training and classroom KPIs"),
    question=gettext_lazy("Do classrooms of teachers with more training last year do better this year?"),
    build=build,
    parameters=(kpis.KPI, choosing.YEAR, choosing.SCHOOL, choosing.LEVEL),
    capability=Capability.REPORTS_KPI,
)
