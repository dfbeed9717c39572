"""Going on next year."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from learning_plans.actions.roll_over import roll_over
from learning_plans.models import Goal, Plan
from learning_plans.rules.choices import GoalState
from tests.factories import GoalFactory, PlanFactory, SchoolYearFactory, teacher_with_sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan():
    return PlanFactory(teacher=teacher_with_sign_in(), school_year=SchoolYearFactory(start=2024))


def test_what_goes_on_stands_in_the_draft_of_the_next_year_once(plan):
    year = SchoolYearFactory(start=2025)
    on, met, dropped, left = (GoalFactory(plan=plan) for _ in range(4))
    answers = {on.pk: GoalState.CARRIED, met.pk: GoalState.MET, dropped.pk: GoalState.DROPPED}
    for _ in range(2):
        following = roll_over(plan=plan, answers=answers, actor=plan.teacher.user)
    assert (following.school_year, following.state) == (year, "draft")
    (carried,) = following.goals.all()
    assert (carried.carried_from, carried.title, carried.state) == (on, on.title, "open")
    states = dict(Goal.objects.filter(plan=plan).values_list("pk", "state"))
    assert states == {on.pk: "carried", met.pk: "met", dropped.pk: "dropped", left.pk: "open"}
    assert Plan.objects.get(pk=plan.pk).state == "active"  # closed by a person, not by this


def test_without_a_next_school_year_it_says_whom_to_ask(plan):
    goal = GoalFactory(plan=plan)
    with pytest.raises(ValidationError, match="Ask HR"):
        roll_over(plan=plan, answers={goal.pk: GoalState.CARRIED}, actor=plan.teacher.user)
    assert Goal.objects.get(pk=goal.pk).state == "open"


def test_an_approved_plan_of_the_next_year_is_left_to_the_coach(plan):
    PlanFactory(teacher=plan.teacher, school_year=SchoolYearFactory(start=2025))
    goal = GoalFactory(plan=plan)
    with pytest.raises(ValidationError, match="approved already"):
        roll_over(plan=plan, answers={goal.pk: GoalState.CARRIED}, actor=plan.teacher.user)
