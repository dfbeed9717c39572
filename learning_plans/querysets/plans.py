"""Row sets of plans, goals and items."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.apps import apps
from django.db.models import (
    BooleanField,
    Case,
    DateField,
    Exists,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
)

from learning_plans.rules.choices import CompletionState
from learning_plans.rules.progress import DUE_SOON
from pd_tracker.access import Capability, Reader
from teachers.querysets.people import teachers_for


class PlanQuerySet(QuerySet):  # type: ignore[type-arg]
    def visible_to(self, user: Reader) -> Self:
        return self.filter(teacher__in=teachers_for(user, Capability.PLANS_VIEW))

    def current(self, *, on: date) -> Self:
        return self.filter(school_year__starts_on__lte=on, school_year__ends_on__gte=on)


class GoalQuerySet(QuerySet):  # type: ignore[type-arg]
    def visible_to(self, user: Reader) -> Self:
        return self.filter(plan__teacher__in=teachers_for(user, Capability.PLANS_VIEW))


class PlanItemQuerySet(QuerySet):  # type: ignore[type-arg]
    def visible_to(self, user: Reader) -> Self:
        return self.filter(plan__teacher__in=teachers_for(user, Capability.PLANS_VIEW))

    def standing(self) -> Self:
        return self.filter(withdrawn_at=None)

    def with_facts(self) -> Self:
        """Adds `is_done` and the facts behind it: `completed_on`, `pending_since` and the last `enrollment_state`."""
        completions = apps.get_model("learning_plans", "Completion")._default_manager.filter(
            teacher=OuterRef("plan__teacher"),
            course=OuterRef("course"),
            completed_on__gte=OuterRef("plan__school_year__starts_on"),
        )
        approved = completions.filter(state=CompletionState.APPROVED.value).order_by("-completed_on")
        pending = completions.filter(state=CompletionState.PENDING.value).order_by("recorded_at")
        enrollments = apps.get_model("learning_plans", "Enrollment")._default_manager.filter(
            teacher=OuterRef("plan__teacher"),
            session__course=OuterRef("course"),
            session__starts_at__date__gte=OuterRef("plan__school_year__starts_on"),
        )
        return self.annotate(
            is_done=Case(
                When(course=None, then=Case(When(task_done_on=None, then=Value(False)), default=Value(True))),
                default=Exists(approved),
                output_field=BooleanField(),
            ),
            completed_on=Subquery(approved.values("completed_on")[:1], output_field=DateField()),
            completion_id=Subquery(approved.values("pk")[:1]),
            pending_since=Subquery(pending.values("recorded_at")[:1]),
            enrollment_state=Subquery(enrollments.order_by("-registered_at").values("state")[:1]),
        )

    def overdue(self, *, on: date) -> Self:
        """The query twin of rules.progress: standing, required, not done, its day passed."""
        return self.standing().with_facts().filter(is_done=False, is_required=True, due_on__lt=on)

    def due_soon(self, *, on: date) -> Self:
        return self.standing().with_facts().filter(is_done=False, due_on__gte=on, due_on__lte=on + DUE_SOON)
