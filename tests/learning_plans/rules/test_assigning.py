"""When what a rule assigns falls due, who is in their first year, and when somebody is reminded."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from learning_plans.rules.assigning import due_day, reminder_due, year_before
from learning_plans.rules.choices import DueRule

ON = date(2025, 11, 3)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("rule", "given", "expected"),
    [
        (DueRule.NONE, {}, None),
        (DueRule.FIXED, {"due_on": ON}, ON),
        (DueRule.FIXED, {"due_on": ON - DAY}, ON + 30 * DAY),
        (DueRule.AFTER_HIRE, {"due_days": 90, "hired_on": ON - 90 * DAY}, ON),
        (DueRule.AFTER_HIRE, {"due_days": 90, "hired_on": ON - 91 * DAY}, ON + 30 * DAY),
        (DueRule.AFTER_HIRE, {"due_days": 90, "hired_on": ON + 5 * DAY}, ON + 95 * DAY),
        (DueRule.AFTER_HIRE, {"due_days": 90, "hired_on": None}, ON + 90 * DAY),
        (DueRule.AFTER_JOINING, {"due_days": 0}, ON),
        (DueRule.AFTER_JOINING, {"due_days": 14, "joined_on": ON - 4 * DAY}, ON + 10 * DAY),
        (DueRule.AFTER_JOINING, {"due_days": 14, "joined_on": ON - 15 * DAY}, ON + 30 * DAY),
    ],
)
def test_due_day(rule, given, expected):
    facts = {"due_on": None, "due_days": None, "hired_on": date(2020, 8, 1), "joined_on": ON} | given
    assert due_day(rule=rule, on=ON, **facts) == expected


@pytest.mark.parametrize(
    ("on", "before"),
    [(ON, date(2024, 11, 3)), (date(2028, 2, 29), date(2027, 2, 28)), (date(2029, 2, 28), date(2028, 2, 28))],
)
def test_a_year_before(on, before):
    assert year_before(on) == before


@pytest.mark.parametrize(
    ("left", "stage"),
    [(15, None), (14, 14), (12, 14), (11, None), (4, None), (3, 3), (1, 3), (0, 0), (-1, -1), (-3, -1), (-4, None)],
)
def test_reminders_go_out_on_their_day_or_up_to_two_days_late(left, stage):
    assert reminder_due(due_on=ON + left * DAY, on=ON) == stage
