"""The sheet Renewals due and overdue: licenses that have ended or end within a year."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from pd_tracker.reports.facts.hr.renewals import BUCKET_NAMES, Renewal
from pd_tracker.reports.facts.hr.roster import Roster
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
    Column("rules", _("Renewal rules")),
    Column("until", _("License valid until"), Kind.DATE),
    Column("bucket", _("When")),
    Column("days_left", _("Days left"), Kind.INTEGER),
    Column("extended_until", _("Extended by law until"), Kind.DATE),
)


def table(renewals: Sequence[Renewal], roster: Roster) -> Table:
    return Table(
        key="renewals",
        title=_("Renewals due and overdue"),
        columns=COLUMNS,
        rows=[row(renewal, roster) for renewal in renewals],
        note="" if renewals else _("No license of an employed person has ended or ends within a year."),
    )


def row(renewal: Renewal, roster: Roster) -> Sequence[Any]:
    person, license, post = renewal.person, renewal.license, roster.posts.get(renewal.person.key)
    return (
        person.staff_id,
        person.name,
        person.email,
        *((post.school_code, post.school_name) if post else (None, None)),
        license.jurisdiction,
        license.kind,
        license.number,
        license.rules,
        license.last_day,
        BUCKET_NAMES[renewal.bucket],
        renewal.days_left,
        license.extended_until,
    )
