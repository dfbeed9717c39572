"""Row sets of coaching. Who evaluates reads none of them, and neither does the operator at the command line."""

from __future__ import annotations

from typing import Self

from django.db.models import Q, QuerySet

from learning_plans.rules.choices import Sharing
from pd_tracker.access import Capability, Reader
from teachers.querysets.people import NOBODY, teachers_for


def _coached_by(user: Reader, teacher: str) -> Q:
    if user.pk is None:
        return NOBODY
    return Q(**{f"{teacher}__in": teachers_for(user, Capability.COACHING_VIEW)})


class OfCoachingQuerySet(QuerySet):  # type: ignore[type-arg]
    def visible_to(self, user: Reader) -> Self:
        return self.filter(_coached_by(user, "teacher"))


class CoachingNoteQuerySet(QuerySet):  # type: ignore[type-arg]
    def visible_to(self, user: Reader) -> Self:
        """The words: for who wrote them, while they look after the teacher, and for the teacher once shared."""
        shared = Q(sharing=Sharing.SHARED.value, visit__teacher__user=user.pk)
        return self.filter(_coached_by(user, "visit__teacher"), Q(author=user.pk) | shared)

    def known_to(self, user: Reader) -> Self:
        """Those of which a reader may know that they exist; only `visible_to` opens the words."""
        told = Q(sharing__in=[Sharing.SHARED.value, Sharing.EXISTENCE.value], visit__teacher__user=user.pk)
        return self.filter(_coached_by(user, "visit__teacher"), Q(author=user.pk) | told)
