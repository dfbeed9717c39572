"""Row sets of the catalogue."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db.models import Q, QuerySet

from learning_plans.rules.choices import CourseState
from pd_tracker.access import Capability, Reader
from teachers.querysets.people import in_reach


class OpenToStaffQuerySet(QuerySet):  # type: ignore[type-arg]
    """Rows that everybody with a role may read."""

    def visible_to(self, user: Reader) -> Self:
        return self if user.may(Capability.COURSES_VIEW) else self.none()


class CourseQuerySet(QuerySet):  # type: ignore[type-arg]
    def visible_to(self, user: Reader) -> Self:
        reach = user.reach(Capability.COURSES_VIEW)
        return self.filter(in_reach(reach, district="district", school="district__schools")).distinct()

    def on_offer(self, *, on: date) -> Self:
        return self.filter(
            Q(approved_from=None) | Q(approved_from__lte=on),
            Q(approved_until=None) | Q(approved_until__gte=on),
            state=CourseState.APPROVED.value,
        )
