"""How many left by their own decision, where the records say why, and without saying so of single people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pd_tracker.access import Capability, Reader
from pd_tracker.reports.estimators.rates import Rate, wilson_rate
from pd_tracker.reports.facts.person_years import PersonYears, sees_the_district
from pd_tracker.reports.facts.separations import separation_reasons
from pd_tracker.reports.grouping import cells
from pd_tracker.reports.result import Estimate
from pd_tracker.reports.snapshots import Status
from pd_tracker.reports.wording import year_label
from pd_tracker.sheets.table import Column, Kind, Table
from teachers.rules.choices import LET_GO, NOBODYS_DECISION, OWN_DECISION, SeparationReason

MUCH_UNKNOWN = 0.2
FEWEST_LEAVERS, FEWEST_ALIKE = 10, 3  # below, the reason of single people could be guessed

COLUMNS = (
    Column("year", gettext_lazy("School year"), Kind.ID),
    Column("group", gettext_lazy("Group")),
    Column("n", gettext_lazy("Teachers"), Kind.INTEGER),
    Column("leaver", gettext_lazy("Leavers"), Kind.INTEGER),
    Column("voluntary", gettext_lazy("By their own decision"), Kind.INTEGER),
    Column("removed", gettext_lazy("Retired, let go, died or disabled"), Kind.INTEGER),
    Column("not_known", gettext_lazy("Not known"), Kind.INTEGER),
    Column("rate", gettext_lazy("Voluntary attrition"), Kind.PERCENT, decimals=1),
    Column("low", gettext_lazy("Interval from"), Kind.PERCENT, decimals=1),
    Column("high", gettext_lazy("to"), Kind.PERCENT, decimals=1),
    Column("most", gettext_lazy("If all not known left by their own decision"), Kind.PERCENT, decimals=1),
    Column("note", gettext_lazy("Note")),
)
TITLE = gettext_lazy("Who left by their own decision")
DEFINITION = gettext_lazy(
    "Voluntary attrition: leavers who resigned, for another job or district, or for personal reasons, divided by the "
    "snapshot without those who retired, were not renewed or laid off, died or were disabled. The reason is that of "
    "the end of employment; another reason or none on record is not known, counted as such and not as a decision. "
    "Where that is more than 20% of leavers, no rate is shown."
)
PROTECTED = gettext_lazy(
    "Why people left is shown by name to HR only. Other readers see counts for everybody together, without a choice of "
    "school, level or group, and only where at least 10 left, 3 or more of them by their own decision and 3 or more "
    "otherwise."
)
MANY_UNKNOWN = gettext_lazy("The reason of more than 20% of leavers is not known.")
TOO_FEW = gettext_lazy("Too few leavers to say why without saying it of single people.")
NOT_DIVIDED = gettext_lazy("Shown for everybody together only: take away the group, the school and the level.")


@dataclass(frozen=True, slots=True)
class Left:
    """The people of a snapshot, and those who left it by why."""

    n: int
    leavers: int
    voluntary: int
    removed: int

    @property
    def not_known(self) -> int:
        return self.leavers - self.voluntary - self.removed

    @property
    def rate(self) -> Rate:
        return wilson_rate(self.voluntary, self.n - self.removed)

    @property
    def most(self) -> float | None:
        return wilson_rate(self.voluntary + self.not_known, self.n - self.removed).value

    @property
    def is_mostly_known(self) -> bool:
        return self.not_known <= MUCH_UNKNOWN * self.leavers

    @property
    def names_nobody(self) -> bool:
        return self.leavers >= FEWEST_LEAVERS and min(self.voluntary, self.removed) >= FEWEST_ALIKE


def reads_reasons(reader: Reader) -> bool:
    return sees_the_district(reader, Capability.EMPLOYMENT_REASON_VIEW)


def table(reader: Reader, facts: PersonYears, by: str, parameters: Mapping[str, str]) -> Table:
    """A row for each snapshot and group, and in its note why there is no rate."""
    is_open = reads_reasons(reader)
    is_divided = by not in {"", "year"} or bool(parameters.get("school") or parameters.get("level"))
    if is_divided and not is_open:
        return Table("voluntary", TITLE, COLUMNS, note=NOT_DIVIDED)
    reasons = separation_reasons(reader, facts)
    made = cells(facts, by)
    own, removed = (
        np.isin(reasons, [reason.value for reason in group])
        for group in (OWN_DECISION, {SeparationReason.RETIREMENT} | LET_GO | NOBODYS_DECISION)
    )
    counts = [made.count(chosen) for chosen in (facts.rows.status == Status.LEAVER, own, removed)]
    rows = [
        _row(year_label(year), group, Left(n, *parts), is_open=is_open)
        for year, group, n, parts in zip(
            made.years, made.labels, made.size.tolist(), zip(*counts, strict=True), strict=True
        )
    ]
    return Table("voluntary", TITLE, COLUMNS, rows, note="" if is_open else PROTECTED)


def _row(year: str, group: str, left: Left, *, is_open: bool) -> tuple[object, ...]:
    before = (year, group, left.n, left.leavers)
    if not (is_open or left.names_nobody):
        return (*before, *[None] * 7, TOO_FEW if left.leavers else "")
    counts = (left.voluntary, left.removed, left.not_known)
    if not left.is_mostly_known:
        return (*before, *counts, *[None] * 4, MANY_UNKNOWN)
    rate = left.rate
    return (*before, *counts, rate.value, rate.low, rate.high, left.most, "")


def estimates(shown: Table, schools: int) -> list[Estimate]:
    """The rate of the newest year for everybody together, where it is shown."""
    rows = [dict(row) for row in shown.as_dicts()]
    if not rows or rows[-1]["rate"] is None:
        return []
    newest = rows[-1]
    label = _("Left by their own decision in the year after {year}").format(year=newest["year"])
    behind = newest["n"] - newest["removed"]
    return [
        Estimate("voluntary_attrition", label, newest["rate"], newest["low"], newest["high"], behind, schools),
    ]
