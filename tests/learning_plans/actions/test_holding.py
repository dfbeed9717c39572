"""Keeping rules true from day to day."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from learning_plans.actions import holding
from learning_plans.actions.holding import hold_rule
from learning_plans.models import AssignmentRule, Plan, PlanItem, RuleMember
from pd_tracker.audit.models import AuditEvent
from pd_tracker.notices.models import Notice
from tests.factories import (
    AssignmentRuleFactory,
    CompletionFactory,
    PlanFactory,
    PlanItemFactory,
    SchoolYearFactory,
    UserFactory,
    employed,
    teacher_with_sign_in,
)

pytestmark = pytest.mark.django_db
ON = date(2025, 11, 3)
DAY = timedelta(days=1)


@pytest.fixture
def year():
    return SchoolYearFactory(start=2025)


@pytest.fixture
def rule(year):
    return AssignmentRuleFactory(name="Safety", due_rule="fixed", due_on=ON + 60 * DAY, note="Before winter")


def hold(rule, on=ON, **given):
    return hold_rule(rule=rule, on=on, at=timezone.now(), **given)


def leave_district(teacher, on):
    for row in (teacher.employments.get(), *teacher.assignments.all()):
        row.ended_on = on
        row.save()


def test_a_newcomer_gets_plan_item_notice_trail_and_history(rule, year):
    teacher, actor = teacher_with_sign_in(), UserFactory()
    held = hold(rule, actor=actor)
    assert (held.joined, held.left, held.assigned) == (1, 0, 1)
    member = RuleMember.objects.get()
    item = member.item
    assert (member.teacher, member.joined_on, item.plan.teacher, item.plan.school_year) == (teacher, ON, teacher, year)
    assert (item.course, item.due_on, item.note, item.is_required, item.assigned_by) == (
        rule.course, ON + 60 * DAY, "Before winter", True, None,
    )  # fmt: skip
    assert "goes by the rule “Safety”" in str(Notice.objects.get(user=teacher.user))
    assert AuditEvent.objects.get(verb="training.assigned").subject_id == str(item.pk)
    assert {row.history_user for row in (*item.history.all(), *member.history.all())} == {actor}
    rule.refresh_from_db()
    assert (rule.checked_on, rule.history.count()) == (ON, 1)


def test_holding_again_changes_nothing(rule):
    teacher_with_sign_in()
    hold(rule)
    again = hold(rule, ON + DAY)
    assert (again.joined, again.left, again.assigned) == (0, 0, 0)
    assert (PlanItem.objects.count(), Notice.objects.count(), RuleMember.history.count()) == (1, 1, 2)


def test_who_has_the_course_in_the_plan_keeps_that_item_and_it_becomes_required(rule, year):
    plan, coach = PlanFactory(teacher=employed(), school_year=year), UserFactory()
    item = PlanItemFactory(plan=plan, course=rule.course, assigned_by=coach, is_required=False, due_on=ON + DAY)
    assert hold(rule).assigned == 0
    item.refresh_from_db()
    assert (PlanItem.objects.get(), RuleMember.objects.get().item) == (item, item)
    assert (item.is_required, item.due_on, item.assigned_by) == (True, ON + DAY, coach)


def test_a_leaver_loses_what_is_open_and_is_told(rule):
    teacher = teacher_with_sign_in()
    hold(rule)
    leave_district(teacher, ON)
    assert hold(rule, ON + DAY).left == 1
    member = RuleMember.objects.get()
    assert member.left_on == ON + DAY
    assert member.item.withdrawn_at is not None
    notice = Notice.objects.filter(user=teacher.user).first()
    assert (notice.kind, "“Safety”" in str(notice)) == (Notice.Kind.TRAINING_WITHDRAWN, True)


def test_a_leaver_keeps_what_is_done_what_a_coach_assigned_and_what_another_rule_asks_for(rule, year):
    done, coached, twice = employed(), employed(), employed()
    PlanItemFactory(plan=PlanFactory(teacher=coached, school_year=year), course=rule.course, assigned_by=UserFactory())
    other = AssignmentRuleFactory(course=rule.course, audience="people")
    other.people.set([twice])
    hold(rule)
    hold(other)
    CompletionFactory(teacher=done, course=rule.course, completed_on=ON)
    rule.subject = "Chemistry"
    rule.save()
    assert hold(rule).left == 3
    assert PlanItem.objects.standing().count() == 3
    other.people.clear()
    hold(other)
    assert set(PlanItem.objects.standing().values_list("plan__teacher", flat=True)) == {done.pk, coached.pk}


def test_an_item_taken_out_by_hand_comes_back_while_the_rule_holds(rule):
    employed()
    hold(rule)
    PlanItem.objects.update(withdrawn_at=timezone.now())
    assert hold(rule, ON + DAY).assigned == 1
    assert RuleMember.objects.get().item == PlanItem.objects.standing().get()


def test_exempt_people_get_nothing_new_and_are_exempt_again_when_they_come_back(rule):
    employed()
    hold(rule)
    member = RuleMember.objects.get()
    member.exempted_at, member.exemption_reason = timezone.now(), "On loan"
    member.save()
    PlanItem.objects.update(withdrawn_at=timezone.now())
    assert hold(rule, ON + DAY).assigned == 0
    for subject, on in (("Chemistry", ON + 2 * DAY), ("", ON + 3 * DAY)):
        rule.subject = subject
        rule.save()
        hold(rule, on)
    new = RuleMember.objects.live().get()
    assert (new.joined_on, new.exemption_reason, new.item) == (ON + 3 * DAY, "On loan", None)


def test_what_stayed_open_goes_on_into_the_plan_of_the_next_year_without_another_notice(rule):
    teacher = teacher_with_sign_in()
    hold(rule)
    old, next_year = PlanItem.objects.get(), SchoolYearFactory(start=2026)
    hold(rule, next_year.starts_on)
    old.refresh_from_db()
    new = PlanItem.objects.standing().get()
    assert old.withdrawn_at is not None
    assert (new.plan.school_year, new.due_on, RuleMember.objects.get().item) == (next_year, old.due_on, new)
    assert Notice.objects.filter(user=teacher.user).count() == 1


def test_a_closed_plan_is_left_alone(rule, year):
    PlanFactory(teacher=employed(), school_year=year, state="closed")
    assert (hold(rule).joined, PlanItem.objects.count(), RuleMember.objects.get().item) == (1, 0, None)


def test_nobody_joins_for_a_course_that_is_no_longer_offered_and_nobody_joins_an_ended_rule(rule):
    teacher = employed()
    rule.course.state = "retired"
    rule.course.save()
    assert hold(rule).joined == 0
    rule.ended_at = timezone.now()
    rule.save()
    assert holding.join(rule, [teacher.pk], actor=None, on=ON) == 0


def test_without_a_school_year_nothing_is_written():
    employed()
    with pytest.raises(ValidationError, match="school year of today is not set up"):
        hold(AssignmentRuleFactory())
    assert (RuleMember.objects.count(), Plan.objects.count()) == (0, 0)


def test_killed_midway_the_next_run_finishes_without_doubles(rule, monkeypatch):
    for _ in range(5):
        teacher_with_sign_in()
    monkeypatch.setattr("learning_plans.rules.batches.BATCH", 2)

    def dies(count):
        if count > 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        hold(rule, told=dies)
    hold(rule)
    assert (RuleMember.objects.count(), PlanItem.objects.count(), Notice.objects.count()) == (5, 5, 5)


@pytest.mark.parametrize("count", [2, 40])
def test_holding_asks_as_often_for_many_as_for_few(rule, count, django_assert_max_num_queries):
    for _ in range(count):
        teacher_with_sign_in()
    with django_assert_max_num_queries(56):
        hold(rule)


@pytest.mark.postgres_only
@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_do_nothing_twice():
    SchoolYearFactory(start=2025)
    rule = AssignmentRuleFactory()
    for _ in range(30):
        teacher_with_sign_in()
    ready = threading.Barrier(2)

    def run():
        try:
            own = AssignmentRule.objects.get(pk=rule.pk)
            ready.wait()
            hold(own)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not transaction.get_connection().in_atomic_block
    assert (RuleMember.objects.count(), PlanItem.objects.count(), Notice.objects.count()) == (30, 30, 30)
