"""Row sets of practices and who took them up."""

from __future__ import annotations

from typing import Self

from django.db.models import Q, QuerySet

from learning_plans.querysets.catalogue import of_districts
from pd_tracker.access import Capability, Reader
from teachers.querysets.people import teachers_for


class PracticeQuerySet(QuerySet):  # type: ignore[type-arg]
    def shared(self) -> Self:
        return self.filter(shared_at__isnull=False, withdrawn_at=None)

    def visible_to(self, user: Reader) -> Self:
        """Shared ones for all staff of the district, and one's own."""
        shared = of_districts(user, district="teacher__district") & Q(shared_at__isnull=False, withdrawn_at=None)
        return self.filter(shared | Q(teacher__in=teachers_for(user, Capability.PRACTICES_SHARE)))


class AdoptionQuerySet(QuerySet):  # type: ignore[type-arg]
    def visible_to(self, user: Reader) -> Self:
        shared = Q(practice__shared_at__isnull=False, practice__withdrawn_at=None)
        return self.filter(of_districts(user, district="practice__teacher__district") & shared)
