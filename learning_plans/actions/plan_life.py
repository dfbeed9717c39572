"""The way of a plan from draft to closed: each step locks the plan, is taken once, and is told to whom it concerns."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learning_plans.actions.closed_copies import closed_copy
from learning_plans.models import Plan, PlanDecision, PlanItem
from learning_plans.models.choices import PlanStateName
from learning_plans.querysets.plans import PlanQuerySet, approves, parts_of
from learning_plans.rules.choices import CourseState, GoalState, PlanDecisionKind, PlanState
from learning_plans.rules.plan_life import KEPT_AS, TO_STATE, Act, acts, is_past, may, may_change_item
from pd_tracker.notices.actions import tell
from pd_tracker.notices.models import Notice
from pd_tracker.sheets.table import Kind
from pd_tracker.web.cells import in_words
from teachers.actions.keeping import keep
from teachers.models import User
from teachers.querysets.reaching import users_reaching

NOT_NOW = {
    PlanState.DRAFT: gettext_lazy("This plan is a draft now. Wait until it is handed in again."),
    PlanState.IN_REVIEW: gettext_lazy("This plan waits for approval. Take it back first, or wait for the answer."),
    PlanState.ACTIVE: gettext_lazy("This plan is approved already. Open it again to see who approved it."),
    PlanState.CLOSED: gettext_lazy("This plan is closed and keeps its words. Begin the plan of the next school year."),
}


@transaction.atomic
def submit(*, plan: Plan, actor: User, on: date) -> Plan:
    """Hands the plan in to whoever approves it."""
    plan = _begin(plan, Act.SUBMIT, actor)
    problems = list(problems_before_submitting(plan, actor=actor, on=on))
    if problems:
        raise ValidationError(problems)
    _decide(plan, Act.SUBMIT, actor)
    _tell_approvers(plan, actor, by=actor.name)
    return plan


@transaction.atomic
def take_back(*, plan: Plan, actor: User) -> Plan:
    plan = _begin(plan, Act.TAKE_BACK, actor)
    _take_back(plan, actor)
    return plan


@transaction.atomic
def return_plan(*, plan: Plan, actor: User, comment: str) -> Plan:
    """Back to the teacher, with what should change."""
    plan = _begin(plan, Act.RETURN, actor)
    if not comment.strip():
        raise ValidationError({"comment": _("Say what should change, so that the teacher knows what to do next.")})
    _decide(plan, Act.RETURN, actor, comment)
    _tell_teacher(plan, actor, Notice.Kind.PLAN_RETURNED, by=actor.name)
    return plan


@transaction.atomic
def approve(*, plan: Plan, actor: User, comment: str = "") -> Plan:
    plan = _begin(plan, Act.APPROVE, actor)
    handed_in = plan.decisions.filter(kind=PlanDecisionKind.SUBMITTED.value).last()
    if handed_in is not None and handed_in.decided_by_id == actor.pk:
        raise ValidationError(_("You handed this plan in, so somebody else approves it."))
    _decide(plan, Act.APPROVE, actor, comment)
    _tell_teacher(plan, actor, Notice.Kind.PLAN_APPROVED, by=actor.name)
    return plan


@transaction.atomic
def close(*, plan: Plan, actor: User, on: date, comment: str = "") -> Plan:
    """Ends the plan; what it says is kept word for word, whatever becomes of its courses."""
    plan = _begin(plan, Act.CLOSE, actor)
    plan.closed_copy = closed_copy(plan, on=on)
    _decide(plan, Act.CLOSE, actor, comment)
    _tell_teacher(plan, actor, Notice.Kind.PLAN_CLOSED, year=plan.school_year.label)
    return plan


def begin_change(plan: Plan, *, actor: User) -> Plan:
    """Called inside a transaction before anything of a plan is written."""
    (plan,) = withdraw_requests([plan], actor=actor)
    if plan.state == PlanState.CLOSED:
        raise ValidationError(str(NOT_NOW[PlanState.CLOSED]))
    return plan


def withdraw_requests(plans: Collection[Plan], *, actor: User) -> list[Plan]:
    """Whoever changes a plan that waits for approval withdraws the request; the plans are locked."""
    found = list(_locked().filter(pk__in=[plan.pk for plan in plans]).order_by("pk"))
    for plan in found:
        if plan.state == PlanState.IN_REVIEW:
            _take_back(plan, actor)
    return found


def problems_before_submitting(plan: Plan, *, actor: User, on: date) -> Iterator[str]:
    """What keeps a plan from being handed in, with what to do; of items, those whoever hands it in can change."""
    if not plan.goals.filter(state=GoalState.OPEN.value).exists():
        yield _("Add at least one goal before you hand in the plan.")
    parts, state = parts_of(actor, plan), PlanState(plan.state)
    items = PlanItem.objects.filter(plan=plan).standing().with_facts().select_related("course")
    for item in items:
        if item.is_done or not may_change_item(state, parts, item, user_id=actor.pk):
            continue
        if is_past(item.due_on, on=on):
            words = _("“%(item)s” was due on %(day)s and is not done. Choose a later day for it, or take it out.")
            yield words % {"item": item, "day": in_words(item.due_on, Kind.DATE)}
        if item.course is not None and item.course.state == CourseState.RETIRED:
            words = _("“%(item)s” is no longer offered. Choose another course in its place, or take it out.")
            yield words % {"item": item}


def _locked() -> PlanQuerySet:
    """Plans as they stand now; who comes second waits here for the first."""
    rows: PlanQuerySet = Plan.objects.select_for_update(of=("self",)).select_related("teacher", "school_year")
    return rows


def _begin(plan: Plan, act: Act, actor: User) -> Plan:
    plan = _locked().get(pk=plan.pk)
    parts = parts_of(actor, plan)
    if not may(act, parts):
        raise PermissionDenied(_("This step is for somebody else to take."))
    if act not in acts(PlanState(plan.state), parts):
        raise ValidationError(str(NOT_NOW[PlanState(plan.state)]))
    return plan


def _decide(plan: Plan, act: Act, actor: User, comment: str = "") -> None:
    decision = PlanDecision(plan=plan, kind=KEPT_AS[act].value, comment=comment.strip(), decided_by=actor)
    decision.full_clean()
    plan.state = PlanStateName(TO_STATE[act].value)
    keep(plan, actor=actor, verb=f"plan.{KEPT_AS[act].value}", teacher=plan.teacher_id)
    decision.save()


def _take_back(plan: Plan, actor: User) -> None:
    _decide(plan, Act.TAKE_BACK, actor)
    _tell_approvers(plan, actor, by=actor.name, taken_back="True")


def _tell_approvers(plan: Plan, actor: User, **facts: Any) -> None:
    approvers = users_reaching(plan.teacher, approves(plan), on=actor.today) - {actor.pk}
    _tell(approvers, plan, Notice.Kind.PLAN_SUBMITTED, **facts)


def _tell_teacher(plan: Plan, actor: User, kind: Notice.Kind, **facts: Any) -> None:
    user_id = plan.teacher.user_id
    if user_id is not None and user_id != actor.pk:
        url = f"{reverse('learning_plans:my_plan')}?year={plan.school_year.label}"
        tell([user_id], kind=kind, url=url, **facts)


def _tell(user_ids: Collection[int], plan: Plan, kind: Notice.Kind, **facts: Any) -> None:
    url = f"{reverse('learning_plans:plan', args=[plan.teacher_id])}?year={plan.school_year.label}"
    tell(user_ids, kind=kind, url=url, **facts)
