"""The tables, estimates and drawing of an event study."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pd_tracker.reports.estimators.event_study import Average, EventStudy
from pd_tracker.reports.facts.classroom_years import CourseFact, Scale
from pd_tracker.reports.facts.classrooms import KpiFact
from pd_tracker.reports.kpis import Chosen
from pd_tracker.reports.result import Estimate
from pd_tracker.reports.wording import year_label
from pd_tracker.sheets.charts import Chart, DotChart, Value
from pd_tracker.sheets.table import Column, Kind, Table

NUMBERS = (
    Column("att", gettext_lazy("Difference"), Kind.DECIMAL, decimals=4),
    Column("se", gettext_lazy("Standard error"), Kind.DECIMAL, decimals=4),
    Column("low", gettext_lazy("Interval from"), Kind.DECIMAL, decimals=4),
    Column("high", gettext_lazy("to"), Kind.DECIMAL, decimals=4),
)
AGGREGATE_COLUMNS = (
    Column("kind", gettext_lazy("Average")),
    Column("at", gettext_lazy("Of")),
    *NUMBERS,
    Column("band_low", gettext_lazy("All years together from"), Kind.DECIMAL, decimals=4),
    Column("band_high", gettext_lazy("to (all years)"), Kind.DECIMAL, decimals=4),
    Column("teachers", gettext_lazy("Teachers with the course"), Kind.INTEGER),
)
CELL_COLUMNS = (
    Column("cohort", gettext_lazy("First results after the course"), Kind.ID),
    Column("year", gettext_lazy("Results of"), Kind.ID),
    *NUMBERS,
    Column("base", gettext_lazy("Compared with")),
    Column("treated", gettext_lazy("Teachers with the course"), Kind.INTEGER),
    Column("controls", gettext_lazy("Teachers compared"), Kind.INTEGER),
    Column("note", gettext_lazy("Note")),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is compared, and in which words."""

    kpi: KpiFact
    course: CourseFact
    scale: Scale
    base: int
    never: bool
    by_school: bool

    @property
    def unit(self) -> str:
        return Chosen(self.kpi, self.scale.standardised).unit

    @property
    def people(self) -> str:
        return _("teachers who never took it") if self.never else _("teachers who had not taken it by then")


def aggregates(asked: Asked, found: EventStudy) -> Table:
    title = _("{kpi} around “{course}” ({unit})").format(kpi=asked.kpi.name, course=asked.course.title, unit=asked.unit)
    lines = [
        *(("dynamic", line.label, line, people(found, event=line.label)) for line in found.by_event),
        *(("group", year_label(line.label), line, people(found, cohort=line.label)) for line in found.by_cohort),
        *(("simple", None, line, people(found)) for line in (found.simple,) if line is not None),
    ]
    rows = [
        (kind, at, line.value, line.se, line.low, line.high, line.band_low, line.band_high, behind)
        for kind, at, line, behind in lines
    ]
    note = _("dynamic: by event year; group: by first school year after the course; simple: over all.")
    return Table("aggregates", title, AGGREGATE_COLUMNS, rows, note=note)


def cells(asked: Asked, found: EventStudy) -> Table:
    notes = {
        "few treated": _("fewer than 10 teachers with the course"),
        "few controls": _("fewer than 10 teachers to compare"),
        "few schools": _("too few schools"),
        "no spread": _("no spread"),
    }
    rows = [
        (
            year_label(cell.cohort),
            year_label(cell.time),
            cell.value,
            cell.se,
            cell.low,
            cell.high,
            year_label(cell.base),
            cell.treated,
            cell.controls,
            notes.get(cell.note, ""),
        )
        for cell in found.cells
        if cell.note != "no base year"
    ]
    title = _("By first school year after the course ({unit})").format(unit=asked.unit)
    return Table("att_gt", title, CELL_COLUMNS, rows)


def estimates(asked: Asked, found: EventStudy) -> list[Estimate]:
    def made(key: str, label: str, line: Average, behind: int) -> Estimate:
        numbers, schools = (line.value, line.low, line.high), line.clusters if asked.by_school else None
        return Estimate(key, label, *numbers, behind, schools, kind=Kind.DECIMAL, decimals=2)

    rows = [
        made(f"event_{line.label}", event_label(line.label), line, people(found, event=line.label))
        for line in found.by_event
    ]
    if found.simple is not None:
        label = _("All results after the course together ({unit})").format(unit=asked.unit)
        rows.append(made("simple", label, found.simple, people(found)))
    return rows


def people(found: EventStudy, *, event: int | None = None, cohort: int | None = None) -> int:
    """Teachers with the course behind an event year, or behind all years after it; each counts once."""
    behind: dict[int, int] = {}
    for cell in found.cells:
        after = cell.time >= cell.cohort if event is None else cell.time - cell.cohort == event
        if after and cell.value is not None and cohort in {None, cell.cohort}:
            behind[cell.cohort] = max(cell.treated, behind.get(cell.cohort, 0))
    return sum(behind.values())


def event_label(label: int) -> str:
    if label == 0:
        return _("First results after the course (year 0)")
    if label < 0:
        return ngettext("{n} year before", "{n} years before", -label).format(n=-label)
    return ngettext("{n} year later", "{n} years later", label).format(n=label)


def charts(asked: Asked, found: EventStudy) -> tuple[tuple[str, Chart], ...]:
    if not found.by_event:
        return ()
    drawn = DotChart(
        title=_("{kpi} before and after “{course}”").format(kpi=asked.kpi.name, course=asked.course.title),
        labels=tuple(event_label(line.label) for line in found.by_event),
        values=tuple(Value(line.value, line.low, line.high, line.band_low, line.band_high) for line in found.by_event),
        unit=asked.unit,
        decimals=2,
    )
    return (("aggregates", drawn),)
