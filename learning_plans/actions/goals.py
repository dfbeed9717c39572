"""Goals of plans: their words, their measure with where it stood when they were set, and what became of them."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from simple_history.utils import bulk_update_with_history

from learning_plans.actions.plan_life import begin_change
from learning_plans.actions.plans import parts_writing, plan_written, tell_of_change
from learning_plans.models import Goal
from learning_plans.models.choices import GoalStateName
from learning_plans.querysets.measures import figures_of
from learning_plans.rules.choices import GoalState, PlanState
from learning_plans.rules.measures import FEWEST_STUDENTS, is_better
from learning_plans.rules.plan_life import may_write_goals
from learning_plans.rules.reviews import DECIDABLE
from pd_tracker.audit.actions import record
from teachers.actions.keeping import keep
from teachers.models import Kpi, Teacher, User


@transaction.atomic
def save_goal(*, goal: Goal, teacher: Teacher, actor: User, on: date) -> Goal:
    if goal._state.adding:
        goal.plan, goal.set_by = plan_written(goal, teacher, actor=actor, on=on), actor
        goal.place = goal.plan.goals.count()
    _may_write(goal, teacher, actor)
    freeze_measure(goal, teacher, on=on)
    keep(goal, actor=actor, verb="goal.saved", teacher=teacher.pk)
    tell_of_change(teacher, actor=actor, what=goal.title)
    return goal


@transaction.atomic
def set_goal_state(*, goal: Goal, state: GoalState, actor: User) -> Goal:
    """Open, met or dropped; that it goes on is said by the plan of the next year."""
    write_goal_state(goal, state, actor=actor)
    tell_of_change(goal.plan.teacher, actor=actor, what=goal.title)
    return goal


def write_goal_state(goal: Goal, state: GoalState, *, actor: User) -> None:
    """Called inside a transaction by whoever then tells the teacher."""
    teacher = goal.plan.teacher
    _may_write(goal, teacher, actor)
    if state not in DECIDABLE or goal.state == GoalState.CARRIED:
        raise ValidationError(_("A goal that goes on next year is changed in that year's plan."))
    goal.state = GoalStateName(state.value)
    keep(goal, actor=actor, verb=f"goal.{state.value}", teacher=teacher.pk)


@transaction.atomic
def move_up(*, goal: Goal, actor: User) -> None:
    """Before the goal that stands above it."""
    teacher = goal.plan.teacher
    _may_write(goal, teacher, actor)
    goals = list(Goal.objects.filter(plan=goal.plan).standing())
    place = goals.index(goal)
    if place:
        goals[place - 1 : place + 1] = goals[place], goals[place - 1]
    for number, each in enumerate(goals):
        each.place = number
    bulk_update_with_history(goals, Goal, ["place"], default_user=actor)
    record(actor=actor, verb="goal.moved", subject=goal, teacher=teacher.pk)


def freeze_measure(goal: Goal, teacher: Teacher, *, on: date) -> None:
    """Where the figure stood is kept once, when it becomes the measure of the goal."""
    if goal.kpi is None:
        goal.baseline = goal.baseline_on = goal.baseline_students = goal.target = None
        return
    is_chosen = not Goal.objects.filter(pk=goal.pk, kpi=goal.kpi).exists()
    if is_chosen or goal.baseline is None:
        _freeze(goal, goal.kpi, teacher, is_chosen=is_chosen, on=on)
    if goal.target is None and is_chosen:
        raise ValidationError({"target": _("Say which figure you want to reach.")})
    if goal.target is not None and goal.baseline is not None:
        _refuse_wrong_side(goal, goal.kpi)


def _freeze(goal: Goal, kpi: Kpi, teacher: Teacher, *, is_chosen: bool, on: date) -> None:
    figures = figures_of(teacher, kpi_ids={kpi.pk}).get(kpi.pk)
    if figures:
        newest = figures[-1]
        goal.baseline, goal.baseline_on = newest.value, min(newest.ends_on, on)
        goal.baseline_students = newest.students
    elif is_chosen:
        words = _("There is no figure of at least %(students)d students yet. Describe in words how you will know.")
        raise ValidationError({"kpi": words % {"students": FEWEST_STUDENTS}})


def _refuse_wrong_side(goal: Goal, kpi: Kpi) -> None:
    is_up = kpi.better == Kpi.Better.HIGHER
    if is_better(goal.target, goal.baseline, higher_is_better=is_up):  # type: ignore[arg-type]
        return
    above = _("Here higher is better: choose a target above %(baseline)s, where the figure stood.")
    below = _("Here lower is better: choose a target below %(baseline)s, where the figure stood.")
    baseline = f"{goal.baseline.normalize():f}"  # type: ignore[union-attr]
    raise ValidationError({"target": (above if is_up else below) % {"baseline": baseline}})


def _may_write(goal: Goal, teacher: Teacher, actor: User) -> None:
    plan = begin_change(goal.plan, actor=actor)
    if not may_write_goals(PlanState(plan.state), parts_writing(teacher, actor)):
        raise ValidationError(_("This plan is approved. Change its goals together with your coach."))
