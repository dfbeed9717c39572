"""Who takes part in professional development, and how many hours it comes to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pd_tracker.access import Reader
from pd_tracker.reports import choosing, definitions
from pd_tracker.reports.declared import Report
from pd_tracker.reports.estimators.rates import wilson_rate
from pd_tracker.reports.facts.person_years import PersonYears, person_years
from pd_tracker.reports.grouping import cells
from pd_tracker.reports.result import Estimate, ReportResult
from pd_tracker.reports.wording import count, decimal, percent, year_label
from pd_tracker.sheets.charts import BarChart, Chart, LineChart, Series, Value
from pd_tracker.sheets.table import Column, Kind, Table
from teachers.rules.periods import Year


class Row(NamedTuple):
    """In the order of the columns."""

    year: str
    group: str
    n: int
    fte: float
    hours: float
    hours_per_fte: float | None
    mean_hours: float
    median_hours: float
    participants: int
    rate: float | None
    low: float | None
    high: float | None


COLUMNS = (
    Column("year", gettext_lazy("School year"), Kind.ID),
    Column("group", gettext_lazy("Group")),
    Column("n", gettext_lazy("Teachers"), Kind.INTEGER),
    Column("fte", gettext_lazy("FTE"), Kind.DECIMAL, decimals=1),
    Column("hours", gettext_lazy("PD hours"), Kind.HOURS),
    Column("hours_per_fte", gettext_lazy("Hours per FTE"), Kind.HOURS),
    Column("mean_hours", gettext_lazy("Mean hours"), Kind.HOURS),
    Column("median_hours", gettext_lazy("Median hours"), Kind.HOURS),
    Column("participants", gettext_lazy("Took part"), Kind.INTEGER),
    Column("rate", gettext_lazy("Participation rate"), Kind.PERCENT, decimals=1),
    Column("low", gettext_lazy("Interval from"), Kind.PERCENT, decimals=1),
    Column("high", gettext_lazy("to"), Kind.PERCENT, decimals=1),
)


def build(user: Reader, *, on: date, parameters: Mapping[str, str]) -> ReportResult:
    facts = choosing.at_places(person_years(user), parameters)
    missing = choosing.nobody(facts, parameters)
    facts = choosing.in_year(facts, parameters)
    rows = _rows(facts, parameters.get("group_by", ""))
    table = Table("participation", gettext_lazy("Hours and participation"), COLUMNS, rows)
    return REPORT.result(
        parameters=parameters,
        answer=missing or _answer(facts),
        definitions=tuple(map(str, _definitions(parameters))),
        as_of=facts.as_of,
        tables=(table,),
        estimates=_estimates(facts),
        caveats=(
            _("Hours say how much training was recorded, not what was learned; needs differ between groups."),
            str(definitions.WILSON),
        ),
        warnings=tuple(_warnings(facts, on)),
        charts=tuple((table.key, chart) for chart in _charts(rows, parameters.get("group_by", ""))),
    )


def _definitions(parameters: Mapping[str, str]) -> list[object]:
    found = [definitions.SNAPSHOT, definitions.HOURS, definitions.HOURS_PER_FTE, definitions.PARTICIPATION]
    return [*found, definitions.EXPERIENCE] if parameters.get("group_by") == "experience" else [*found]


def _rows(facts: PersonYears, by: str) -> list[Row]:
    rows = facts.rows
    made = cells(facts, by)
    fte, hours, median = made.sum(rows.fte), made.sum(rows.minutes) / 60, made.median(rows.minutes) / 60
    took_part = made.count(rows.completions > 0)
    return [
        _row(year, label, *numbers)
        for year, label, *numbers in zip(
            made.years.tolist(),
            made.labels,
            made.size.tolist(),
            fte.tolist(),
            hours.tolist(),
            median.tolist(),
            took_part,
            strict=True,
        )
    ]


def _row(year: int, label: str, n: int, fte: float, hours: float, median: float, took_part: int) -> Row:
    rate = wilson_rate(took_part, n)
    per_fte = hours / fte if fte else None
    return Row(
        year_label(year), label, n, fte, hours, per_fte, hours / n, median, took_part, rate.value, rate.low, rate.high
    )


def _newest(facts: PersonYears) -> Row | None:
    everybody = _rows(facts, "")
    return everybody[-1] if everybody else None


def _answer(facts: PersonYears) -> str:
    row = _newest(facts)
    if row is None:
        return ""
    return _(
        "In {year}, {part} of {n} teachers ({rate}) completed at least one training: {per_fte} hours per FTE, and half "
        "of the teachers had {median} hours or more."
    ).format(
        year=row.year,
        part=count(row.participants),
        n=count(row.n),
        rate=percent(row.rate or 0),
        per_fte=decimal(row.hours_per_fte or 0),
        median=decimal(row.median_hours),
    )


def _estimates(facts: PersonYears) -> tuple[Estimate, ...]:
    row = _newest(facts)
    if row is None:
        return ()
    label = _("Participation rate in {year}").format(year=row.year)
    schools = len(set(facts.rows.school[facts.rows.year == facts.rows.year.max()].tolist()))
    return (Estimate("participation_rate", label, row.rate, row.low, row.high, row.n, schools),)


def _warnings(facts: PersonYears, on: date) -> list[str]:
    found = []
    for row in _rows(facts, ""):
        if not row.participants:
            words = _("No completion is on record for any of the {n} teachers of {year}.")
            found.append(words.format(n=count(row.n), year=row.year))
        if on <= Year(int(row.year[:4])).ends_on:
            found.append(_("{year} is still running; its hours are those recorded so far.").format(year=row.year))
    return found


def _charts(rows: list[Row], by: str) -> list[Chart]:
    if not rows:
        return []
    if by in {"", "year"}:
        rates = Series(_("Participation rate"), tuple(Value(row.rate, row.low, row.high) for row in rows))
        years = tuple(row.year for row in rows)
        return [
            LineChart(title=_("Share of teachers who took part"), labels=years, series=(rates,), kind=Kind.PERCENT),
            _hours(rows, years, _("PD hours per FTE")),
        ]
    newest = [row for row in rows if row.year == rows[-1].year]
    title = _("PD hours per FTE in {year}").format(year=rows[-1].year)
    return [_hours(newest, tuple(row.group for row in newest), title)]


def _hours(rows: list[Row], labels: tuple[str, ...], title: str) -> BarChart:
    values = tuple(Value(row.hours_per_fte) for row in rows)
    return BarChart(title=title, labels=labels, values=values, unit=_("hours"), kind=Kind.HOURS)


REPORT = Report(
    name="participation",
    title=gettext_lazy("Participation in training"),
    question=gettext_lazy("Who takes part in professional development, and for how many hours?"),
    build=build,
    parameters=(
        choosing.group_by(
            choosing.BY_YEAR,
            choosing.BY_SCHOOL,
            choosing.BY_LEVEL,
            choosing.BY_SUBJECT,
            choosing.BY_EXPERIENCE,
            choosing.BY_TITLE_I,
        ),
        choosing.YEAR,
        choosing.SCHOOL,
        choosing.LEVEL,
    ),
)
