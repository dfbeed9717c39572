"""HR sets how seats are given and draws them; teachers read when, and with which seed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from learning_plans.models import SeatDraw, Session
from pd_tracker.access import Role
from tests.factories import SchoolFactory, SessionFactory, employed, teacher_with_sign_in, user_with_role

pytestmark = pytest.mark.django_db


def session_in(days, **fields):
    start = timezone.now() + timedelta(days=days)
    return SessionFactory(starts_at=start, ends_at=start + timedelta(hours=2), **fields)


def by_lot(*, draw_in, capacity=1):
    day = timezone.localdate() + timedelta(days=draw_in)
    return session_in(20, capacity=capacity, seat_policy="lottery", draw_on=day, seed_source="State lottery")


def address(session, name="seats"):
    return reverse(f"learning_plans:{name}", args=[session.pk])


def course_page(client, session):
    return client.get(reverse("learning_plans:course", args=[session.course_id])).content.decode()


@pytest.fixture
def hr(client):
    client.force_login(user_with_role(Role.HR))
    return client


def test_hr_offers_seats_by_lot(hr):
    session = session_in(20)
    day = timezone.localdate() + timedelta(days=5)
    given = {"capacity": 8, "seat_policy": "lottery", "draw_on": day.isoformat(), "seed_source": "State lottery"}
    assert hr.post(address(session), given).url == address(session)
    kept = Session.objects.get(pk=session.pk)
    assert (kept.seat_policy, kept.capacity, kept.draw_on) == ("lottery", 8, day)
    assert "Seats are drawn by lot on" in hr.get(address(session)).content.decode()


def test_what_is_missing_is_said_in_the_form(hr):
    page = hr.post(address(session_in(20)), {"seat_policy": "lottery", "capacity": 8})
    assert "A draw needs a number of seats, a day, and a public number" in page.content.decode()
    late = {"seat_policy": "lottery", "capacity": 8, "draw_on": timezone.localdate().isoformat(), "seed_source": "x"}
    assert "Choose a day after today" in hr.post(address(session_in(20)), late).content.decode()


def test_teacher_applies_reads_the_seed_and_takes_it_back(client):
    session = by_lot(draw_in=5)
    client.force_login(teacher_with_sign_in().user)
    page = course_page(client, session)
    assert "Seats are drawn by lot on" in page
    assert "Apply for a seat" in page
    assert address(session) not in page
    client.post(address(session, "register"))
    assert session.enrollments.get().state == "in_draw"
    assert "Take my application back" in course_page(client, session)
    answer = client.post(address(session, "withdraw"), follow=True)
    assert "You have taken your application back." in answer.content.decode()


def test_after_applications_close_nobody_can_apply(client):
    session = by_lot(draw_in=0)
    client.force_login(teacher_with_sign_in().user)
    assert "Apply for a seat" not in course_page(client, session)
    assert "Applications have closed" in client.post(address(session, "register"), follow=True).content.decode()


def test_hr_draws_and_anybody_can_repeat_it(hr):
    session = by_lot(draw_in=0)
    for teacher in (employed(), employed(), employed()):
        session.enrollments.create(teacher=teacher, state="in_draw")
    assert "Draw the seats" in hr.get(address(session)).content.decode()
    page = hr.post(address(session, "draw_seats"), {"seed": "14-07"}, follow=True).content.decode()
    assert "Everybody who applied (3) is told." in page
    assert f"14-07:{session.pk}" in page
    assert "The same order" in page
    assert SeatDraw.objects.get().order[0] in page
    again = hr.post(address(session, "draw_seats"), {"seed": "15"}, follow=True).content.decode()
    assert "A draw is made once" in again
    made = SeatDraw.objects.get()
    made.order = made.order[::-1]
    made.save()
    assert "Another order" in hr.get(address(session)).content.decode()
    assert f"with the seed 14-07:{session.pk}" in course_page(hr, session)


def test_there_is_nothing_to_draw_before_its_day(hr):
    session = by_lot(draw_in=3)
    session.enrollments.create(teacher=employed(), state="in_draw")
    page = hr.get(address(session)).content.decode()
    assert "Draw the seats" not in page
    assert "the rules for this session stay" in page


@pytest.mark.parametrize("role", [Role.TEACHER, Role.COACH, Role.PRINCIPAL, Role.LEADER, Role.ADMIN])
def test_others_are_refused(client, role):
    session = by_lot(draw_in=0)
    client.force_login(user_with_role(role, SchoolFactory() if role == Role.PRINCIPAL else None))
    assert client.get(address(session)).status_code == 403
    assert client.post(address(session, "draw_seats"), {"seed": "1"}).status_code == 403


def test_hr_of_one_school_or_of_another_district_draws_nothing_here(client):
    session = by_lot(draw_in=0)
    for school in (SchoolFactory(), SchoolFactory(district__name="Elsewhere")):
        client.force_login(user_with_role(Role.HR, school))
        assert client.get(address(session)).status_code == 404
        assert client.post(address(session, "draw_seats"), {"seed": "1"}).status_code == 404
