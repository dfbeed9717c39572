"""The rules of the demonstration: each kind of person meets something in them, on any day."""

from __future__ import annotations

from datetime import date

import pytest

from learning_plans.models import AssignmentRule, PlanItem, Reminder, RuleMember
from pd_tracker.access import Role
from pd_tracker.demo.cast import email_of
from pd_tracker.demo.district import play
from pd_tracker.demo.loading import load
from teachers.models import User

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("today", "is_late"), [(date(2026, 11, 23), True), (date(2026, 7, 1), False)])
def test_rules_hold_for_people_with_a_plan_item_each(today, is_late):
    load(play(teachers=60, years=4, seed=7, today=today))
    assert AssignmentRule.objects.with_counts(on=today).filter(held_count__gt=0).count() >= 2
    assert not RuleMember.objects.live().in_need_of_an_item(on=today).exists()
    assert RuleMember.objects.exempt().count() == 1
    principal = User.objects.get(email=email_of(Role.PRINCIPAL))
    assert AssignmentRule.objects.visible_to(principal).count() == 2
    late = PlanItem.objects.overdue(on=today).filter(rule_members__rule__repeats="once")
    assert (late.exists(), Reminder.objects.exists()) == (is_late, True)
    again = AssignmentRule.objects.exclude(repeats="once")
    assert again.count() == 3
    states = RuleMember.objects.filter(rule__in=again).with_state(on=today).values_list("rule", "state")
    assert {(rule.pk, state) for rule in again for state in ("done", "overdue")} <= set(states) | not_yet(
        again, is_late
    )


def not_yet(rules, is_late):
    """On the first day of a school year, nobody is late with what it asks for."""
    return set() if is_late else {(rule.pk, state) for rule in rules for state in ("done", "overdue")}
