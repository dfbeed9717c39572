"""Where a coaching cycle stands, and when a teacher is due a visit."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from enum import StrEnum

from learning_plans.rules.choices import CoachingActivity

CONTACT_EVERY = timedelta(days=14)  # coaching programs ask for contact at least every two weeks
FEWEST_COUNTED = 5  # teachers in a group before a leader sees its hours


class CycleStep(StrEnum):
    GOAL = "goal"
    VISIT = "visit"
    FEEDBACK = "feedback"
    ACTION_STEP = "action_step"
    RE_VISIT = "re_visit"


TAKEN_BY: dict[CycleStep, frozenset[CoachingActivity]] = {
    CycleStep.VISIT: frozenset({CoachingActivity.VISIT, CoachingActivity.MODELING}),
    CycleStep.FEEDBACK: frozenset({CoachingActivity.FEEDBACK, CoachingActivity.DATA_TALK}),
    CycleStep.RE_VISIT: frozenset({CoachingActivity.RE_VISIT}),
}


def steps_taken(activities: Collection[CoachingActivity], *, has_next_step: bool) -> frozenset[CycleStep]:
    """A cycle begins with its goal; the other steps are taken by what was logged.

    Parameters
    ----------
    has_next_step
        Whether coach and teacher agreed on a next step after the goal was set.
    """
    logged = {step for step, activity in TAKEN_BY.items() if activity & set(activities)}
    agreed = {CycleStep.ACTION_STEP} if has_next_step else set()
    return frozenset({CycleStep.GOAL} | logged | agreed)


def step_to_take(taken: Collection[CycleStep]) -> CycleStep | None:
    """The first step that is missing; none once the circle is closed."""
    return next((step for step in CycleStep if step not in taken), None)


def is_due_a_visit(*, last_contact_on: date | None, next_step_on: date | None, on: date) -> bool:
    """No contact for two weeks, or the day of the next step has come."""
    if next_step_on is not None and next_step_on <= on:
        return True
    return last_contact_on is None or on - last_contact_on >= CONTACT_EVERY
