"""The sheet By funding source: what each fund paid for, by the position of those it paid for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import reduce
from operator import add
from typing import Any

from django.utils.translation import gettext_lazy as _

from pd_tracker.reports.facts.hr.funds import Spent
from pd_tracker.reports.facts.hr.roster import POSITION_NAMES, Roster
from pd_tracker.sheets.table import Column, Kind, Table

COLUMNS = (
    Column("fund", _("Fund")),
    Column("school_year", _("School year"), Kind.ID),
    Column("position", _("Participant group")),
    Column("people", _("Participants (unduplicated)"), Kind.INTEGER),
    Column("completions", _("Completions"), Kind.INTEGER),
    Column("hours", _("PD hours"), Kind.HOURS, decimals=2),
    Column("cost", _("Cost of the seats ($)"), Kind.MONEY, decimals=2),
    Column("cost_per_hour", _("Cost per hour ($)"), Kind.MONEY, decimals=2),
    Column("unknown", _("Completions whose cost is not known"), Kind.INTEGER),
)
Group = tuple[str, str]  # a fund, and a position
Found = Mapping[tuple[str, int], Spent]


def table(found: Found, roster: Roster, school_year: str) -> Table:
    by_group = grouped(found, roster)
    return Table(
        key="by_fund",
        title=_("By funding source"),
        columns=COLUMNS,
        rows=[
            (fund or _("No fund named"), school_year, position_named(position), *figures(spent))
            for (fund, position), spent in sorted(by_group.items(), key=lambda item: (not item[0][0], item[0]))
        ],
        totals=(_("Total"), None, None, *figures(together(found))) if by_group else None,
        note="" if by_group else _("No completion is approved in this school year."),
    )


def grouped(found: Found, roster: Roster) -> dict[Group, Spent]:
    groups: dict[Group, Spent] = defaultdict(Spent)
    for (fund, teacher), spent in found.items():
        spell = roster.spells.get(teacher)
        groups[fund, spell.position if spell else ""] += spent
    return dict(groups)


def together(found: Found) -> Spent:
    """Somebody whom two funds paid for is one participant."""
    whole = reduce(add, found.values(), Spent())
    whole.people = len({teacher for _fund, teacher in found})
    return whole


def position_named(position: str) -> Any:
    return POSITION_NAMES[position] if position else _("Not on the roster this year")


def figures(spent: Spent) -> Sequence[Any]:
    per_hour = spent.cost * 60 / spent.minutes if spent.minutes else None
    return spent.people, spent.completions, spent.minutes / 60, spent.cost, per_hour, spent.unknown
