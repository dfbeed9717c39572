"""Telling whether somebody else changed a row in the meantime."""

from __future__ import annotations

from django.db.models import Model

from pd_tracker.audit.models import AuditEvent


def latest_version(row: Model) -> int | None:
    """The number of a row's newest line of history, or of the trail where none is kept; it grows with every change."""
    history = getattr(row, "history", None)
    if history is None:
        lines = AuditEvent.objects.filter(subject_type=row._meta.label_lower, subject_id=str(row.pk))
        return lines.order_by("-pk").values_list("pk", flat=True).first()
    newest: int | None = history.order_by("-history_id").values_list("history_id", flat=True).first()
    return newest
