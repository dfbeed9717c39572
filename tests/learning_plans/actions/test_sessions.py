"""Seats and the waiting list."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import QuerySet

from learning_plans.actions.sessions import register, withdraw
from learning_plans.models import Enrollment
from tests.factories import SessionFactory, TeacherFactory, UserFactory, employed

pytestmark = pytest.mark.django_db
START = datetime(2025, 10, 6, 16, tzinfo=UTC)
BEFORE = START - timedelta(days=1)


def states(session):
    return list(session.enrollments.order_by("pk").values_list("state", flat=True))


def test_the_last_seat_goes_to_one_and_the_next_waits():
    session, actor = SessionFactory(starts_at=START, capacity=1), UserFactory()
    for teacher in (employed(), employed()):
        register(teacher=teacher, session=session, actor=actor, at=BEFORE)
    assert states(session) == ["registered", "waitlisted"]


def test_a_seat_given_back_goes_to_who_waited_longest():
    session, actor, people = SessionFactory(starts_at=START, capacity=1), UserFactory(), [employed() for _ in range(3)]
    for teacher in people:
        register(teacher=teacher, session=session, actor=actor, at=BEFORE)
    assert withdraw(teacher=people[0], session=session, actor=actor)
    assert states(session) == ["withdrawn", "registered", "waitlisted"]
    assert not withdraw(teacher=people[0], session=session, actor=actor)


def test_leaving_the_waiting_list_moves_nobody_up():
    session, actor, people = SessionFactory(starts_at=START, capacity=1), UserFactory(), [employed() for _ in range(3)]
    for teacher in people:
        register(teacher=teacher, session=session, actor=actor, at=BEFORE)
    withdraw(teacher=people[1], session=session, actor=actor)
    assert states(session) == ["registered", "withdrawn", "waitlisted"]


def test_registering_twice_says_so():
    session, actor, teacher = SessionFactory(starts_at=START), UserFactory(), employed()
    register(teacher=teacher, session=session, actor=actor, at=BEFORE)
    with pytest.raises(ValidationError, match="already registered"):
        register(teacher=teacher, session=session, actor=actor, at=BEFORE)
    assert Enrollment.objects.count() == 1


@pytest.mark.parametrize("changes", [{"is_canceled": True}, {"starts_at": BEFORE}])
def test_a_session_that_began_or_was_canceled_is_closed(changes):
    session = SessionFactory(**{"starts_at": START} | changes)
    with pytest.raises(ValidationError, match="no longer open"):
        register(teacher=employed(), session=session, actor=UserFactory(), at=BEFORE + timedelta(seconds=1))


# --- A hundred at once --------------------------------------------------------------------------------------------


def rush(*, capacity: int, people: int = 100) -> tuple[int, int]:
    """Everybody presses the button at one time: how many got a seat, and how many wait."""
    session, actor = SessionFactory(starts_at=START, capacity=capacity), UserFactory()

    def press(teacher):
        try:
            register(teacher=teacher, session=session, actor=actor, at=BEFORE)
        finally:
            connection.close()

    with ThreadPoolExecutor(25) as pressing:
        list(pressing.map(press, TeacherFactory.create_batch(people)))  # an error of any of them ends the test
    found = states(session)
    return found.count("registered"), found.count("waitlisted")


@pytest.mark.slow
@pytest.mark.postgres_only
@pytest.mark.django_db(transaction=True)
def test_a_hundred_who_want_the_last_seats_share_them_out_rightly():
    assert {rush(capacity=1) for _ in range(3)} == {(1, 99)}
    assert rush(capacity=7) == (7, 93)


@pytest.mark.slow
@pytest.mark.postgres_only
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_last_seat_is_given_out_many_times(monkeypatch):
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_: rows)
    assert max(rush(capacity=1)[0] for _ in range(3)) > 1
