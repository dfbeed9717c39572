"""Row sets of classroom figures."""

from __future__ import annotations

from typing import Self

from django.db.models import Q, QuerySet

from pd_tracker.access import Capability, Reader
from teachers.querysets.people import in_reach, teachers_for


class KpiQuerySet(QuerySet):  # type: ignore[type-arg]
    def visible_to(self, user: Reader) -> Self:
        """The catalogue of figures is no secret; their values are."""
        return self.all()


class KpiValueQuerySet(QuerySet):  # type: ignore[type-arg]
    def visible_to(self, user: Reader) -> Self:
        """A class names its teacher: classroom and teacher rows follow the teacher, others the school or district."""
        reach = user.reach(Capability.KPIS_VIEW)
        places = Q(teacher=None) & in_reach(reach, district="district", school="school")
        return self.filter(Q(teacher__in=teachers_for(user, Capability.KPIS_VIEW)) | places)
