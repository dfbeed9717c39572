"""Row sets of plans, goals and items."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db.models import (
    BooleanField,
    Case,
    DateField,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Concat

from learning_plans.rules.choices import CompletionState, GoalState, PlanState
from learning_plans.rules.plan_life import Part
from learning_plans.rules.progress import DUE_SOON
from pd_tracker.access import Capability, Reader
from teachers.querysets.people import TeacherQuerySet, reaches, running, teachers_for

if TYPE_CHECKING:
    from learning_plans.models import Plan, PlanReview  # noqa: F401


def handed_in(*, plan: str = "") -> Q:
    """Plans that are no draft and do not stay apart from evaluation."""
    return ~Q(**{f"{plan}state": PlanState.DRAFT.value}) & Q(**{f"{plan}is_apart_from_evaluation": False})


def readable(user: Reader, *, plan: str = "") -> Q:
    """Plans a reader may read: drafts, and plans apart from evaluation, only with whoever looks after the teacher."""
    seen = Q(**{f"{plan}teacher__in": teachers_for(user, Capability.PLANS_VIEW)}) & handed_in(plan=plan)
    return seen | Q(**{f"{plan}teacher__in": teachers_for(user, Capability.PLANS_VIEW_DRAFTS)})


def approves(plan: Plan) -> Capability:
    return Capability.PLANS_APPROVE_APART if plan.is_apart_from_evaluation else Capability.PLANS_APPROVE


def parts_of(user: Reader, plan: Plan) -> frozenset[Part]:
    """What somebody is to a plan; nobody approves their own."""
    found = set()
    if plan.teacher.user_id is not None and plan.teacher.user_id == user.pk:
        return frozenset({Part.OWNER} if user.may(Capability.PLANS_WRITE_OWN) else ())
    for part, capability in ((Part.GUIDE, Capability.PLANS_EDIT), (Part.APPROVER, approves(plan))):
        if reaches(user, capability, plan.teacher):
            found.add(part)
    return frozenset(found)


def teachers_written_by(user: Reader) -> TeacherQuerySet:
    """In whose plans somebody writes: themselves, and those they look after."""
    return teachers_for(user, Capability.PLANS_WRITE_OWN) | teachers_for(user, Capability.PLANS_EDIT)


class PlanQuerySet(QuerySet["Plan"]):
    def visible_to(self, user: Reader) -> Self:
        return self.filter(readable(user))

    def handed_in(self) -> Self:
        """For what goes to people who may not read the others, whoever makes it."""
        return self.filter(handed_in())

    def waiting_for(self, user: Reader) -> Self:
        """Handed in, and for this reader to approve."""
        ordinary = Q(teacher__in=teachers_for(user, Capability.PLANS_APPROVE), is_apart_from_evaluation=False)
        apart = Q(teacher__in=teachers_for(user, Capability.PLANS_APPROVE_APART), is_apart_from_evaluation=True)
        return self.filter(ordinary | apart, state=PlanState.IN_REVIEW.value).exclude(teacher__user=user.pk)

    def current(self, *, on: date) -> Self:
        return self.filter(school_year__starts_on__lte=on, school_year__ends_on__gte=on)


class OfPlanQuerySet(QuerySet):  # type: ignore[type-arg]
    """Goals, decisions and reviews are read with their plan."""

    def visible_to(self, user: Reader) -> Self:
        return self.filter(readable(user, plan="plan__"))


class GoalQuerySet(OfPlanQuerySet):
    def standing(self) -> Self:
        return self.exclude(state=GoalState.DROPPED.value)


class PlanReviewQuerySet(QuerySet["PlanReview"]):
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

    def handed_in(self) -> Self:
        """Those of plans that were handed in, and required training."""
        return self.filter(Q(is_required=True) | handed_in(plan="plan__"))

    def standing(self) -> Self:
        return self.filter(withdrawn_at=None)

    def with_facts(self) -> Self:
        """Adds `is_done`, `is_exempt` and the facts behind them: `completed_on`, `pending_since` and the last
        `enrollment_state`, `exemption_reason` and the rule that requires it."""
        completions = apps.get_model("learning_plans", "Completion")._default_manager.filter(
            teacher=OuterRef("plan__teacher"),
            course=OuterRef("course"),
            completed_on__gte=Coalesce(OuterRef("counts_from"), OuterRef("plan__school_year__starts_on")),
        )
        approved = completions.filter(state=CompletionState.APPROVED.value).order_by("-completed_on")
        pending = completions.filter(state=CompletionState.PENDING.value).order_by("recorded_at")
        enrollments = apps.get_model("learning_plans", "Enrollment")._default_manager.filter(
            teacher=OuterRef("plan__teacher"),
            session__course=OuterRef("course"),
            session__starts_at__date__gte=OuterRef("plan__school_year__starts_on"),
        )
        members = apps.get_model("learning_plans", "RuleMember")._default_manager.filter(
            item=OuterRef("pk"), left_on=None, rule__ended_at=None
        )
        exempt = members.exclude(exempted_at=None)
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
            # Another rule may still hold for the same item.
            is_exempt=ExpressionWrapper(
                Q(Exists(exempt)) & ~Q(Exists(members.filter(exempted_at=None))), output_field=BooleanField()
            ),
            exemption_reason=Subquery(exempt.order_by("pk").values("exemption_reason")[:1]),
            rule_name=Subquery(members.order_by("pk").values("rule__name")[:1]),
        )

    def overdue(self, *, on: date) -> Self:
        """The query twin of rules.progress: standing, required, not done, not exempt, its day passed."""
        return self.standing().with_facts().filter(is_done=False, is_exempt=False, is_required=True, due_on__lt=on)

    def with_person(self, *, on: date) -> Self:
        """Adds who it is, where they work on the day, what is to do, and when they were last reminded of it."""
        posts = apps.get_model("teachers", "Assignment")._default_manager.filter(
            running(on), teacher=OuterRef("plan__teacher")
        )
        posts = posts.order_by("-fte", "school_id", "pk")
        reminders = apps.get_model("learning_plans", "Reminder")._default_manager.filter(item=OuterRef("pk"))
        return self.annotate(
            listed_name=Concat("plan__teacher__family_name", Value(", "), "plan__teacher__given_name"),
            school_name=Subquery(posts.values("school__name")[:1]),
            school_key=Subquery(posts.values("school_id")[:1]),
            what=Coalesce("course__title", "task"),
            reminded_at=Subquery(reminders.order_by("-sent_at").values("sent_at")[:1]),
        )

    def due_soon(self, *, on: date) -> Self:
        soon = self.standing().with_facts().filter(due_on__gte=on, due_on__lte=on + DUE_SOON)
        return soon.filter(is_done=False, is_exempt=False)
