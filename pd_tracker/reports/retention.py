"""Who is still here a year later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pd_tracker.access import Reader
from pd_tracker.reports import choosing, definitions, voluntary
from pd_tracker.reports.declared import Report
from pd_tracker.reports.estimators.rates import wilson_rate
from pd_tracker.reports.facts.person_years import PersonYears, person_years
from pd_tracker.reports.grouping import cells
from pd_tracker.reports.result import Estimate, ReportResult
from pd_tracker.reports.snapshots import Status
from pd_tracker.reports.wording import count, day, exact_sentence, percent, year_label
from pd_tracker.sheets.charts import BarChart, Chart, LineChart, Series, ShareChart, Value
from pd_tracker.sheets.table import Column, Kind, Table

STATUS_COLUMNS = (
    Column("stayer", gettext_lazy("Stayers"), Kind.INTEGER),
    Column("mover_within", gettext_lazy("Moved within"), Kind.INTEGER),
    Column("mover_out", gettext_lazy("Moved out"), Kind.INTEGER),
    Column("on_leave", gettext_lazy("On leave"), Kind.INTEGER),
    Column("left_classroom", gettext_lazy("Left classroom"), Kind.INTEGER),
    Column("leaver", gettext_lazy("Leavers"), Kind.INTEGER),
)
YEAR, GROUP = Column("year", gettext_lazy("School year"), Kind.ID), Column("group", gettext_lazy("Group"))
N = Column("n", gettext_lazy("Teachers"), Kind.INTEGER)
COUNT_COLUMNS = (
    YEAR,
    GROUP,
    N,
    *STATUS_COLUMNS,
    Column("retained_district", gettext_lazy("Retained in the district"), Kind.PERCENT, decimals=1),
    Column("low", gettext_lazy("Interval from"), Kind.PERCENT, decimals=1),
    Column("high", gettext_lazy("to"), Kind.PERCENT, decimals=1),
)
SHARE_COLUMNS = (
    YEAR,
    GROUP,
    N,
    *(Column(made.key, made.label, Kind.PERCENT, decimals=1) for made in STATUS_COLUMNS),
    Column("total", gettext_lazy("Together"), Kind.PERCENT, decimals=1),
    Column("low", gettext_lazy("Stayers, interval from"), Kind.PERCENT, decimals=1),
    Column("high", gettext_lazy("to"), Kind.PERCENT, decimals=1),
)
SHORT_COLUMNS = (YEAR, Column("short_spells", gettext_lazy("Short spells"), Kind.INTEGER))
MOST_EXACT_SENTENCES, SMALL_GROUP = 5, 500  # in a larger group the bound says nothing new


class Row(NamedTuple):
    """In the order of the columns; the statuses are heads and add to n."""

    year: str
    group: str
    n: int
    stayer: int
    mover_within: int
    mover_out: int
    on_leave: int
    left_classroom: int
    leaver: int
    retained_district: float | None
    low: float | None
    high: float | None

    @property
    def statuses(self) -> tuple[int, ...]:
        return self[3:9]

    @property
    def retained(self) -> int:
        return self.stayer + self.mover_within + self.on_leave


def build(user: Reader, *, on: date, parameters: Mapping[str, str]) -> ReportResult:
    facts = choosing.at_places(person_years(user, training=False), parameters)
    missing = choosing.nobody(facts, parameters) or choosing.too_early(facts, parameters)
    facts = choosing.in_year(facts, parameters)
    facts = facts.only(facts.rows.observed)
    by = parameters.get("group_by", "")
    rows, everybody = _rows(facts, by), _rows(facts, "")
    left = voluntary.table(user, facts, by, parameters)
    return REPORT.result(
        parameters=parameters,
        answer=missing or _answer(facts, everybody),
        definitions=tuple(map(str, _definitions(by))),
        as_of=facts.as_of,
        tables=(
            Table("retention", gettext_lazy("What became of each snapshot a year later"), COUNT_COLUMNS, rows),
            Table("shares", gettext_lazy("The same as shares of each group"), SHARE_COLUMNS, [*map(_shares, rows)]),
            left,
            Table("short_spells", definitions.SHORT_SPELLS, SHORT_COLUMNS, _short_spells(facts)),
        ),
        estimates=(*_estimates(facts, everybody), *(voluntary.estimates(left, _schools(facts)) if not by else ())),
        caveats=tuple(_caveats(rows)),
        warnings=tuple(choosing.records_may_begin_late(facts)),
        charts=tuple(_charts(rows, by)),
    )


def _definitions(by: str) -> list[object]:
    found = [
        definitions.SNAPSHOT,
        definitions.STATUSES,
        definitions.RETAINED,
        voluntary.DEFINITION,
        definitions.NEWEST_YEAR,
    ]
    return [*found, definitions.EXPERIENCE] if by == "experience" else [*found]


def _rows(facts: PersonYears, by: str) -> list[Row]:
    made = cells(facts, by)
    statuses = np.array([made.count(facts.rows.status == status) for status in Status]).T.tolist()
    return [_row(year, group, parts) for year, group, parts in zip(made.years, made.labels, statuses, strict=True)]


def _row(year: int, group: str, statuses: Sequence[int]) -> Row:
    row = Row(year_label(year), group, sum(statuses), *statuses, None, None, None)  # type: ignore[call-arg]
    rate = wilson_rate(row.retained, row.n)
    return row._replace(retained_district=rate.value, low=rate.low, high=rate.high)


def _shares(row: Row) -> tuple[object, ...]:
    stayed = wilson_rate(row.stayer, row.n)
    shares = [part / row.n for part in row.statuses]
    return (row.year, row.group, row.n, *shares, sum(row.statuses) / row.n, stayed.low, stayed.high)


def _short_spells(facts: PersonYears) -> list[tuple[str, int]]:
    counts = np.bincount(facts.short_spells.year, minlength=1)
    return [(year_label(year), int(counts[year]) if year < len(counts) else 0) for year in np.unique(facts.rows.year)]


def _answer(facts: PersonYears, everybody: Sequence[Row]) -> str:
    row = everybody[-1]
    stayed = wilson_rate(row.stayer, row.n)
    words = _(
        "Of {n} teachers on {day}, {share} taught in the same school a year later. In a group this size, {low} to "
        "{high} could be chance. Counting moves within the district and leave, {retained} were still with the district."
    )
    return words.format(
        n=count(row.n),
        day=day(facts.census_on(int(row.year[:4]))),
        share=percent(stayed.value or 0),
        low=percent(stayed.low or 0),
        high=percent(stayed.high or 0),
        retained=percent(row.retained_district or 0),
    )


def _estimates(facts: PersonYears, everybody: Sequence[Row]) -> list[Estimate]:
    if not everybody:
        return []
    row = everybody[-1]
    schools = _schools(facts)
    stayed = wilson_rate(row.stayer, row.n)
    school = _("Taught in the same school a year after {year}").format(year=row.year)
    district = _("Retained in the district a year after {year}").format(year=row.year)
    return [
        Estimate("retained_school", school, stayed.value, stayed.low, stayed.high, row.n, schools),
        Estimate("retained_district", district, row.retained_district, row.low, row.high, row.n, schools),
    ]


def _schools(facts: PersonYears) -> int:
    """Of the newest year."""
    return len(np.unique(facts.rows.school[facts.rows.year == facts.rows.year.max(initial=0)]))


def _caveats(rows: Sequence[Row]) -> list[str]:
    exact = [(row, exact_sentence(row.n - row.retained, row.n)) for row in rows if row.n <= SMALL_GROUP]
    sentences = [f"{row.group}, {row.year}: {sentence}" for row, sentence in exact if sentence]
    return [
        _("A district sees only its own staff: people left this district, not necessarily teaching."),
        _("Small schools jump from year to year, and retirements are among the leavers."),
        str(definitions.WILSON),
        *sentences[-MOST_EXACT_SENTENCES:],
    ]


def _charts(rows: Sequence[Row], by: str) -> list[tuple[str, Chart]]:
    if not rows:
        return []
    if by in {"", "year"}:
        return [("retention", _over_years(rows)), ("shares", _parts(rows, [row.year for row in rows]))]
    newest = [row for row in rows if row.year == rows[-1].year]
    title = _("Retained in the district a year after {year}").format(year=rows[-1].year)
    values = tuple(Value(row.retained_district, row.low, row.high) for row in newest)
    labels = tuple(row.group for row in newest)
    return [("retention", BarChart(title=title, labels=labels, values=values, kind=Kind.PERCENT))]


def _over_years(rows: Sequence[Row]) -> LineChart:
    stayed = [wilson_rate(row.stayer, row.n) for row in rows]
    return LineChart(
        title=_("Share still here a year later"),
        labels=tuple(row.year for row in rows),
        series=(
            Series(_("In the district"), tuple(Value(row.retained_district, row.low, row.high) for row in rows)),
            Series(_("In the same school"), tuple(Value(rate.value, rate.low, rate.high) for rate in stayed)),
        ),
        kind=Kind.PERCENT,
        from_zero=False,
    )


def _parts(rows: Sequence[Row], labels: Sequence[str]) -> ShareChart:
    return ShareChart(
        title=_("What became of each snapshot a year later"),
        labels=tuple(labels),
        parts=tuple(column.label for column in STATUS_COLUMNS),
        shares=tuple(tuple(part / row.n for part in row.statuses) for row in rows),
    )


REPORT = Report(
    name="retention",
    title=gettext_lazy("Retention"),
    question=gettext_lazy("Who is still here a year later?"),
    build=build,
    parameters=(
        choosing.group_by(choosing.BY_YEAR, choosing.BY_SCHOOL, choosing.BY_EXPERIENCE, choosing.BY_LEVEL),
        choosing.YEAR,
        choosing.SCHOOL,
        choosing.LEVEL,
    ),
)
