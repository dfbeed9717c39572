"""Telling people something happened, in the same transaction as what happened."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pd_tracker.notices.models import Notice, NoticeQuerySet


def tell(user_ids: Iterable[int], *, kind: Notice.Kind, url: str = "", **facts: Any) -> None:
    Notice.objects.bulk_create([Notice(user_id=user_id, kind=kind, url=url, facts=facts) for user_id in user_ids])


def tell_each(told: Iterable[tuple[int, str, dict[str, Any]]], *, kind: Notice.Kind) -> None:
    """Tells each person something of their own: who, the address it leads to, its facts."""
    rows = [Notice(user_id=user_id, kind=kind, url=url, facts=facts) for user_id, url, facts in told]
    Notice.objects.bulk_create(rows, batch_size=500)


def mark_read(notices: NoticeQuerySet, *, at: datetime) -> None:
    notices.unread().update(read_at=at)
