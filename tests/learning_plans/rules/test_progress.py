"""Where an item stands, and that the query agrees with the rule on every boundary day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from learning_plans.models import PlanItem
from learning_plans.rules.choices import EnrollmentState
from learning_plans.rules.progress import DUE_SOON, NextStep, Progress, next_step, progress
from tests.factories import (
    CompletionFactory,
    CourseFactory,
    EnrollmentFactory,
    PlanFactory,
    PlanItemFactory,
    RuleMemberFactory,
    SchoolYearFactory,
    SessionFactory,
)

TODAY = date(2025, 11, 3)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("due_on", "is_required", "is_done", "expected"),
    [
        (TODAY - DAY, True, False, Progress.OVERDUE),
        (TODAY - DAY, False, False, Progress.OPEN),
        (TODAY - DAY, True, True, Progress.DONE),
        (TODAY, True, False, Progress.DUE_SOON),
        (TODAY + DUE_SOON, True, False, Progress.DUE_SOON),
        (TODAY + DUE_SOON + DAY, True, False, Progress.OPEN),
        (None, True, False, Progress.OPEN),
    ],
)
def test_progress(due_on, is_required, is_done, expected):
    assert progress(due_on=due_on, is_required=is_required, is_done=is_done, on=TODAY) is expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"is_done": True}, NextStep.NOTHING),
        ({"is_task": True}, NextStep.DO_TASK),
        ({"is_pending": True, "enrollment": EnrollmentState.ATTENDED}, NextStep.APPROVAL),
        ({"enrollment": EnrollmentState.REGISTERED}, NextStep.ATTEND),
        ({"enrollment": EnrollmentState.WAITLISTED}, NextStep.WAIT_FOR_SEAT),
        ({"enrollment": EnrollmentState.ATTENDED}, NextStep.RECORD),
        ({"enrollment": EnrollmentState.NO_SHOW}, NextStep.REGISTER),
        ({}, NextStep.REGISTER),
    ],
)
def test_next_step_names_the_one_thing_missing(facts, expected):
    given = {"is_task": False, "is_done": False, "is_pending": False, "enrollment": None} | facts
    assert next_step(**given) is expected


@pytest.mark.django_db
@pytest.mark.parametrize("due_on", [None, *(TODAY + DAY * n for n in (-1, 0, 1, 29, 30, 31))])
@pytest.mark.parametrize("is_required", [True, False])
@pytest.mark.parametrize("completion", [None, "pending", "approved", "voided"])
@pytest.mark.parametrize("exempted", [None, False, True])
def test_query_and_rule_agree(due_on, is_required, completion, exempted):
    plan = PlanFactory(school_year=SchoolYearFactory(start=2025))
    item = PlanItemFactory(plan=plan, due_on=due_on, is_required=is_required)
    if exempted is not None:
        given = {"exempted_at": timezone.now(), "exemption_reason": "On loan"} if exempted else {}
        RuleMemberFactory(teacher=plan.teacher, item=item, **given)
    if completion:
        reason = "Entered twice" if completion == "voided" else ""
        CompletionFactory(
            teacher=plan.teacher, course=item.course, completed_on=TODAY, state=completion, void_reason=reason
        )
    stands = PlanItem.objects.with_facts().get(pk=item.pk).progress(on=TODAY)
    assert (stands is Progress.EXEMPT) == (exempted is True and completion != "approved")
    assert PlanItem.objects.overdue(on=TODAY).exists() == (stands is Progress.OVERDUE)
    assert PlanItem.objects.due_soon(on=TODAY).exists() == (stands is Progress.DUE_SOON)


@pytest.mark.django_db
def test_an_exemption_from_one_rule_is_none_from_another_or_from_one_that_is_over():
    item = PlanItemFactory(due_on=TODAY - DAY, plan__school_year=SchoolYearFactory(start=2025))
    exempt = {"exempted_at": timezone.now(), "exemption_reason": "On loan"}
    member = RuleMemberFactory(teacher=item.plan.teacher, item=item, **exempt)
    other = RuleMemberFactory(teacher=item.plan.teacher, item=item)
    assert PlanItem.objects.overdue(on=TODAY).exists()
    other.left_on = TODAY
    other.save()
    assert not PlanItem.objects.overdue(on=TODAY).exists()
    member.left_on = TODAY
    member.save()
    assert PlanItem.objects.overdue(on=TODAY).exists()


@pytest.mark.django_db
def test_a_completion_from_before_the_school_year_does_not_count_for_its_plan():
    year = SchoolYearFactory(start=2025)
    item = PlanItemFactory(plan=PlanFactory(school_year=year), course=CourseFactory())
    CompletionFactory(teacher=item.plan.teacher, course=item.course, completed_on=year.starts_on - DAY)
    assert PlanItem.objects.with_facts().get().is_done is False
    CompletionFactory(teacher=item.plan.teacher, course=item.course, completed_on=year.starts_on)
    assert PlanItem.objects.with_facts().get().is_done is True


@pytest.mark.django_db
def test_last_years_session_says_nothing_about_this_years_plan():
    item = PlanItemFactory(plan=PlanFactory(school_year=SchoolYearFactory(start=2025)))
    last_year = SessionFactory(
        course=item.course,
        starts_at=datetime(2025, 3, 3, 16, tzinfo=UTC),
        ends_at=datetime(2025, 3, 3, 18, tzinfo=UTC),
    )
    EnrollmentFactory(teacher=item.plan.teacher, session=last_year, state="completed")
    assert PlanItem.objects.with_facts().get().next_step is NextStep.REGISTER
