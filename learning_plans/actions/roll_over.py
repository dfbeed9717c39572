"""Next year's plan out of this year's: what goes on is carried over, once."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from learning_plans.actions.plan_life import begin_change
from learning_plans.actions.plans import parts_writing, plans_of
from learning_plans.models import Goal, Plan
from learning_plans.models.choices import GoalStateName
from learning_plans.rules.choices import GoalState, PlanState
from learning_plans.rules.plan_life import may_write_goals
from pd_tracker.audit.actions import record
from teachers.actions.keeping import keep, lock
from teachers.models import SchoolYear, User

CARRIED = ("title", "reason", "measure", "competency", "need", "kpi", "baseline", "baseline_on", "baseline_students")


def year_after(year: SchoolYear) -> SchoolYear:
    later = SchoolYear.objects.filter(district=year.district_id, starts_on__gt=year.ends_on).order_by("starts_on")
    found: SchoolYear | None = later.first()
    if found is None:
        words = _("The school year after %(year)s is not set up yet. Ask HR to load a roster of it, then come back.")
        raise ValidationError(words % {"year": year})
    return found


@transaction.atomic
def roll_over(*, plan: Plan, answers: Mapping[int, GoalState], actor: User) -> Plan:
    """Answers say of each open goal whether it is carried on, met or dropped; a goal answered before stays as it is."""
    lock(plan.teacher)  # who sends the form twice waits here, and then finds no open goal
    year = year_after(plan.school_year)
    following = plans_of([plan.teacher], year=year, actor=actor)[plan.teacher_id]
    following = begin_change(following, actor=actor)
    if not may_write_goals(PlanState(following.state), parts_writing(plan.teacher, actor)):
        words = _("The plan of %(year)s is approved already. Change it together with your coach.")
        raise ValidationError(words % {"year": year})
    for goal in Goal.objects.filter(plan=plan, state=GoalState.OPEN.value):
        state = answers.get(goal.pk, GoalState.OPEN)
        if state is not GoalState.OPEN:
            _answer(goal, state, following, actor)
    record(actor=actor, verb="plan.rolled_over", subject=plan, teacher=plan.teacher_id, into=following.pk)
    return following


def _answer(goal: Goal, state: GoalState, following: Plan, actor: User) -> None:
    if state is GoalState.CARRIED:
        same = {name: getattr(goal, name) for name in (*CARRIED, "target")}
        new = Goal(plan=following, carried_from=goal, set_by=actor, **same)
        keep(new, actor=actor, verb="goal.carried", teacher=following.teacher_id)
    goal.state = GoalStateName(state.value)
    keep(goal, actor=actor, verb=f"goal.{state.value}", teacher=following.teacher_id)
