"""Telling people something happened, in the same transaction as what happened."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pd_tracker.notices.models import Notice, NoticeQuerySet


def tell(user_ids: Iterable[int], *, kind: Notice.Kind, url: str = "", **facts: Any) -> None:
    Notice.objects.bulk_create([Notice(user_id=user_id, kind=kind, url=url, facts=facts) for user_id in user_ids])


def mark_read(notices: NoticeQuerySet, *, at: datetime) -> None:
    notices.unread().update(read_at=at)
