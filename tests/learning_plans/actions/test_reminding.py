"""Each reminder goes out once, to whom it concerns, and not for what is done, taken out or exempt."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from learning_plans.actions import reminding
from learning_plans.models import PlanItem, PlanReview, Reminder
from pd_tracker.notices.models import Notice
from tests.factories import (
    CompletionFactory,
    DistrictFactory,
    PairingFactory,
    PlanFactory,
    PlanItemFactory,
    RuleMemberFactory,
    SchoolYearFactory,
    UserFactory,
    employed,
    teacher_with_sign_in,
)

pytestmark = pytest.mark.django_db
ON = date(2025, 11, 3)
DAY = timedelta(days=1)


@pytest.fixture
def item():
    plan = PlanFactory(teacher=teacher_with_sign_in(), school_year=SchoolYearFactory(start=2025))
    made = PlanItemFactory(plan=plan, due_on=ON, course__title="First aid")
    PlanItem.objects.update(assigned_at=datetime(2025, 9, 1, 16, tzinfo=UTC))
    return made


@pytest.fixture
def coach(item):
    coach = UserFactory()
    PairingFactory(coach=coach, teacher=item.plan.teacher)
    PairingFactory(coach=coach, teacher=item.plan.teacher, kind="mentor")
    PairingFactory(teacher=item.plan.teacher, ended_on=ON - 30 * DAY)
    return coach


def remind(on):
    return reminding.remind_of_items(district=DistrictFactory(), on=on, at=timezone.now())


def told(user):
    return [str(notice) for notice in Notice.objects.filter(user=user).order_by("pk")]


def test_a_teacher_is_told_14_3_and_0_days_before_and_the_coach_once_it_is_overdue(item, coach):
    for days in range(-20, 20):
        remind(ON + days * DAY)
        remind(ON + days * DAY)
    assert told(item.plan.teacher.user) == [
        "“First aid” is due in 14 days.",
        "“First aid” is due in 3 days.",
        "“First aid” is due today.",
    ]
    assert told(coach) == ["“First aid” is overdue for somebody you look after."]
    assert list(Reminder.objects.order_by("pk").values_list("days_before", flat=True)) == [14, 3, 0, -1]


def test_what_was_missed_goes_out_up_to_two_days_late(item):
    assert (remind(ON - 2 * DAY), remind(ON - DAY)) == (1, 0)
    assert told(item.plan.teacher.user) == ["“First aid” is due in 2 days."]


def test_a_moved_due_day_is_reminded_of_again(item):
    remind(ON)
    PlanItem.objects.update(due_on=ON + 3 * DAY)
    assert remind(ON) == 1


def test_done_withdrawn_exempt_and_new_items_are_left_alone(item, coach):
    member = RuleMemberFactory(teacher=item.plan.teacher, item=item, exempted_at=timezone.now(), exemption_reason="X")
    assert remind(ON) == 0
    member.delete()
    PlanItem.objects.update(assigned_at=datetime(2025, 11, 3, 16, tzinfo=UTC))
    assert remind(ON) == 0
    PlanItem.objects.update(assigned_at=datetime(2025, 9, 1, tzinfo=UTC), withdrawn_at=timezone.now())
    assert remind(ON) == 0
    PlanItem.objects.update(withdrawn_at=None)
    CompletionFactory(teacher=item.plan.teacher, course=item.course, completed_on=ON)
    assert (remind(ON), remind(ON + DAY)) == (0, 0)
    assert not Notice.objects.exists()


def test_a_recommendation_is_never_overdue(item, coach):
    PlanItem.objects.update(is_required=False)
    assert (remind(ON), remind(ON + DAY)) == (1, 0)


def test_people_without_a_sign_in_and_other_districts_are_passed_over(item):
    PlanItemFactory(plan=PlanFactory(teacher=employed(), school_year=item.plan.school_year), due_on=ON)
    PlanItem.objects.update(assigned_at=datetime(2025, 9, 1, tzinfo=UTC))
    other = DistrictFactory(name="Birch Hills")
    assert reminding.remind_of_items(district=other, on=ON, at=timezone.now()) == 0
    assert remind(ON) == 1


def test_killed_midway_the_rest_follows_and_nothing_goes_out_twice(item, coach, monkeypatch):
    plans = [PlanFactory(teacher=teacher_with_sign_in(), school_year=item.plan.school_year) for _ in range(4)]
    for plan in plans:
        PlanItemFactory(plan=plan, due_on=ON)
    PlanItem.objects.update(assigned_at=datetime(2025, 9, 1, tzinfo=UTC))
    monkeypatch.setattr("learning_plans.rules.batches.BATCH", 2)
    whole, calls = reminding._tell, []

    def dies(due, *, on):
        calls.append(due)
        if len(calls) == 2:
            raise KeyboardInterrupt
        whole(due, on=on)

    monkeypatch.setattr(reminding, "_tell", dies)
    with pytest.raises(KeyboardInterrupt):
        remind(ON)
    monkeypatch.setattr(reminding, "_tell", whole)
    remind(ON)
    assert (Notice.objects.count(), Reminder.objects.count()) == (5, 5)
    assert Notice.objects.values("user").distinct().count() == 5


@pytest.mark.parametrize("count", [2, 40])
def test_reminding_asks_as_often_for_many_as_for_few(item, coach, count, django_assert_max_num_queries):
    for _ in range(count):
        plan = PlanFactory(teacher=teacher_with_sign_in(), school_year=item.plan.school_year)
        PlanItemFactory(plan=plan, course=item.course, due_on=ON)
    PlanItem.objects.update(assigned_at=datetime(2025, 9, 1, tzinfo=UTC))
    with django_assert_max_num_queries(12):
        assert remind(ON) == count + 1


def test_reviews_are_told_to_teacher_and_coach_before_and_after_their_day(item, coach):
    review = PlanReview.objects.create(plan=item.plan, planned_on=ON)
    district = DistrictFactory()
    counts = [reminding.remind_of_reviews(district=district, on=ON + days * DAY) for days in range(-4, 4)]
    assert counts == [0, 2, 0, 0, 0, 2, 0, 0]
    assert told(coach) == ["A review of a plan is due on Nov 3, 2025."] * 2
    review.planned_on = ON + 4 * DAY
    review.save()
    assert reminding.remind_of_reviews(district=district, on=ON + 2 * DAY) == 2
    review.held_on, review.decision = ON + 2 * DAY, "Go on"
    review.save()
    assert reminding.remind_of_reviews(district=district, on=ON + 9 * DAY) == 0
