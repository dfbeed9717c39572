"""Seats and the waiting list."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from learning_plans.actions.sessions import register, withdraw
from learning_plans.models import Enrollment
from tests.factories import SessionFactory, UserFactory, employed

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
