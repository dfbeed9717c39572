"""Putting many rows into the database at once, with the history that says where they came from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.db.models import Model

from learning_plans.models import Course, Session
from learning_plans.rules.choices import ActivityType
from pd_tracker.demo import words

Row = TypeVar("Row", bound=Model)
REASON = "Loaded with the demonstration"
BATCH = 2_000
LONGEST_DAY = timedelta(hours=7)
SEATS = 60


def add(rows: Iterable[Row], *, with_history: bool = True) -> list[Row]:
    """Only the people side and the catalogue begin with a history; bulk facts get one when somebody changes them."""
    made: Sequence[Row] = list(rows)
    if not made:
        return []
    model = type(made[0])
    saved: list[Row] = model._default_manager.bulk_create(made, batch_size=BATCH)
    if with_history:
        model.history.bulk_history_create(saved, batch_size=BATCH, default_change_reason=REASON)  # type: ignore[attr-defined]
    return saved


def moment(day: date, hour: int = 16) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=UTC)


def decimal(value: float | None, places: int = 4) -> Decimal | None:
    return None if value is None else Decimal(f"{value:.{places}f}")


def session_row(course: Course, on: date, *, capacity: int = SEATS, section: str = "A") -> Session:
    starts_at = datetime.combine(on, time(8, 30), tzinfo=ZoneInfo(words.TIME_ZONE))
    return Session(
        course=course,
        section=section,
        starts_at=starts_at.astimezone(UTC),
        ends_at=starts_at.astimezone(UTC) + min(timedelta(minutes=course.minutes), LONGEST_DAY),
        time_zone=words.TIME_ZONE,
        location="Learning office, room 4" if course.activity_type == ActivityType.WORKSHOP else "District center",
        capacity=capacity,
    )
