"""When a saved export is made by itself."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

WEEK = 7
KEPT_DAYS = 30  # so long the files of an export can be opened


class ExportKind(StrEnum):
    WORKBOOK = "workbook"
    FLORIDA = "florida"
    COLUMNS = "columns"


class Schedule(StrEnum):
    NONE = "none"
    WEEKLY = "weekly"
    MONTH_END = "month_end"


class RunState(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


def next_run(schedule: Schedule, weekday: int | None, *, after: date) -> date | None:
    """The first day later than `after`. A month is complete when it is over, so its file is made on the next first."""
    if schedule is Schedule.WEEKLY and weekday is not None:
        return after + timedelta(days=(weekday - after.weekday() - 1) % WEEK + 1)
    if schedule is Schedule.MONTH_END:
        return first_of_next_month(after)
    return None


def first_of_next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def last_month_end(day: date) -> date:
    """The newest last day of a month before the day."""
    return day.replace(day=1) - timedelta(days=1)
