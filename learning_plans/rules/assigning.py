"""Whom a rule holds for, when what it assigns falls due, and when somebody is reminded."""

from __future__ import annotations

from datetime import date, timedelta

from learning_plans.rules.choices import DueRule

TIME_FOR_LATE = timedelta(days=30)
REMINDERS = (14, 3, 0)  # days before the due day
OVERDUE = -1
CATCH_UP = 2  # days a reminder may come late, when nothing ran on its own day
REVIEW_SOON = timedelta(days=3)


def due_day(
    *,
    rule: DueRule,
    due_on: date | None,
    due_days: int | None,
    hired_on: date | None,
    joined_on: date,
    on: date,
) -> date | None:
    """The last day in time for one person.

    Parameters
    ----------
    due_on
        The day of a rule with one day for everybody.
    due_days
        Days after being hired or after joining, for the other rules.
    hired_on
        First day of the spell of employment that runs; unknown counts as the day of joining.
    joined_on
        The day on which the rule first held for the person.
    on
        The day on which the due day is set: nobody is late from the start, so a day before it becomes 30 days from it.
    """
    if rule is DueRule.NONE:
        return None
    if rule is DueRule.FIXED:
        day = due_on
    else:
        begin = hired_on if rule is DueRule.AFTER_HIRE and hired_on else joined_on
        day = begin + timedelta(days=due_days or 0)
    return day if day is None or day >= on else on + TIME_FOR_LATE


def year_before(on: date) -> date:
    """The same day a year earlier; whoever was first hired after it is in their first year on the day."""
    day = 28 if (on.month, on.day) == (2, 29) else on.day
    return date(on.year - 1, on.month, day)


def reminder_due(*, due_on: date, on: date) -> int | None:
    """Which reminder is to go out on a day, if it has not yet: 14, 3 or 0 days before, or -1 once it is overdue."""
    left = (due_on - on).days
    for stage in (OVERDUE, *reversed(REMINDERS)):
        if stage - CATCH_UP <= left <= stage and (left < 0) == (stage < 0):
            return stage
    return None
