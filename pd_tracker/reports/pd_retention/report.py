"""Last year's training and leaving the year after, as every door shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pd_tracker.access import Reader
from pd_tracker.reports import choosing
from pd_tracker.reports.declared import Report
from pd_tracker.reports.facts.person_years import person_years
from pd_tracker.reports.grouping import DOSE_BANDS
from pd_tracker.reports.pd_retention import numbers, words
from pd_tracker.reports.pd_retention.comparing import FIRST_YEAR, Compared, Comparisons, compare
from pd_tracker.reports.pd_retention.people import COLUMNS
from pd_tracker.reports.result import ReportResult
from pd_tracker.sheets.charts import BarChart, Chart, DotChart, LineChart, Series, Value
from pd_tracker.sheets.table import Kind


def build(user: Reader, *, on: date, parameters: Mapping[str, str]) -> ReportResult:
    facts = choosing.at_places(person_years(user, narrow=COLUMNS), parameters)
    missing = choosing.nobody(facts, parameters) or choosing.too_early(facts, parameters)
    found = compare(user, facts, parameters)
    return REPORT.result(
        parameters=parameters,
        answer=missing or words.answer(found),
        definitions=tuple(map(str, words.definitions_of_all())),
        as_of=facts.as_of,
        tables=tuple(numbers.tables(found)),
        estimates=tuple(numbers.estimates(found)),
        caveats=tuple(words.caveats(found)),
        warnings=tuple(words.warnings(found)),
        charts=tuple(_charts(found)),
    )


def _charts(found: Comparisons) -> list[tuple[str, Chart]]:
    compared = [row for row in found.rows if row.points]
    if not compared:
        return [("pd_retention", _counted(found))] if sum(found.everybody.people) else []
    new = [row for row in compared if row.comparison == FIRST_YEAR]
    experienced = [row for row in compared if row.comparison != FIRST_YEAR]
    pictures: list[tuple[str, Chart]] = [("ratios", _dose_response(found))] if found.lag1.bands else []
    if experienced:
        title = _("Left more or less often than similar teachers with 1-14 hours")
        pictures.append(("points", _forest(title, experienced)))
    if new:
        title = _("New teachers still here on December 31: left more or less often than those with 1-14 hours")
        pictures.append(("points", _forest(title, new)))
    return pictures


def _forest(title: str, compared: Sequence[Compared]) -> DotChart:
    """The comparisons of one band stand together."""
    bands = list(dict.fromkeys(row.band for row in compared))
    rows = sorted(compared, key=lambda row: bands.index(row.band))
    return DotChart(
        title=title,
        unit=_("points"),
        labels=tuple(_("{band} hours: {comparison}").format(band=row.band, comparison=row.label) for row in rows),
        values=tuple(Value(*numbers.in_points(row.points)) for row in rows),
    )


def _counted(found: Comparisons) -> BarChart:
    return BarChart(
        title=_("Share who left, by PD hours the year before, as counted"),
        labels=DOSE_BANDS,
        values=tuple(Value(rate.value, rate.low, rate.high) for rate in found.everybody.rates),
        kind=Kind.PERCENT,
    )


def _dose_response(found: Comparisons) -> LineChart:
    rates = [(row.level, row.rate) for row in found.lag1.bands if row.rate]
    return LineChart(
        title=_("Share of similar teachers who leave, by PD hours the year before"),
        labels=tuple(level for level, _rate in rates),
        series=(Series(_("Adjusted share"), tuple(Value(*numbers.as_share(rate)) for _level, rate in rates)),),
        kind=Kind.PERCENT,
    )


REPORT = Report(
    name="pd_retention",
    title=gettext_lazy("Training and retention"),
    question=gettext_lazy("Do teachers with more training last year leave less often?"),
    build=build,
    parameters=(choosing.YEAR, choosing.SCHOOL, choosing.LEVEL),
)
