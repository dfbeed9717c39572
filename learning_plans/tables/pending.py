"""Completions that wait for approval."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from learning_plans.models.choices import CompletionSourceName
from learning_plans.querysets.pending import LONG
from learning_plans.tables import hours
from pd_tracker.sheets.table import Column, Kind, Table

PENDING = Table(
    key="pending_completions",
    title=gettext_lazy("Waiting for approval"),
    columns=(
        Column("name", gettext_lazy("Name"), source="listed_name"),
        Column("staff_id", gettext_lazy("Staff id"), Kind.ID, source="teacher__staff_id"),
        Column("school", gettext_lazy("School"), source="school_name"),
        Column("course", gettext_lazy("Course"), source="course__title"),
        Column("completed_on", gettext_lazy("Completed"), Kind.DATE),
        Column("hours", gettext_lazy("Hours"), Kind.HOURS, source="minutes", show=hours),
        Column("source", gettext_lazy("Source"), show=lambda value: CompletionSourceName(value).label),
        Column("evidence", gettext_lazy("Evidence"), Kind.INTEGER, source="evidence_count"),
        Column("recorded_at", gettext_lazy("Recorded"), Kind.MOMENT),
        Column("waits", gettext_lazy("Waits"), source="since"),
    ),
)
EFFECT = Column("effect", gettext_lazy("If approved"), sortable=False)
ONLY_IN_FILES = {"staff_id", "recorded_at"}


def pending(*, at: datetime, is_file: bool) -> Table:
    def waits(since: datetime) -> str:
        days = max((at - since).days, 0)
        words = ngettext("%(days)d day", "%(days)d days", days) % {"days": days}
        return _("%(days)s, too long") % {"days": words} if at - since > LONG else words

    columns = (
        replace(column, show=waits) if column.key == "waits" else column
        for column in PENDING.columns
        if is_file or column.key not in ONLY_IN_FILES
    )
    return replace(PENDING, columns=tuple(columns))
