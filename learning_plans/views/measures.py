"""The success measure of a goal on the page: where it stood, where it stands, and the way between."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learning_plans.models import Goal
from learning_plans.querysets.measures import Figures, YearFigure
from learning_plans.rules.measures import is_better
from pd_tracker.sheets.charts import Chart, LineChart, Series, Value
from pd_tracker.sheets.table import Column, Kind, Table
from pd_tracker.web.cells import in_words
from teachers.models import Kpi

YEARS = Table(
    key="measure",
    title=gettext_lazy("The figure of each school year"),
    columns=(
        Column("year", gettext_lazy("School year")),
        Column("value", gettext_lazy("Figure"), Kind.DECIMAL),
        Column("students", gettext_lazy("Students"), Kind.INTEGER),
    ),
)


@dataclass(frozen=True, slots=True)
class Measure:
    words: str
    chart: Chart | None = None
    table: Table | None = None


def measure_of(goal: Goal, figures: Figures | None) -> Measure | None:
    """Without figures the reader learns which figure it is, not where it stands: that names the teacher's class."""
    if goal.kpi is None:
        return None
    if figures is None:
        return Measure(str(goal.kpi.name))
    years = figures.get(goal.kpi.pk, [])
    if len(years) < 2:
        return Measure(in_a_sentence(goal, goal.kpi, years))
    drawn = chart_of(goal, goal.kpi, years)
    rows = [(year.year, year.value, year.students) for year in years]
    return Measure(in_a_sentence(goal, goal.kpi, years), drawn, YEARS.with_rows(rows))


def in_a_sentence(goal: Goal, kpi: Kpi, years: list[YearFigure]) -> str:
    facts = {
        "kpi": kpi.name,
        "unit": kpi.unit,
        "baseline": shown(goal.baseline),
        "day": in_words(goal.baseline_on, Kind.DATE),
        "target": shown(goal.target),
    }
    if goal.baseline is None:
        return _("%(kpi)s; target %(target)s %(unit)s.") % facts if goal.target is not None else str(kpi.name)
    begin = _("%(kpi)s stood at %(baseline)s %(unit)s on %(day)s; the target is %(target)s.") % facts
    newer = [year for year in years if goal.baseline_on is not None and year.ends_on > goal.baseline_on]
    if not newer:
        return f"{begin} {_('There is no newer figure yet.')}"
    return f"{begin} {_since(goal, kpi, newer[-1])}"


def _since(goal: Goal, kpi: Kpi, newest: YearFigure) -> str:
    is_up = kpi.better == Kpi.Better.HIGHER
    facts = {"value": shown(newest.value), "year": newest.year}
    if goal.target is not None and not is_better(goal.target, newest.value, higher_is_better=is_up):
        return _("In %(year)s it was %(value)s: the target is reached.") % facts
    if goal.baseline is not None and is_better(newest.value, goal.baseline, higher_is_better=is_up):
        return _("In %(year)s it was %(value)s: on the way.") % facts
    return _("In %(year)s it was %(value)s: not nearer yet.") % facts


def chart_of(goal: Goal, kpi: Kpi, years: list[YearFigure]) -> LineChart:
    series = [Series(_("Figure"), tuple(Value(float(year.value)) for year in years))]
    if goal.target is not None:
        series.append(Series(_("Target"), tuple(Value(float(goal.target)) for _year in years)))
    return LineChart(
        title=_("%(kpi)s, year by year") % {"kpi": kpi.name},
        unit=kpi.unit,
        labels=tuple(year.year for year in years),
        series=tuple(series),
        from_zero=False,
    )


def shown(value: Any) -> str:
    return in_words(value, Kind.DECIMAL, 1)
