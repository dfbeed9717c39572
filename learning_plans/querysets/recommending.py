"""Row sets of weights and opinions."""

from __future__ import annotations

from typing import Self

from django.db.models import QuerySet

from pd_tracker.access import Capability, Reader
from teachers.querysets.people import in_reach, teachers_for


class WeightsQuerySet(QuerySet):  # type: ignore[type-arg]
    def visible_to(self, user: Reader) -> Self:
        return self.filter(in_reach(user.reach(Capability.RECOMMENDATIONS_EDIT), district="district", school="pk"))


class CourseOpinionQuerySet(QuerySet):  # type: ignore[type-arg]
    def visible_to(self, user: Reader) -> Self:
        """One's own only; of others there are means of groups."""
        own = teachers_for(user, Capability.PRACTICES_SHARE)
        return self.filter(completion__teacher__in=own)
