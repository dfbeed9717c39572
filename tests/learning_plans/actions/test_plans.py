"""Assigning training and writing to plans."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from learning_plans.actions import plans as actions
from learning_plans.models import Plan, PlanItem
from pd_tracker.audit.models import AuditEvent
from pd_tracker.notices.models import Notice
from tests.factories import (
    CourseFactory,
    PlanFactory,
    PlanItemFactory,
    SchoolYearFactory,
    UserFactory,
    employed,
    teacher_with_sign_in,
)

pytestmark = pytest.mark.django_db
TODAY = date(2025, 11, 3)


@pytest.fixture
def year():
    return SchoolYearFactory(start=2025)


@pytest.fixture
def coach():
    return UserFactory(name="Cora Coach")


def assign(teachers, coach, **changes):
    given = {"course": CourseFactory(), "due_on": TODAY, "note": "For Monday", "is_required": True, "on": TODAY}
    return actions.assign_training(teachers=teachers, coach=coach, **given | changes)


def test_assigning_makes_plan_item_notice_trail_and_history(year, coach):
    teacher = teacher_with_sign_in()
    (item,) = assign([teacher], coach).items
    assert (item.plan.teacher, item.plan.school_year, item.note) == (teacher, year, "For Monday")
    notice = Notice.objects.get(user=teacher.user)
    assert (notice.kind, notice.facts["by"]) == (Notice.Kind.TRAINING_ASSIGNED, "Cora Coach")
    assert AuditEvent.objects.get(verb="training.assigned").actor == coach
    assert item.history.get().history_user == coach


def test_somebody_who_has_the_course_already_is_named_not_doubled(year, coach):
    course, one, two = CourseFactory(), employed(), employed()
    assign([one], coach, course=course)
    again = assign([one, two], coach, course=course)
    assert [item.plan.teacher for item in again.items] == [two]
    assert again.already_had == [one]
    assert str(again) == "Assigned to 1 person. 1 already has it in their plan."


def test_a_withdrawn_course_can_be_assigned_again(year, coach):
    course, teacher = CourseFactory(), employed()
    actions.withdraw_items(items=assign([teacher], coach, course=course).items, actor=coach, at=timezone.now())
    assert len(assign([teacher], coach, course=course).items) == 1


def test_a_due_day_before_today_is_refused_at_its_field(year, coach):
    with pytest.raises(ValidationError) as refused:
        assign([employed()], coach, due_on=TODAY - timedelta(days=1))
    assert refused.value.message_dict == {"due_on": ["Choose today or a later day."]}
    assert not PlanItem.objects.exists()


def test_a_due_day_may_go_by_the_day_each_was_hired(year, coach):
    new, old = employed(since=TODAY - timedelta(days=10)), employed()
    made = assign([new, old], coach, due_on=None, due_after_hire=60).items
    days = {item.plan.teacher: item.due_on for item in made}
    assert days == {new: TODAY + timedelta(days=50), old: TODAY + timedelta(days=30)}
    with pytest.raises(ValidationError) as refused:
        assign([new], coach, due_after_hire=60)
    assert set(refused.value.message_dict) == {"due_after_hire"}


def test_without_a_school_year_nothing_is_written(coach):
    with pytest.raises(ValidationError, match="school year of today is not set up"):
        assign([employed()], coach)
    assert not Plan.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_assigning_costs_a_constant_number_of_queries_but_for_the_trail(
    year, coach, count, django_assert_max_num_queries
):
    teachers = [employed() for _ in range(count)]
    course = CourseFactory()
    with django_assert_max_num_queries(17 + count):
        assign(teachers, coach, course=course)


def test_withdrawing_tells_the_teacher_once_and_can_be_undone(year, coach):
    teacher = teacher_with_sign_in()
    (item,) = assign([teacher], coach).items
    assert actions.withdraw_items(items=[item], actor=coach, at=timezone.now()) == 1
    assert actions.withdraw_items(items=[item], actor=coach, at=timezone.now()) == 0
    assert Notice.objects.filter(kind=Notice.Kind.TRAINING_WITHDRAWN).count() == 1
    actions.restore_item(item=item, actor=coach)
    assert PlanItem.objects.standing().get() == item


def test_restoring_beside_a_second_item_of_the_same_course_is_refused(year, coach):
    course, teacher = CourseFactory(), employed()
    (item,) = assign([teacher], coach, course=course).items
    actions.withdraw_items(items=[item], actor=coach, at=timezone.now())
    assign([teacher], coach, course=course)
    with pytest.raises(ValidationError, match="already in the plan"):
        actions.restore_item(item=item, actor=coach)


def test_an_item_is_a_course_or_a_task_not_both(year, coach):
    both = PlanItem(course=CourseFactory(), task="Visit a colleague")
    with pytest.raises(ValidationError, match="Choose a course or describe a task"):
        actions.save_item(item=both, teacher=employed(), actor=coach, on=TODAY)


def test_only_a_task_is_marked_done(year, coach):
    task = PlanItemFactory(plan=PlanFactory(school_year=year), course=None, task="Visit a colleague")
    assert actions.mark_task(item=task, done_on=TODAY, actor=coach).task_done_on == TODAY
    course = PlanItemFactory(plan=task.plan)
    with pytest.raises(ValidationError, match="A course is done when its completion is recorded"):
        actions.mark_task(item=course, done_on=TODAY, actor=coach)
