"""Who may do what with a plan in which state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from learning_plans.rules.choices import PlanState
from learning_plans.rules.plan_life import (
    Act,
    Part,
    acts,
    is_past,
    may,
    may_add_items,
    may_change_item,
    may_write_goals,
)

DRAFT, IN_REVIEW, ACTIVE, CLOSED = PlanState
OWNER, GUIDE, APPROVER = Part
ME, SOMEBODY = 1, 2


@dataclass
class Item:
    is_required: bool = False
    assigned_by_id: int | None = None


@pytest.mark.parametrize(
    ("state", "part", "expected"),
    [
        (DRAFT, OWNER, {Act.SUBMIT}),
        (DRAFT, GUIDE, {Act.SUBMIT}),
        (DRAFT, APPROVER, set()),
        (IN_REVIEW, OWNER, {Act.TAKE_BACK}),
        (IN_REVIEW, APPROVER, {Act.RETURN, Act.APPROVE}),
        (ACTIVE, OWNER, {Act.CLOSE}),
        (ACTIVE, APPROVER, {Act.CLOSE}),
        (CLOSED, OWNER, set()),
        (CLOSED, APPROVER, set()),
    ],
)
def test_the_steps_of_each_state(state, part, expected):
    assert acts(state, {part}) == expected


def test_who_is_nothing_to_a_plan_can_do_nothing():
    assert not any(may(act, ()) for act in Act)


@pytest.mark.parametrize(
    ("state", "part", "goals", "items"),
    [
        (DRAFT, OWNER, True, True),
        (IN_REVIEW, OWNER, True, True),
        (ACTIVE, OWNER, False, True),
        (CLOSED, OWNER, False, False),
        (ACTIVE, GUIDE, True, True),
        (CLOSED, GUIDE, False, False),
        (DRAFT, APPROVER, False, False),
    ],
)
def test_who_writes(state, part, goals, items):
    assert (may_write_goals(state, {part}), may_add_items(state, {part})) == (goals, items)


@pytest.mark.parametrize(
    ("state", "part", "item", "expected"),
    [
        (DRAFT, OWNER, Item(assigned_by_id=SOMEBODY), True),
        (DRAFT, OWNER, Item(is_required=True), False),
        (ACTIVE, OWNER, Item(assigned_by_id=ME), True),
        (ACTIVE, OWNER, Item(assigned_by_id=SOMEBODY), False),
        (ACTIVE, OWNER, Item(), False),
        (ACTIVE, GUIDE, Item(is_required=True, assigned_by_id=SOMEBODY), True),
        (CLOSED, GUIDE, Item(), False),
        (DRAFT, APPROVER, Item(), False),
    ],
)
def test_whose_items_can_be_changed(state, part, item, expected):
    assert may_change_item(state, {part}, item, user_id=ME) is expected


@pytest.mark.parametrize(("due_on", "expected"), [(None, False), (date(2026, 3, 1), False), (date(2026, 2, 28), True)])
def test_the_due_day_itself_is_not_past(due_on, expected):
    assert is_past(due_on, on=date(2026, 3, 1)) is expected
