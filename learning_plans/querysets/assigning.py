"""Row sets of assignment rules and their members."""

from __future__ import annotations

from typing import Self

from django.db.models import QuerySet

from pd_tracker.access import Capability, Reader
from teachers.querysets.people import in_reach, teachers_for


class AssignmentRuleQuerySet(QuerySet):  # type: ignore[type-arg]
    def visible_to(self, user: Reader) -> Self:
        return self.filter(in_reach(user.reach(Capability.RULES_EDIT), district="district", school="school"))

    def running(self) -> Self:
        return self.filter(ended_at=None)


class RuleMemberQuerySet(QuerySet):  # type: ignore[type-arg]
    def visible_to(self, user: Reader) -> Self:
        return self.filter(teacher__in=teachers_for(user, Capability.PLANS_VIEW))

    def live(self) -> Self:
        return self.filter(left_on=None)
