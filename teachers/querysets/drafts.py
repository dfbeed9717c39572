"""Row sets of drafts."""

from __future__ import annotations

from typing import Self

from django.db.models import QuerySet

from pd_tracker.access import Reader


class DraftQuerySet(QuerySet):  # type: ignore[type-arg]
    def visible_to(self, user: Reader) -> Self:
        return self.filter(user=user.pk)
