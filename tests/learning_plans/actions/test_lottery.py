"""Seats by lot: applying, drawing once, telling everybody, and the line that forms behind the winners."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from learning_plans.actions.lottery import draw_seats, set_seats
from learning_plans.actions.sessions import register, withdraw
from learning_plans.models import Enrollment, SeatDraw, Session
from learning_plans.rules.lottery import draw, seed_of
from pd_tracker.audit.models import AuditEvent
from pd_tracker.notices.models import Notice
from tests.factories import SessionFactory, UserFactory, employed, teacher_with_sign_in

pytestmark = pytest.mark.django_db
START = datetime(2025, 10, 20, 23, tzinfo=UTC)
DRAW_ON = date(2025, 10, 10)
OPEN = datetime(2025, 10, 1, 20, tzinfo=UTC)
DRAW_DAY = datetime(2025, 10, 10, 20, tzinfo=UTC)
SEED = "14-07-33-41-02"


def by_lot(capacity=2, **fields):
    return SessionFactory(
        starts_at=START,
        ends_at=START + timedelta(hours=2),
        capacity=capacity,
        seat_policy="lottery",
        draw_on=DRAW_ON,
        seed_source="State lottery, October 10",
        **fields,
    )


def applied(session, people):
    return [register(teacher=one, session=session, actor=UserFactory(), at=OPEN) for one in people]


def drawn(session, seed=SEED, at=DRAW_DAY):
    return draw_seats(session=session, seed=seed, actor=UserFactory(), at=at)


def states(session):
    return list(session.enrollments.order_by("pk").values_list("state", flat=True))


@pytest.fixture
def session():
    return by_lot()


@pytest.fixture
def people():
    return [employed() for _ in range(6)]


def test_who_applies_is_in_the_draw_however_many_there_are(session, people):
    applied(session, people)
    assert states(session) == ["in_draw"] * 6
    with pytest.raises(ValidationError, match="already registered"):
        register(teacher=people[0], session=session, actor=UserFactory(), at=OPEN)


def test_seats_go_to_the_first_of_the_draw_and_the_others_wait_in_its_order(session, people):
    applied(session, people)
    made = drawn(session)
    expected = draw([one.staff_id for one in people], 2, seed_of(SEED, session.pk)).order
    places = dict(session.enrollments.order_by("drawn_place").values_list("teacher__staff_id", "state"))
    assert tuple(made.order) == tuple(places) == expected
    assert list(places.values()) == ["registered"] * 2 + ["waitlisted"] * 4
    assert (made.seats, made.seed, made.drawn_at) == (2, f"{SEED}:{session.pk}", DRAW_DAY)


def test_a_draw_can_be_repeated_and_a_changed_record_shows(session, people):
    applied(session, people)
    made = SeatDraw.objects.get(pk=drawn(session).pk)
    assert made.comes_out_the_same
    made.order = [made.order[1], made.order[0], *made.order[2:]]
    assert not made.comes_out_the_same
    made.order, made.seed = sorted(made.order), "another"
    assert not made.comes_out_the_same


def test_a_seat_given_back_goes_to_the_next_of_the_draw_before_whoever_came_later(session, people):
    applied(session, people)
    order = drawn(session).order
    late = employed()
    assert register(teacher=late, session=session, actor=UserFactory(), at=DRAW_DAY).state == "waitlisted"
    by_id = {one.staff_id: one for one in people}
    for staff_id in order[:5]:
        withdraw(teacher=by_id[staff_id], session=session, actor=UserFactory())
    seated = set(session.enrollments.filter(state="registered").values_list("teacher__staff_id", flat=True))
    assert seated == {order[5], late.staff_id}


def test_who_takes_the_application_back_is_not_drawn(session, people):
    applied(session, people)
    withdraw(teacher=people[0], session=session, actor=UserFactory())
    assert people[0].staff_id not in drawn(session).order
    assert states(session)[0] == "withdrawn"


def test_everybody_with_a_sign_in_is_told_and_everything_is_noted(session, people):
    winner_or_not = [teacher_with_sign_in() for _ in range(3)]
    applied(session, [*people, *winner_or_not])
    order = drawn(session).order
    said = dict(Notice.objects.filter(kind="seats_drawn").values_list("user", "facts"))
    assert set(said) == {one.user_id for one in winner_or_not}
    for one in winner_or_not:
        assert said[one.user_id]["won"] == (one.staff_id in order[:2])
    with translation.override("en"):
        words = {str(notice) for notice in Notice.objects.all()}
    assert all("drew a seat" in text or "on the waiting list" in text for text in words)
    assert AuditEvent.objects.filter(verb="enrollment.drawn").count() == 9
    assert AuditEvent.objects.get(verb="session.seats_drawn").detail == {
        "seed": f"{SEED}:{session.pk}",
        "applicants": 9,
    }


def test_applications_close_when_the_day_of_the_draw_begins(session, people):
    with pytest.raises(ValidationError, match="Applications have closed"):
        register(teacher=people[0], session=session, actor=UserFactory(), at=DRAW_DAY)


@pytest.mark.parametrize(
    ("at", "seed", "message"),
    [
        (OPEN, SEED, "can still apply"),
        (START, SEED, "no longer open"),
        (DRAW_DAY, "  ", "public number"),
    ],
)
def test_a_draw_at_the_wrong_time_or_without_a_seed_is_refused(session, people, at, seed, message):
    applied(session, people)
    with pytest.raises(ValidationError, match=message):
        drawn(session, seed=seed, at=at)
    assert not SeatDraw.objects.exists()


def test_a_draw_is_made_once_and_only_where_there_is_something_to_draw(session, people):
    with pytest.raises(ValidationError, match="Nobody has applied"):
        drawn(session)
    applied(session, people)
    drawn(session)
    with pytest.raises(ValidationError, match="drawn already"):
        drawn(session, seed="a better one")
    with pytest.raises(ValidationError, match="not given by lot"):
        drawn(SessionFactory(starts_at=START, ends_at=START + timedelta(hours=2)))


def test_rules_are_set_before_anybody_applies(people):
    session, actor = SessionFactory(starts_at=START, ends_at=START + timedelta(hours=2)), UserFactory()
    session.seat_policy, session.capacity, session.draw_on, session.seed_source = "lottery", 2, DRAW_ON, "State lottery"
    set_seats(session=session, actor=actor, at=OPEN)
    assert Session.objects.get(pk=session.pk).awaits_draw
    applied(session, people)
    session.seat_policy = "first_come"
    with pytest.raises(ValidationError, match="already, so the rules"):
        set_seats(session=session, actor=actor, at=OPEN)
    assert Session.objects.get(pk=session.pk).is_by_lot


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"draw_on": date(2025, 10, 1)}, "a day after today"),
        ({"draw_on": date(2025, 10, 21)}, "before the session begins"),
        ({"draw_on": None}, "needs a number of seats"),
        ({"capacity": None}, "needs a number of seats"),
        ({"capacity": 0}, "needs a number of seats"),
        ({"seed_source": ""}, "needs a number of seats"),
    ],
)
def test_rules_of_a_draw_that_nobody_could_check_are_refused(changes, message):
    session = SessionFactory(starts_at=START, ends_at=START + timedelta(hours=2))
    rules = {"seat_policy": "lottery", "capacity": 2, "draw_on": DRAW_ON, "seed_source": "State lottery"} | changes
    for name, value in rules.items():
        setattr(session, name, value)
    with pytest.raises(ValidationError, match=message):
        set_seats(session=session, actor=UserFactory(), at=OPEN)


def test_the_database_refuses_a_draw_without_seats(session):
    session.capacity = None
    with pytest.raises(IntegrityError), transaction.atomic():
        session.save()


def test_first_come_forgets_the_day_of_a_draw(session):
    session.seat_policy = "first_come"
    set_seats(session=session, actor=UserFactory(), at=OPEN)
    kept = Session.objects.get(pk=session.pk)
    assert (kept.draw_on, kept.seed_source) == (None, "")


# --- Many at once -------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.postgres_only
@pytest.mark.django_db(transaction=True)
def test_of_many_who_press_draw_one_draws(people):
    session, actor = by_lot(), UserFactory()
    applied(session, people)

    def press(seed):
        try:
            return draw_seats(session=session, seed=seed, actor=actor, at=DRAW_DAY).seed
        except ValidationError as error:
            return error.messages[0]
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pressing:
        answers = list(pressing.map(press, map(str, range(8))))
    assert sum(answer.startswith("The seats were drawn already") for answer in answers) == 7
    assert Enrollment.objects.filter(state="registered").count() == 2
