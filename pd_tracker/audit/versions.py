"""Telling whether somebody else changed a row in the meantime."""

from __future__ import annotations

from django.db.models import Model


def latest_version(row: Model) -> int | None:
    """The number of a row's newest line of history; it grows with every change."""
    newest: int | None = row.history.order_by("-history_id").values_list("history_id", flat=True).first()  # type: ignore[attr-defined]
    return newest
