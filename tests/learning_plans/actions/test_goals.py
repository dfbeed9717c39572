"""Setting goals, with where their figure stood."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from learning_plans.actions.goals import save_goal, set_goal_state
from learning_plans.models import Goal
from learning_plans.rules.choices import GoalState
from pd_tracker.notices.models import Notice
from teachers.models import Kpi
from tests.factories import (
    GoalFactory,
    KpiFactory,
    KpiValueFactory,
    PlanFactory,
    SchoolYearFactory,
    UserFactory,
    teacher_with_sign_in,
)

pytestmark = pytest.mark.django_db
TODAY = date(2025, 11, 3)


@pytest.fixture
def teacher():
    SchoolYearFactory(start=2025)
    return teacher_with_sign_in()


@pytest.fixture
def kpi(teacher):
    """Two classes last year and one, too small, the year before."""
    kpi = KpiFactory(code="growth")
    for value, n in ((40, 10), (50, 30)):
        KpiValueFactory(
            teacher=teacher, kpi=kpi, school_year=SchoolYearFactory(start=2024), value=value, n=n, section=str(n)
        )
    KpiValueFactory(teacher=teacher, kpi=kpi, school_year=SchoolYearFactory(start=2023), value=90, n=9)
    return kpi


def test_a_first_goal_makes_the_plan(teacher):
    coach = UserFactory()
    goal = save_goal(goal=Goal(title="Ask open questions"), teacher=teacher, actor=coach, on=TODAY)
    assert (goal.plan.teacher, goal.set_by, goal.history.get().history_user) == (teacher, coach, coach)
    assert Notice.objects.get(user=teacher.user).facts["what"] == "Ask open questions"


def test_where_the_figure_stood_is_kept_with_its_day(teacher, kpi):
    goal = Goal(title="Growth", kpi=kpi, target=Decimal(50))
    save_goal(goal=goal, teacher=teacher, actor=teacher.user, on=TODAY)
    assert (goal.baseline, goal.baseline_students) == (Decimal("47.5"), 40)
    assert goal.baseline_on == SchoolYearFactory(start=2024).ends_on
    KpiValueFactory(teacher=teacher, kpi=kpi, school_year=SchoolYearFactory(start=2025), value=60, n=20)
    goal.title = "More growth"
    assert save_goal(goal=goal, teacher=teacher, actor=teacher.user, on=TODAY).baseline == Decimal("47.5")


@pytest.mark.parametrize(
    ("better", "target", "words"),
    [("higher", 47, "above 47.5"), ("lower", 48, "below 47.5"), ("higher", None, "which figure you want to reach")],
)
def test_a_target_lies_on_the_better_side(teacher, kpi, better, target, words):
    Kpi.objects.filter(pk=kpi.pk).update(better=better)
    goal = Goal(title="Growth", kpi=Kpi.objects.get(pk=kpi.pk), target=target and Decimal(target))
    with pytest.raises(ValidationError) as refused:
        save_goal(goal=goal, teacher=teacher, actor=teacher.user, on=TODAY)
    assert words in refused.value.message_dict["target"][0]


def test_without_enough_students_a_figure_is_no_measure(teacher):
    goal = Goal(title="Growth", kpi=KpiFactory(code="attendance"), target=Decimal(50))
    with pytest.raises(ValidationError) as refused:
        save_goal(goal=goal, teacher=teacher, actor=teacher.user, on=TODAY)
    assert "10 students" in refused.value.message_dict["kpi"][0]


def test_taking_the_figure_away_takes_its_numbers_away(teacher, kpi):
    goal = Goal(title="Growth", kpi=kpi, target=Decimal(50))
    save_goal(goal=goal, teacher=teacher, actor=teacher.user, on=TODAY)
    goal.kpi = None
    save_goal(goal=goal, teacher=teacher, actor=teacher.user, on=TODAY)
    assert (goal.baseline, goal.baseline_on, goal.baseline_students, goal.target) == (None, None, None, None)


def test_goals_of_an_approved_plan_change_with_the_coach(teacher):
    goal = GoalFactory(plan=PlanFactory(teacher=teacher))
    with pytest.raises(ValidationError, match="together with your coach"):
        save_goal(goal=goal, teacher=teacher, actor=teacher.user, on=TODAY)
    assert set_goal_state(goal=goal, state=GoalState.MET, actor=UserFactory()).state == "met"


def test_that_a_goal_goes_on_is_not_said_by_hand(teacher):
    goal = GoalFactory(plan=PlanFactory(teacher=teacher))
    with pytest.raises(ValidationError, match="that year's plan"):
        set_goal_state(goal=goal, state=GoalState.CARRIED, actor=UserFactory())
