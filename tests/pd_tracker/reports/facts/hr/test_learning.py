"""What the HR workbook tells of plans: nothing of drafts and of plans apart from evaluation, whoever makes it."""

from __future__ import annotations

import pytest
from django.utils import timezone

from learning_plans.models import TrainingDays, TrainingYear
from learning_plans.rules.progress import Progress
from pd_tracker.access import Operator, Role
from pd_tracker.reports.facts.hr.learning import learning, plans
from pd_tracker.reports.facts.hr.scope import Scope, year_spans
from tests.factories import (
    CompletionFactory,
    GoalFactory,
    PlanFactory,
    PlanItemFactory,
    SchoolYearFactory,
    employed,
    user_with_role,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", ["hr", "operator"])
def test_drafts_and_plans_apart_give_only_what_is_required(who):
    SchoolYearFactory()
    made = {
        "open": PlanFactory(teacher=employed(), state="in_review"),
        "draft": PlanFactory(teacher=employed(), state="draft"),
        "apart": PlanFactory(teacher=employed(), is_apart_from_evaluation=True),
    }
    for plan in made.values():
        GoalFactory(plan=plan)
        GoalFactory(plan=plan, state="dropped")
        PlanItemFactory(plan=plan, is_required=True)
        PlanItemFactory(plan=plan, is_required=False)
    reader = user_with_role(Role.HR) if who == "hr" else Operator(today=timezone.localdate())
    found = plans(Scope(reader, year_spans(reader)[0], reader.today))
    told = {name: (facts.state, facts.goals, facts.items[Progress.OPEN]) for name, plan in made.items()
            if (facts := found[plan.teacher_id])}  # fmt: skip
    assert told == {"open": ("in_review", 1, 2), "draft": ("", 0, 1), "apart": ("", 0, 1)}


def test_kept_sums_are_read_only_where_they_were_made_over_these_days():
    SchoolYearFactory()
    completion = CompletionFactory(teacher=employed(), minutes=60)
    reader = Operator(today=timezone.localdate())
    scope = Scope(reader, year_spans(reader)[0], reader.today)
    TrainingYear.objects.update(minutes=90)
    assert learning(scope)[completion.teacher_id].minutes == 90

    TrainingDays.objects.filter(year=scope.year.starts_on.year).update(ends_on=scope.year.starts_on)

    found = learning(scope)[completion.teacher_id]
    assert (found.minutes, found.last_on) == (60, completion.completed_on)
