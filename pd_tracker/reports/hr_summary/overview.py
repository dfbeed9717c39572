"""The sheet Summary: the figures one looks for first, and charts of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from learning_plans.rules.credit.renewals import Bucket
from pd_tracker.reports.facts.hr.renewals import BUCKET_NAMES, Renewal
from pd_tracker.reports.facts.hr.roster import STATUS_NAMES, Status
from pd_tracker.reports.facts.hr.standings import STATUS_NAMES as STANDING_NAMES
from pd_tracker.reports.hr_summary.by_fund import Found, together
from pd_tracker.reports.hr_summary.by_school import Schools, share
from pd_tracker.reports.hr_summary.by_teacher import People
from pd_tracker.sheets.charts import BarChart, Chart, Value
from pd_tracker.sheets.table import Column, Kind, Table

KEY = "summary"
MOST_BARS = 20
COLUMNS = (
    Column("part", _("Part")),
    Column("item", _("Item")),
    Column("count", pgettext_lazy("a column of numbers", "Count"), Kind.INTEGER),
    Column("hours", _("Hours"), Kind.HOURS, decimals=1),
    Column("share", _("Share"), Kind.PERCENT, decimals=1),
    Column("cost", _("Cost ($)"), Kind.MONEY, decimals=2),
)
PEOPLE, CATEGORIES, PLACES = _("People listed"), _("Hours by category"), _("Hours per FTE by school")
RENEWALS, CREDIT, REQUIRED, FUNDS = _("Renewals"), _("Standing of licenses"), _("Required training"), _("Funding")
Rows = list[tuple[Any, ...]]


@dataclass(frozen=True)
class Overview:
    """Rows of each part; a part with several rows to compare has a chart."""

    people: People
    schools: Schools
    renewals: Sequence[Renewal]
    funds: Found

    @property
    def parts(self) -> dict[Any, Rows]:
        return {
            PEOPLE: list(self.of_people()),
            CATEGORIES: list(self.of_categories()),
            PLACES: list(self.of_schools()),
            RENEWALS: list(self.of_renewals()),
            CREDIT: list(self.of_standings()),
            REQUIRED: list(self.of_required()),
            FUNDS: list(self.of_funds()),
        }

    @property
    def table(self) -> Table:
        rows = [(part, *row) for part, rows in self.parts.items() for row in rows]
        return Table(KEY, _("Summary"), COLUMNS, rows)

    def of_people(self) -> Iterator[tuple[Any, ...]]:
        statuses = Counter(map(self.people.roster.status, self.people.keys))
        whole = self.people.learned_together
        yield _("All"), statuses.total(), whole.minutes / 60, None, None
        for status in Status:
            if statuses[status]:
                yield STATUS_NAMES[status], statuses[status], None, statuses[status] / statuses.total(), None
        with_hours = sum(self.people.learned(key).minutes > 0 for key in self.people.keys)
        yield _("With approved learning this school year"), with_hours, None, share(with_hours, statuses.total()), None
        yield _("Hours waiting for approval"), None, whole.pending / 60, None, None

    def of_categories(self) -> Iterator[tuple[Any, ...]]:
        minutes = self.people.learned_together.by_category
        most = sorted(minutes, key=lambda name: (-minutes[name], name))
        for name in most[:MOST_BARS]:
            yield name or _("No category"), None, minutes[name] / 60, share(minutes[name], sum(minutes.values())), None

    def of_schools(self) -> Iterator[tuple[Any, ...]]:
        """Teachers of the census day; a school without any has no rate."""
        rates = [
            (school.name, census.teachers, sum(census.minutes) / 60 / census.fte)
            for school in self.schools.shown
            if self.schools.places.is_counted and (census := self.schools.places.census.get(school.key)) and census.fte
        ]
        for name, teachers, hours in sorted(rates, key=lambda rate: (-rate[2], rate[0]))[:MOST_BARS]:
            yield name, teachers, hours, None, None

    def of_renewals(self) -> Iterator[tuple[Any, ...]]:
        counts = Counter(renewal.bucket for renewal in self.renewals)
        for bucket in Bucket:
            yield BUCKET_NAMES[bucket], counts[bucket], None, None, None

    def of_standings(self) -> Iterator[tuple[Any, ...]]:
        """Of the license that By teacher shows of each person."""
        known = [found for found in map(self.people.standing, self.people.keys) if found]
        counts = Counter(found.status for found in known)
        for status, name in STANDING_NAMES.items():
            if counts[status]:
                yield name, counts[status], None, counts[status] / len(known), None

    def of_required(self) -> Iterator[tuple[Any, ...]]:
        asked, done, overdue = (
            sum(getattr(self.people.asked(key), name) for key in self.people.keys)
            for name in ("asked", "done", "overdue")
        )
        yield _("Asked of people"), asked, None, None, None
        yield _("Done"), done, None, share(done, asked), None
        yield _("Overdue"), overdue, None, share(overdue, asked), None

    def of_funds(self) -> Iterator[tuple[Any, ...]]:
        for fund in sorted({fund for fund, _teacher in self.funds}, key=lambda name: (not name, name)):
            spent = together({key: one for key, one in self.funds.items() if key[0] == fund})
            yield fund or _("No fund named"), spent.people, spent.minutes / 60, None, spent.cost

    @property
    def charts(self) -> list[Chart]:
        """Of the parts whose rows can be compared; nothing is drawn where there is nothing."""
        parts = self.parts
        drawn = (
            bars(CATEGORIES, _("hours"), parts[CATEGORIES], 2, Kind.HOURS),
            bars(_("Hours per FTE of teachers, most first"), _("hours per FTE"), parts[PLACES], 2, Kind.HOURS),
            bars(_("Licenses to renew"), _("licenses"), parts[RENEWALS], 1, Kind.INTEGER),
            bars(CREDIT, _("licenses"), parts[CREDIT], 1, Kind.INTEGER),
            bars(_("Hours by fund"), _("hours"), parts[FUNDS], 2, Kind.HOURS),
        )
        return [chart for chart in drawn if any(value.value for value in chart.values)]


def bars(title: Any, unit: Any, rows: Rows, place: int, kind: Kind) -> BarChart:
    return BarChart(
        title=title,
        unit=unit,
        labels=tuple(row[0] for row in rows),
        values=tuple(Value(row[place]) for row in rows),
        kind=kind,
        decimals=0 if kind is Kind.INTEGER else 1,
    )
