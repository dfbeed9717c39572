"""Where a coaching cycle stands, and when somebody is due a visit."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from learning_plans.rules.choices import CoachingActivity as Did
from learning_plans.rules.coaching import CycleStep, is_due_a_visit, step_to_take, steps_taken

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("activities", "has_next_step", "following"),
    [
        (set(), False, CycleStep.VISIT),
        ({Did.GOAL_SETTING, Did.CO_PLANNING, Did.OTHER}, False, CycleStep.VISIT),
        ({Did.VISIT}, False, CycleStep.FEEDBACK),
        ({Did.MODELING, Did.DATA_TALK}, False, CycleStep.ACTION_STEP),
        ({Did.VISIT, Did.FEEDBACK}, True, CycleStep.RE_VISIT),
        ({Did.RE_VISIT}, True, CycleStep.VISIT),
        ({Did.VISIT, Did.FEEDBACK, Did.RE_VISIT}, True, None),
    ],
)
def test_the_step_to_take_is_the_first_that_is_missing(activities, has_next_step, following):
    assert step_to_take(steps_taken(activities, has_next_step=has_next_step)) is following


@pytest.mark.parametrize(
    ("contact", "step", "is_due"),
    [
        (None, None, True),
        (TODAY, None, False),
        (TODAY - timedelta(days=13), None, False),
        (TODAY - timedelta(days=14), None, True),
        (TODAY, TODAY, True),
        (TODAY, TODAY + timedelta(days=1), False),
        (None, TODAY + timedelta(days=1), True),
    ],
)
def test_due_after_two_weeks_or_when_the_next_step_has_come(contact, step, is_due):
    assert is_due_a_visit(last_contact_on=contact, next_step_on=step, on=TODAY) is is_due
