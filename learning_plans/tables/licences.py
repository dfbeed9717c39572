"""The list of licenses, with where each stands."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from learning_plans.models.choices import LicenceStatusName
from learning_plans.tables import TEACHER_ID
from pd_tracker.sheets.table import Column, Kind, Table


def amount(key: str, label: object) -> Column:
    return Column(key, label, Kind.DECIMAL, source=f"standing__{key}", decimals=2, sortable=False)


LICENCE = Table(
    key="licenses",
    title=_("Licenses"),
    columns=(
        TEACHER_ID,
        Column("staff_id", _("Staff id"), Kind.ID, source="teacher__staff_id"),
        Column("jurisdiction", _("State")),
        Column("type", _("Type"), source="licence_type"),
        Column("number", _("Number"), Kind.ID),
        Column("issued_on", _("Issued on"), Kind.DATE, sortable=False),
        Column("valid_from", _("Valid from"), Kind.DATE),
        Column("valid_until", _("Valid until"), Kind.DATE, sortable=False),
        Column("extended_until", _("Extended by law until"), Kind.DATE, sortable=False),
        Column("endorsements", _("Endorsements"), sortable=False),
        Column("rule_pack", _("Renewal rules of its own"), Kind.ID, sortable=False),
        Column(
            "status",
            _("Status"),
            source="standing__status",
            show=lambda value: LicenceStatusName(value).label,
            sortable=False,
            help=_("Empty for a license that was renewed."),
        ),
        amount("required", _("Required")),
        amount("counted", _("Counted")),
        amount("pending", _("Waiting for approval")),
        amount("uncounted", _("Not counted")),
        Column("ends_on", _("Period until"), Kind.DATE, source="standing__ends_on", sortable=False),
        Column("decided_on", _("As of"), Kind.DATE, source="standing__decided_on", sortable=False),
    ),
)
