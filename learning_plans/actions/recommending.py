"""What follows from a recommendation: adding, asking for a run, saying what one thinks; and how courses are weighed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from learning_plans.actions.plans import save_item
from learning_plans.models import (
    Completion,
    Course,
    CourseEstimate,
    CourseOpinion,
    CourseWish,
    Goal,
    Need,
    Plan,
    PlanItem,
    RecommendationWeights,
)
from learning_plans.rules.choices import CompletionState, GoalState
from learning_plans.rules.recommending import CourseResult, PartName
from pd_tracker.access import Reader
from pd_tracker.audit.actions import record
from teachers.actions.keeping import keep
from teachers.models import Kpi, Teacher, User


@transaction.atomic
def add_to_plan(*, need: Need, course: Course, actor: User, on: date) -> PlanItem:
    """A course of one's own choice for a need, under the goal that answers the need if this year's plan has one."""
    plans = Plan.objects.filter(teacher=need.teacher_id).current(on=on)
    goal = Goal.objects.filter(need=need, state=GoalState.OPEN.value, plan__in=plans).first()
    item = PlanItem(course=course, goal=goal, is_required=False)
    return save_item(item=item, teacher=need.teacher, actor=actor, on=on)


@transaction.atomic
def ask_for_run(*, teacher: Teacher, course: Course, actor: User, at: datetime) -> CourseWish:
    wish = CourseWish(teacher=teacher, course=course, wished_at=at)
    return keep(wish, actor=actor, verb="course.asked_for", teacher=teacher.pk)


@transaction.atomic
def take_wish_back(*, wish: CourseWish, actor: User) -> None:
    record(actor=actor, verb="course.asked_for_no_more", subject=wish, teacher=wish.teacher_id)
    wish.delete()


@transaction.atomic
def give_opinion(*, completion: Completion, stars: int, actor: User, at: datetime) -> CourseOpinion:
    """One's own answer about a course one completed; giving another one changes it."""
    if completion.teacher.user_id != actor.pk:
        raise ValidationError(_("Only who completed a course says whether they would recommend it."))
    if completion.state != CompletionState.APPROVED:
        raise ValidationError(_("You can say what you think once the completion is approved."))
    opinion = CourseOpinion.objects.filter(completion=completion).first() or CourseOpinion(completion=completion)
    opinion.stars, opinion.given_at = stars, at
    # The trail says that there is an answer, never which.
    return keep(opinion, actor=actor, verb="opinion.given", teacher=completion.teacher_id)


@transaction.atomic
def save_weights(*, weights: RecommendationWeights, actor: User, reason: str) -> RecommendationWeights:
    if not any(getattr(weights, part.value) for part in PartName):
        raise ValidationError(_("Give at least one part a weight above 0; else no course comes before another."))
    if not reason.strip():
        raise ValidationError({"reason": _("Say why. It is kept with the change.")})
    return keep(weights, actor=actor, verb="recommendations.weighed", reason=reason)


@transaction.atomic
def keep_estimates(*, results: Collection[CourseResult], actor: Reader | None, on: date) -> None:
    """Puts the results of a new comparison in place of all earlier ones."""
    CourseEstimate.objects.all().delete()
    kpis = dict(Kpi.objects.values_list("code", "pk"))
    for made in results:
        numbers = {name: getattr(made, name) for name in ("unit", "is_better", "value", "low", "high", "teachers")}
        estimate = CourseEstimate(course_id=made.course, kpi_id=kpis[made.kpi], made_on=on, **numbers)
        estimate.full_clean()
        estimate.save()
    record(actor=actor, verb="recommendations.compared", results=len(results))
