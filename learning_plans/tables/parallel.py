"""The totals of the old system beside ours."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from learning_plans.models.choices import ComparedName
from pd_tracker.sheets.table import Column, Kind, Table

PARALLEL = Table(
    key="parallel_run",
    title=_("Two systems compared"),
    columns=(
        Column("name", _("Name"), source="listed_name"),
        Column("staff_id", _("Staff id"), Kind.ID, source="licence__teacher__staff_id"),
        Column("license", _("License"), source="licence_name"),
        Column("as_of", _("As of"), Kind.DATE),
        Column("required", _("Required there"), Kind.DECIMAL),
        Column("ours_required", _("Required here"), Kind.DECIMAL),
        Column("counted", _("Counted there"), Kind.DECIMAL),
        Column("ours_counted", _("Counted here"), Kind.DECIMAL),
        Column("difference", _("Difference"), Kind.DECIMAL, source="gap", help=_("Counted there above ours.")),
        Column("result", _("Result"), show=lambda value: ComparedName(value).label if value else ""),
    ),
)
# On a page there is room for the reasons; the file holds all columns.
ON_PAGE = replace(PARALLEL, columns=tuple(each for each in PARALLEL.columns if each.key not in {"staff_id", "as_of"}))
WHY = Column("why", _("Why"), sortable=False)
