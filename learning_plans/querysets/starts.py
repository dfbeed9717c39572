"""Row sets of started cycles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import QuerySet

from pd_tracker.access import Capability, Reader
from teachers.querysets.people import in_reach

if TYPE_CHECKING:
    from learning_plans.models import CycleStart  # noqa: F401


class CycleStartQuerySet(QuerySet["CycleStart"]):
    def visible_to(self, user: Reader) -> Self:
        """Whoever could have started it; one for the whole district only with whoever reaches all of it."""
        return self.filter(in_reach(user.reach(Capability.PLANS_START), district="district", school="school"))
