"""Where a plan item stands on a day."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from learning_plans.rules.choices import EnrollmentState

DUE_SOON = timedelta(days=30)


class Progress(StrEnum):
    DONE = "done"
    EXEMPT = "exempt"
    OVERDUE = "overdue"
    DUE_SOON = "due_soon"
    OPEN = "open"


class NextStep(StrEnum):
    """What is missing before a course counts; registered is not attended is not completed."""

    NOTHING = "nothing"
    REGISTER = "register"
    WAIT_FOR_SEAT = "wait_for_seat"
    ATTEND = "attend"
    RECORD = "record"
    APPROVAL = "approval"
    DO_TASK = "do_task"


AFTER_ENROLLMENT = {
    EnrollmentState.IN_DRAW: NextStep.WAIT_FOR_SEAT,
    EnrollmentState.REGISTERED: NextStep.ATTEND,
    EnrollmentState.WAITLISTED: NextStep.WAIT_FOR_SEAT,
    EnrollmentState.ATTENDED: NextStep.RECORD,
    EnrollmentState.COMPLETED: NextStep.RECORD,
}


def progress(*, due_on: date | None, is_required: bool, is_done: bool, on: date, is_exempt: bool = False) -> Progress:
    """Overdue is a required item whose due day has passed; the due day itself is not overdue.

    Parameters
    ----------
    due_on
        Last day on which the item is in time; none means it never falls due.
    on
        The day the question is asked for.
    is_exempt
        Whether the rule behind the item leaves this person out; then it never falls due.
    """
    if is_done:
        return Progress.DONE
    if is_exempt:
        return Progress.EXEMPT
    if due_on is None:
        return Progress.OPEN
    if due_on < on:
        return Progress.OVERDUE if is_required else Progress.OPEN
    return Progress.DUE_SOON if due_on - on <= DUE_SOON else Progress.OPEN


def next_step(*, is_task: bool, is_done: bool, is_pending: bool, enrollment: EnrollmentState | None) -> NextStep:
    """The one thing that is missing before an item counts as done.

    Parameters
    ----------
    enrollment
        State of the person's latest enrollment in a run of the course; none when they never registered.
    """
    if is_done:
        return NextStep.NOTHING
    if is_task:
        return NextStep.DO_TASK
    if is_pending:
        return NextStep.APPROVAL
    return AFTER_ENROLLMENT.get(enrollment, NextStep.REGISTER) if enrollment else NextStep.REGISTER
