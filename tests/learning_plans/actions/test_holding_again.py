"""Training that comes back, in plans from day to day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from learning_plans.actions import holding
from learning_plans.actions.assigning import change_rule, check_rule
from learning_plans.actions.holding import hold_rule
from learning_plans.models import PlanItem, RuleMember
from pd_tracker.access import Role
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
    user_with_role,
)

pytestmark = pytest.mark.django_db
ON = date(2025, 11, 3)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def years():
    return [SchoolYearFactory(start=start) for start in (2025, 2026, 2027)]


@pytest.fixture
def yearly():
    return AssignmentRuleFactory(repeats="school_year", due_rule="fixed", due_on=date(2025, 12, 15), early_days=60)


@pytest.fixture
def renewed():
    about = {"due_rule": "after_hire", "due_days": 180, "every_years": 1, "early_days": 60}
    return AssignmentRuleFactory(repeats="completion", **about)


def hold(rule, on=ON):
    return hold_rule(rule=rule, on=on, at=timezone.now())


def complete(rule, teacher, on, **given):
    return CompletionFactory(teacher=teacher, course=rule.course, completed_on=on, **given)


def asked():
    """Of each item that stands: its due day, from when training counts for it, and whether that was done."""
    items = PlanItem.objects.standing().with_facts().order_by("pk")
    return list(items.values_list("due_on", "counts_from", "is_done"))


def test_a_new_school_year_asks_anew_and_what_was_missed_leaves_the_old_plan(yearly, years):
    teacher = teacher_with_sign_in()
    assert hold(yearly).assigned == 1
    assert asked() == [(date(2025, 12, 15), date(2025, 5, 2), False)]
    assert hold(yearly, date(2026, 6, 30)).assigned == 0
    assert hold(yearly, date(2026, 7, 1)).assigned == 1
    assert asked() == [(date(2026, 12, 15), date(2026, 5, 2), False)]
    assert RuleMember.objects.get().item.plan.school_year == years[1]
    assert Notice.objects.filter(user=teacher.user, kind=Notice.Kind.TRAINING_ASSIGNED).count() == 2


def test_what_was_done_stays_in_its_plan_and_what_was_done_early_is_not_asked_for(yearly):
    one, early = employed(), employed()
    hold(yearly)
    complete(yearly, one, date(2026, 5, 1))
    complete(yearly, early, date(2026, 5, 2))
    assert hold(yearly, date(2026, 7, 1)).assigned == 1
    states = RuleMember.objects.with_state(on=date(2026, 7, 1)).values_list("teacher", "state")
    assert dict(states) == {one.pk: "open", early.pk: "done"}
    assert [is_done for *_days, is_done in asked()] == [True, True, False]


def test_who_is_trained_already_gets_no_item_until_it_is_time_to_renew(renewed):
    teacher = employed()
    complete(renewed, teacher, date(2025, 4, 1))
    assert hold(renewed).assigned == 0
    assert RuleMember.objects.with_state(on=ON).get().valid_until == date(2026, 4, 1)
    assert hold(renewed, date(2026, 1, 30)).assigned == 0
    assert hold(renewed, date(2026, 1, 31)).assigned == 1
    assert asked() == [(date(2026, 4, 1), date(2025, 4, 2), False)]


def test_two_rounds_stand_in_one_plan_each_with_its_own_answer(renewed):
    teacher = employed(since=date(2025, 9, 1))
    complete(renewed, teacher, date(2025, 7, 20))
    hold(renewed, date(2026, 5, 21))
    complete(renewed, teacher, date(2026, 5, 25))
    assert asked() == [(date(2026, 7, 20), date(2025, 7, 21), True)]
    renewed.every_years, renewed.early_days = 1, 360
    renewed.save()
    assert hold(renewed, date(2026, 6, 1)).assigned == 1
    assert asked() == [(date(2026, 7, 20), date(2025, 7, 21), True), (date(2027, 5, 25), date(2026, 5, 26), False)]
    assert list(PlanItem.objects.order_by("pk").values_list("round", flat=True)) == [1, 2]
    assert hold(renewed, date(2026, 6, 1)).assigned == 0


def test_what_stays_open_goes_on_in_the_next_plan_with_its_due_day_and_is_told_once(renewed, years):
    teacher = teacher_with_sign_in()
    complete(renewed, teacher, date(2025, 3, 1))
    hold(renewed, date(2026, 2, 1))
    hold(renewed, date(2026, 7, 1))
    assert asked() == [(date(2026, 3, 1), date(2025, 3, 2), False)]
    assert RuleMember.objects.get().item.plan.school_year == years[1]
    assert Notice.objects.filter(kind=Notice.Kind.TRAINING_ASSIGNED).count() == 1


def test_voiding_a_completion_moves_the_due_day_and_one_found_later_settles_what_was_asked(renewed):
    teacher = employed()
    _first, last = (complete(renewed, teacher, day) for day in (date(2025, 3, 1), date(2025, 5, 1)))
    hold(renewed, date(2026, 2, 20))
    hold(renewed, date(2026, 3, 10))
    assert asked() == [(date(2026, 5, 1), date(2025, 5, 2), False)]
    last.state, last.void_reason = "voided", "Entered twice"
    last.save()
    hold(renewed, date(2026, 3, 11))
    assert asked() == [(date(2026, 3, 1), date(2025, 3, 2), False)]
    event = AuditEvent.objects.get(verb="plan_item.saved")
    assert event.subject_id == str(PlanItem.objects.get().pk)
    complete(renewed, teacher, date(2025, 4, 1))
    hold(renewed, date(2026, 3, 12))
    assert asked() == [(date(2026, 3, 1), date(2025, 3, 2), True), (date(2026, 4, 1), date(2025, 4, 2), False)]


def test_what_a_coach_assigned_keeps_its_due_day(renewed, years):
    teacher = employed()
    complete(renewed, teacher, date(2025, 3, 1))
    plan = PlanFactory(teacher=teacher, school_year=years[0])
    item = PlanItemFactory(plan=plan, course=renewed.course, assigned_by=UserFactory(), due_on=date(2026, 6, 1))
    for on in (date(2026, 2, 1), date(2026, 2, 2)):
        hold(renewed, on)
    item.refresh_from_db()
    assert (PlanItem.objects.get(), item.due_on, RuleMember.objects.get().item) == (item, date(2026, 6, 1), item)


def test_a_run_that_dies_midway_leaves_nothing_half_done_and_the_next_one_finishes(yearly, monkeypatch):
    for _ in range(3):
        employed()
    hold(yearly)
    monkeypatch.setattr(holding, "batches", lambda keys: [[key] for key in list(keys)])
    monkeypatch.setattr(holding, "_tell", dies_the_second_time())
    with pytest.raises(ConnectionError):
        hold(yearly, date(2026, 7, 1))
    assert PlanItem.objects.standing().filter(counts_from=date(2026, 5, 2)).count() == 1
    monkeypatch.undo()
    assert hold(yearly, date(2026, 7, 1)).assigned == 2
    assert hold(yearly, date(2026, 7, 1)).assigned == 0
    assert PlanItem.objects.standing().filter(counts_from=date(2026, 5, 2)).count() == 3


def dies_the_second_time():
    calls = []

    def tell(*args):
        calls.append(args)
        if len(calls) == 2:
            raise ConnectionError

    return tell


def test_before_training_counts_for_the_first_cycle_nobody_is_asked():
    about = {"due_rule": "after_start", "due_days": 60, "every_years": 2, "early_days": 30}
    rule = AssignmentRuleFactory(repeats="cycle", cycle_from=date(2026, 1, 1), **about)
    employed()
    assert (hold(rule, date(2025, 12, 1)).joined, PlanItem.objects.count()) == (1, 0)
    assert hold(rule, date(2025, 12, 2)).assigned == 1
    assert asked() == [(date(2026, 3, 2), date(2025, 12, 2), False)]


def test_who_comes_back_has_time_again_and_what_is_still_good_counts(renewed):
    teacher = employed(since=date(2025, 8, 15))
    hold(renewed)
    spell = teacher.employments.get()
    spell.ended_on = ON
    spell.save()
    hold(renewed, ON + DAY)
    spell.ended_on, spell.started_on = None, date(2026, 3, 1)
    spell.save()
    hold(renewed, date(2026, 3, 2))
    assert RuleMember.objects.live().get().item.due_on == date(2026, 3, 1) + 180 * DAY
    complete(renewed, teacher, date(2025, 10, 1))
    assert RuleMember.objects.live().with_state(on=date(2026, 3, 2)).get().state == "done"
    assert asked()[-1][-1] is True


def test_changing_how_often_it_comes_back_moves_what_is_open(yearly):
    employed()
    hold(yearly)
    yearly.due_on, yearly.early_days = date(2020, 5, 4), 10
    assert change_rule(rule=yearly, actor=UserFactory(), reason="The law changed", on=ON) == 1
    assert asked() == [(date(2026, 5, 4), date(2025, 6, 21), False)]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"repeats": "school_year", "due_rule": "none"}, "__all__"),
        ({"repeats": "school_year", "due_rule": "after_hire", "due_days": 3}, "__all__"),
        ({"repeats": "school_year", "due_rule": "after_start", "due_days": 365}, "due_days"),
        ({"repeats": "once", "due_rule": "after_start", "due_days": 3}, "__all__"),
        ({"repeats": "completion", "due_rule": "after_joining", "due_days": 3}, "__all__"),
        ({"repeats": "cycle", "due_rule": "after_start", "due_days": 3, "every_years": 2}, "__all__"),
        ({"repeats": "completion", "due_rule": "fixed", "due_on": ON - DAY, "every_years": 2}, "due_on"),
        ({"duties": ["astronaut"]}, "duties"),
        ({"duties": ["aide", "aide"]}, "duties"),
    ],
)
def test_what_does_not_fit_together_is_refused_with_words(wrong, field):
    rule = AssignmentRuleFactory.build(made_by=None)
    rule.district = AssignmentRuleFactory().district
    rule.course = AssignmentRuleFactory().course
    for name, value in wrong.items():
        setattr(rule, name, value)
    with pytest.raises(ValidationError) as refused:
        check_rule(rule, chosen=None, actor=user_with_role(Role.LEADER), on=ON)
    assert set(refused.value.message_dict) == {field}


def test_an_item_of_two_rules_is_not_moved_to_and_fro(renewed):
    teacher = employed()
    complete(renewed, teacher, date(2025, 3, 1))
    other = AssignmentRuleFactory(course=renewed.course, repeats="school_year", due_rule="after_start", due_days=300)
    for on in (date(2026, 2, 20), date(2026, 2, 21)):
        for rule in (renewed, other):
            hold(rule, on)
    item = PlanItem.objects.get()
    assert (item.due_on, item.history.count()) == (date(2026, 3, 1), 1)
    assert set(RuleMember.objects.values_list("item", flat=True)) == {item.pk}
