"""The sheet Exceptions: records that somebody should look at."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from pd_tracker.reports.facts.hr.doubts import Doubt
from pd_tracker.reports.hr_summary.checks import Checks
from pd_tracker.sheets.table import Column, Kind, Table

COLUMNS = (
    Column("kind", _("Kind")),
    Column("staff_id", _("Staff id"), Kind.ID),
    Column("name", _("Name")),
    Column("what", _("What")),
    Column("where", _("Where to look")),
    Column("date", _("Date"), Kind.DATE),
)


def table(doubts: Iterable[Doubt], checks: Checks) -> Table:
    return Table(
        key="exceptions",
        title=_("Exceptions"),
        columns=COLUMNS,
        rows=doubts,
        note=checks.unless_rows("exceptions", _("Nothing was found that somebody should look at.")),
    )
