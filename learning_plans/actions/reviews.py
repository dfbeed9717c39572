"""Planning and holding reviews: figures are frozen, the decision written and the plan changed in one step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from learning_plans.actions.figures import figures_on
from learning_plans.actions.goals import write_goal_state
from learning_plans.actions.plans import tell_of_change, write_item
from learning_plans.models import Goal, Plan, PlanItem, PlanReview
from learning_plans.rules.choices import GoalState, PlanState
from pd_tracker.notices.actions import tell
from pd_tracker.notices.models import Notice
from pd_tracker.sheets.table import Kind
from pd_tracker.web.cells import in_words
from teachers.actions.keeping import keep
from teachers.models import User


@dataclass(slots=True)
class Changes:
    """What a review changes in the plan: goals and items by their keys."""

    goals: Mapping[int, GoalState] = field(default_factory=dict)
    due: Mapping[int, date | None] = field(default_factory=dict)
    added: PlanItem | None = None


@transaction.atomic
def plan_review(*, plan: Plan, planned_on: date, actor: User, on: date) -> PlanReview:
    if plan.state == PlanState.CLOSED:
        raise ValidationError(_("This plan is closed. Plan a review in the plan of the running year."))
    if planned_on < on:
        raise ValidationError({"planned_on": _("Choose today or a later day.")})
    review = keep(PlanReview(plan=plan, planned_on=planned_on), actor=actor, verb="review.planned", plan=plan.pk)
    _tell(review, actor)
    return review


@transaction.atomic
def hold_review(
    *, review: PlanReview, decision: str, changes: Changes, next_on: date | None, actor: User, on: date
) -> PlanReview:
    """All of it stands, or none. Whoever comes second is told, and writes below the first."""
    locked = PlanReview.objects.select_for_update(of=("self",))
    review = locked.select_related("plan__school_year", "plan__teacher").get(pk=review.pk)
    _check(review, decision=decision, changes=changes, next_on=next_on, actor=actor, on=on)
    review.figures = figures_on(review.plan, on=on)
    goals, items = _change_goals(review.plan, changes, actor), _change_items(review.plan, changes, actor, on=on)
    review.changes = [*goals, *items]
    review.decision, review.held_on, review.held_by = decision, on, actor
    keep(review, actor=actor, verb="review.held", plan=review.plan_id)
    if next_on is not None and not review.plan.reviews.filter(planned_on=next_on).exists():
        keep(PlanReview(plan=review.plan, planned_on=next_on), actor=actor, verb="review.planned", plan=review.plan_id)
    if review.changes:
        url = reverse("learning_plans:review", args=[review.pk])
        what = _("what you decided in the review")
        tell_of_change(review.plan.teacher, actor=actor, what=what, url=url)
    return review


def _check(review: PlanReview, *, decision: str, changes: Changes, next_on: date | None, actor: User, on: date) -> None:
    if review.held_on is not None:
        raise ValidationError(
            _("%(name)s held this review on %(day)s. Your words are still here; add them below what was decided.")
            % {"name": review.held_by, "day": in_words(review.held_on, Kind.DATE)}
        )
    if review.plan.state == PlanState.CLOSED:
        raise ValidationError(_("This plan is closed, and keeps its own words."))
    if review.plan.teacher.user_id == actor.pk:
        raise ValidationError(_("A review is held by somebody else than the teacher."))
    if not decision.strip():
        raise ValidationError({"decision": _("Write down what was decided.")})
    if next_on is not None and next_on <= on:
        raise ValidationError({"next_on": _("Choose a day after today.")})
    days = [*changes.due.values(), changes.added.due_on if changes.added is not None else None]
    if any(day is not None and day < on for day in days):
        raise ValidationError(_("A new due day lies before today. Choose today or a later day."))


def _change_goals(plan: Plan, changes: Changes, actor: User) -> list[dict[str, Any]]:
    found = []
    for goal in Goal.objects.filter(plan=plan, pk__in=changes.goals).select_related("plan__teacher"):
        before, after = goal.state, changes.goals[goal.pk]
        if before != after.value:
            write_goal_state(goal, after, actor=actor)
            found.append({"what": "goal", "title": goal.title, "before": before, "after": goal.state})
    return found


def _change_items(plan: Plan, changes: Changes, actor: User, *, on: date) -> list[dict[str, Any]]:
    found = []
    items = PlanItem.objects.standing().filter(plan=plan, pk__in=changes.due)
    for item in items.select_related("course", "plan", "goal"):
        before, item.due_on = item.due_on, changes.due[item.pk]
        if item.due_on != before:
            write_item(item, plan.teacher, actor=actor, on=on)
            found.append({"what": "due", "title": str(item), "before": _iso(before), "after": _iso(item.due_on)})
    if changes.added is not None:
        changes.added.plan = plan
        write_item(changes.added, plan.teacher, actor=actor, on=on)
        found.append({"what": "added", "title": str(changes.added), "before": "", "after": _iso(changes.added.due_on)})
    return found


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


@transaction.atomic
def add_words(*, review: PlanReview, words: str, actor: User, on: date) -> PlanReview:
    """What was decided stays; what is said later stands below it, with name and day."""
    review = PlanReview.objects.select_for_update(of=("self",)).select_related("plan").get(pk=review.pk)
    if review.held_on is None:
        raise ValidationError(_("Hold the review first, then you can add to it."))
    if not words.strip():
        raise ValidationError({"words": _("Write what you would like to add.")})
    review.changes = [*review.changes, {"what": "words", "title": words, "before": actor.name, "after": _iso(on)}]
    return keep(review, actor=actor, verb="review.added_to", plan=review.plan_id)


def _tell(review: PlanReview, actor: User) -> None:
    teacher = review.plan.teacher
    if teacher.user_id is not None and teacher.user_id != actor.pk:
        day = review.planned_on.isoformat()
        tell([teacher.user_id], kind=Notice.Kind.REVIEW_DUE, url=reverse("learning_plans:my_plan"), day=day)
