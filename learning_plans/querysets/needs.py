"""Row sets of self-assessments, needs, their reasons, and priorities."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db.models import Exists, OuterRef, Q, QuerySet

from learning_plans.querysets.catalogue import of_districts
from learning_plans.rules.choices import NeedAnswer
from pd_tracker.access import Capability, Reader
from teachers.querysets.people import in_reach, running, teachers_for

if TYPE_CHECKING:
    from learning_plans.models import NeedReason, Priority  # noqa: F401


class OfNeedsQuerySet(QuerySet):  # type: ignore[type-arg]
    """Rows of one teacher, for that teacher and whoever looks after them."""

    def visible_to(self, user: Reader) -> Self:
        return self.filter(teacher__in=teachers_for(user, Capability.NEEDS_VIEW))


class NeedQuerySet(OfNeedsQuerySet):
    def speaking(self) -> Self:
        """Those that anything speaks for, and those that were answered: a figure that got better ends no goal."""
        reasons = apps.get_model("learning_plans", "NeedReason")._default_manager.filter(need=OuterRef("pk"))
        return self.filter(~Q(answer=NeedAnswer.OPEN.value) | Exists(reasons))

    def waiting(self, *, on: date) -> Self:
        """Not answered, or put off until a day that has come."""
        come = Q(answer=NeedAnswer.PUT_OFF.value, put_off_until__lte=on)
        return self.speaking().filter(Q(answer=NeedAnswer.OPEN.value) | come)


class SelfRatingQuerySet(QuerySet):  # type: ignore[type-arg]
    def visible_to(self, user: Reader) -> Self:
        return self.filter(assessment__teacher__in=teachers_for(user, Capability.NEEDS_VIEW))


class NeedReasonQuerySet(QuerySet["NeedReason"]):
    def visible_to(self, user: Reader) -> Self:
        return self.filter(need__teacher__in=teachers_for(user, Capability.NEEDS_VIEW))


class PriorityQuerySet(QuerySet["Priority"]):
    """Priorities are no secret: every member of staff reads them."""

    def visible_to(self, user: Reader) -> Self:
        return self.filter(of_districts(user, district="district"))

    def editable_by(self, user: Reader) -> Self:
        return self.filter(in_reach(user.reach(Capability.PRIORITIES_EDIT), district="district", school="school"))

    def running(self, *, on: date) -> Self:
        return self.filter(running(on))

    def of_schools(self, schools: QuerySet) -> Self:  # type: ignore[type-arg]
        return self.filter(Q(school=None) | Q(school__in=schools))
