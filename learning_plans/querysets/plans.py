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
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from learning_plans.rules.choices import CompletionState, PlanState
from learning_plans.rules.progress import DUE_SOON
from pd_tracker.access import Capability, Reader
from teachers.querysets.people import teachers_for


def readable(user: Reader, *, plan: str = "") -> Q:
    """Plans a reader may read: drafts, and plans apart from evaluation, only with whoever looks after the teacher."""
    handed_in = Q(**{f"{plan}teacher__in": teachers_for(user, Capability.PLANS_VIEW)})
    handed_in &= ~Q(**{f"{plan}state": PlanState.DRAFT.value}) & Q(**{f"{plan}is_apart_from_evaluation": False})
    return handed_in | Q(**{f"{plan}teacher__in": teachers_for(user, Capability.PLANS_VIEW_DRAFTS)})


class PlanQuerySet(QuerySet):  # type: ignore[type-arg]
    def visible_to(self, user: Reader) -> Self:
        return self.filter(readable(user))

    def current(self, *, on: date) -> Self:
        return self.filter(school_year__starts_on__lte=on, school_year__ends_on__gte=on)


class OfPlanQuerySet(QuerySet):  # type: ignore[type-arg]
    """Goals, decisions and reviews are read with their plan."""

    def visible_to(self, user: Reader) -> Self:
        return self.filter(readable(user, plan="plan__"))


class GoalQuerySet(OfPlanQuerySet):
    pass


class PlanReviewQuerySet(QuerySet):  # type: ignore[type-arg]
    def visible_to(self, user: Reader) -> Self:
        """What is said in a review stays with the teacher and with who looks after them."""
        return self.filter(plan__teacher__in=teachers_for(user, Capability.PLANS_VIEW_DRAFTS))

    def counted_for(self, user: Reader) -> Self:
        """Those of which somebody may know how many there are; only `visible_to` opens them."""
        return self.filter(plan__teacher__in=teachers_for(user, Capability.REPORTS_VIEW))

    def overdue(self, *, on: date) -> Self:
        open_plans = [PlanState.DRAFT.value, PlanState.IN_REVIEW.value, PlanState.ACTIVE.value]
        return self.filter(held_on=None, planned_on__lt=on, plan__state__in=open_plans)


class PlanItemQuerySet(QuerySet):  # type: ignore[type-arg]
    def visible_to(self, user: Reader) -> Self:
        """Required training is no secret of a draft: whoever may see plans sees it in all of them."""
        required = Q(is_required=True, plan__teacher__in=teachers_for(user, Capability.PLANS_VIEW))
        return self.filter(required | readable(user, plan="plan__"))

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
