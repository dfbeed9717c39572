"""The sheet Renewals due and overdue: licenses that have ended or end within a year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pd_tracker.reports.facts.hr.renewals import BUCKET_NAMES, Renewal, Sent
from pd_tracker.reports.facts.hr.roster import License, Roster
from pd_tracker.reports.facts.hr.standings import STATUS_NAMES, Standing
from pd_tracker.sheets.table import Column, Kind, Table

COLUMNS = (
    Column("staff_id", _("Staff id"), Kind.ID),
    Column("name", _("Name")),
    Column("email", _("Email")),
    Column("site_code", _("Primary site code"), Kind.ID),
    Column("site", _("Primary site")),
    Column("license_state", _("License of")),
    Column("license_type", _("License type")),
    Column("license_number", _("License number"), Kind.ID),
    Column("until", _("License valid until"), Kind.DATE),
    Column("bucket", _("When")),
    Column("days_left", _("Days left"), Kind.INTEGER),
    Column("extended_until", _("Extended by law until"), Kind.DATE),
    Column("rules", _("Renewal rules")),
    Column("status", _("Standing of the license")),
    Column("required", _("Credit required"), Kind.DECIMAL, decimals=2),
    Column("counted", _("Credit counted"), Kind.DECIMAL, decimals=2),
    Column("short", _("Credit short by category")),
    Column("notices", _("Notices sent"), Kind.INTEGER),
    Column("last_notice", _("Last notice sent"), Kind.MOMENT),
    Column("waived", _("Waived")),
)


@dataclass(frozen=True)
class Due:
    renewals: Sequence[Renewal]
    roster: Roster
    standings: Mapping[int, Standing]
    waivers: Mapping[int, Sequence[Decimal | None]]
    notices: Mapping[int, Sent]


def table(due: Due) -> Table:
    return Table(
        key="renewals",
        title=_("Renewals due and overdue"),
        columns=COLUMNS,
        rows=[row(due, renewal) for renewal in due.renewals],
        note="" if due.renewals else _("No license of an employed person has ended or ends within a year."),
    )


def row(due: Due, renewal: Renewal) -> Sequence[Any]:
    person, license, post = renewal.person, renewal.license, due.roster.posts.get(renewal.person.key)
    return (
        person.staff_id,
        person.name,
        person.email,
        *((post.school_code, post.school_name) if post else (None, None)),
        license.jurisdiction,
        license.kind,
        license.number,
        license.last_day,
        BUCKET_NAMES[renewal.bucket],
        renewal.days_left,
        license.extended_until,
        *of_standing(due, license),
        *told(due.notices.get(license.key)),
        waived(due.waivers.get(license.key, ())),
    )


def of_standing(due: Due, license: License) -> Sequence[Any]:
    found = due.standings.get(license.key)
    if found is None:
        return (license.rules, None, None, None, None)
    return found.rule_pack, STATUS_NAMES[found.status], found.required, found.counted, found.short_in_words


def told(sent: Sent | None) -> Sequence[Any]:
    return (sent.times, timezone.localtime(sent.last_at)) if sent else (0, None)


def waived(amounts: Sequence[Decimal | None]) -> Any:
    """How much in the unit of the rules, or all of it."""
    return _("All of it") if None in amounts else "; ".join(f"{amount:f}" for amount in amounts if amount is not None)
