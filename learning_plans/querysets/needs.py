"""Row sets of self-assessments, needs, their reasons, and priorities."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db.models import Q, QuerySet

from learning_plans.querysets.catalogue import of_districts
from pd_tracker.access import Capability, Reader
from teachers.querysets.people import in_reach, running, teachers_for


class OfNeedsQuerySet(QuerySet):  # type: ignore[type-arg]
    """Rows of one teacher, for that teacher and whoever looks after them."""

    def visible_to(self, user: Reader) -> Self:
        return self.filter(teacher__in=teachers_for(user, Capability.NEEDS_VIEW))


class SelfRatingQuerySet(QuerySet):  # type: ignore[type-arg]
    def visible_to(self, user: Reader) -> Self:
        return self.filter(assessment__teacher__in=teachers_for(user, Capability.NEEDS_VIEW))


class NeedReasonQuerySet(QuerySet):  # type: ignore[type-arg]
    def visible_to(self, user: Reader) -> Self:
        return self.filter(need__teacher__in=teachers_for(user, Capability.NEEDS_VIEW))


class PriorityQuerySet(QuerySet):  # type: ignore[type-arg]
    """Priorities are no secret: every member of staff reads them."""

    def visible_to(self, user: Reader) -> Self:
        return self.filter(of_districts(user, district="district"))

    def editable_by(self, user: Reader) -> Self:
        return self.filter(in_reach(user.reach(Capability.PRIORITIES_EDIT), district="district", school="school"))

    def running(self, *, on: date) -> Self:
        return self.filter(running(on))

    def of_schools(self, schools: QuerySet) -> Self:  # type: ignore[type-arg]
        return self.filter(Q(school=None) | Q(school__in=schools))
