"""The lists of saved exports and of the files made from them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pd_tracker.reports.models.exports import KindName, RunStateName, ScheduleName
from pd_tracker.sheets.table import Column, Kind, Table

EXPORTS = Table(
    key="saved_exports",
    title=_("Saved exports"),
    columns=(
        Column("name", _("Name")),
        Column("kind", _("What it makes"), show=lambda value: KindName(value).label),
        Column("schedule", _("Schedule"), show=lambda value: ScheduleName(value).label),
        Column("next_run_on", _("Next file"), Kind.DATE),
        Column("stopped_at", _("Stopped"), Kind.DATE),
        Column("last_made_at", _("Last made"), Kind.MOMENT),
    ),
)

RUNS = Table(
    key="export_runs",
    title=_("Files made"),
    columns=(
        Column("asked_at", _("Asked for"), Kind.MOMENT),
        Column("reader", _("For"), source="reader__name"),
        Column("due_on", _("Day of the schedule"), Kind.DATE),
        Column("state", _("State"), show=lambda value: RunStateName(value).label),
        Column("reason", _("Why not"), sortable=False),
        Column("made_at", _("Made"), Kind.MOMENT),
    ),
)

FILES = Table(
    key="my_export_files",
    title=_("Files for me"),
    columns=(
        Column("asked_at", _("Asked for"), Kind.MOMENT),
        Column("export", _("Export"), source="export__name"),
        Column("owner", _("Saved by"), source="export__owner__name"),
        Column("state", _("State"), show=lambda value: RunStateName(value).label),
        Column("made_at", _("Made"), Kind.MOMENT),
    ),
)
