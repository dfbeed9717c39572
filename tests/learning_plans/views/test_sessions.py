"""HR plans, changes and cancels runs of a course; whoever has a place is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from learning_plans.models import Enrollment, Session
from learning_plans.rules.choices import EnrollmentState
from pd_tracker.access import Role
from pd_tracker.notices.models import Notice
from tests.factories import CourseFactory, EnrollmentFactory, SessionFactory, teacher_with_sign_in, user_with_role

pytestmark = pytest.mark.django_db
TYPED = "%Y-%m-%dT%H:%M"


@pytest.fixture
def hr(client):
    client.force_login(user_with_role(Role.HR))
    return client


def given(starts=None, hours=2, **fields):
    starts = starts or timezone.localtime().replace(microsecond=0, second=0) + timedelta(days=9)
    ends = starts + timedelta(hours=hours)
    return {"section": "A", "starts_at": starts.strftime(TYPED), "ends_at": ends.strftime(TYPED)} | fields


def address(name, pk):
    return reverse(f"learning_plans:{name}_session", args=[pk])


def planned(**fields):
    start = timezone.now().replace(microsecond=0, second=0) + timedelta(days=20)
    return SessionFactory(starts_at=start, ends_at=start + timedelta(hours=2), **fields)


def as_typed(session, **fields):
    starts = timezone.localtime(session.starts_at)
    return given(starts, section=session.section, location=session.location, **fields) | {"version": version(session)}


def version(session):
    from pd_tracker.audit.versions import latest_version

    return latest_version(session)


def told(kind):
    return set(Notice.objects.filter(kind=kind).values_list("user", flat=True))


def test_hr_plans_a_session_in_the_time_of_the_district(hr):
    course = CourseFactory()
    page = hr.get(reverse("learning_plans:course", args=[course.pk])).content.decode()
    assert address("plan", course.pk) in page
    starts = timezone.localtime().replace(hour=15, minute=30) + timedelta(days=9)
    hr.post(address("plan", course.pk), given(starts, location="Room 12", capacity=20))
    made = Session.objects.get()
    assert (made.course, made.location, made.capacity) == (course, "Room 12", 20)
    assert timezone.localtime(made.starts_at).strftime("%H:%M") == "15:30"
    assert made.time_zone == timezone.get_current_timezone_name()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"hours": -1}, "A session must end after it starts."),
        ({"hours": 24 * 400}, "more than a year after"),
        ({"starts_at": "soon"}, "valid date"),
        ({"capacity": "-3"}, "greater than or equal to 0"),
    ],
)
def test_bad_input_is_said_and_kept(hr, fields, words):
    answer = hr.post(address("plan", CourseFactory().pk), given(location="Room 12", **fields))
    page = answer.content.decode()
    assert words in page
    assert "Room 12" in page
    assert not Session.objects.exists()


def test_another_room_is_told_to_whoever_has_a_place(hr):
    session, teacher = planned(location="Room 12"), teacher_with_sign_in()
    EnrollmentFactory(session=session, teacher=teacher)
    hr.post(address("change", session.pk), as_typed(session) | {"location": "Library", "reason": "Room 12 is wet"})
    session.refresh_from_db()
    assert session.location == "Library"
    assert told(Notice.Kind.SESSION_CHANGED) == {teacher.user_id}


def test_more_seats_go_to_the_first_of_the_waiting_list_and_are_no_news_to_others(hr):
    session = planned(capacity=1)
    seated, first, second = (
        EnrollmentFactory(session=session, teacher=teacher_with_sign_in(), state=state)
        for state in ("registered", "waitlisted", "waitlisted")
    )
    hr.post(address("change", session.pk), as_typed(session, capacity=2))
    states = [Enrollment.objects.get(pk=each.pk).state for each in (seated, first, second)]
    assert states == [EnrollmentState.REGISTERED, EnrollmentState.REGISTERED, EnrollmentState.WAITLISTED]
    assert told(Notice.Kind.SESSION_CHANGED) == set()
    assert (
        "2 people have seats"
        in hr.post(
            address("change", session.pk), as_typed(session, capacity=1) | {"version": version(session)}
        ).content.decode()
    )


def test_the_second_of_two_editors_meets_the_firsts_text(hr):
    session = planned(location="Room 12")
    mine = as_typed(session) | {"location": "Gym"}
    hr.post(address("change", session.pk), as_typed(session) | {"location": "Library"})
    page = hr.post(address("change", session.pk), mine).content.decode()
    assert "Library" in page
    assert "Gym" in page
    session.refresh_from_db()
    assert session.location == "Library"


def test_canceling_asks_why_tells_everybody_and_happens_once(hr):
    session, teacher = planned(), teacher_with_sign_in()
    EnrollmentFactory(session=session, teacher=teacher, state="waitlisted")
    assert "This field is required" in hr.post(address("cancel", session.pk), {"reason": " "}).content.decode()
    assert hr.post(address("cancel", session.pk), {"reason": "The trainer is ill"}).status_code == 302
    session.refresh_from_db()
    assert session.is_canceled
    assert told(Notice.Kind.SESSION_CANCELED) == {teacher.user_id}
    assert "canceled already" in hr.post(address("cancel", session.pk), {"reason": "Again"}).content.decode()


@pytest.mark.parametrize("role", [Role.TEACHER, Role.COACH, Role.LEADER])
def test_others_plan_nothing(client, role):
    client.force_login(user_with_role(role))
    assert client.post(address("plan", CourseFactory().pk), given()).status_code in {403, 404}
    assert client.post(address("cancel", planned().pk), {"reason": "x"}).status_code in {403, 404}
    assert Session.objects.count() == 1


@pytest.mark.parametrize("typed", ["0001-05-01T07:00", "9999-12-31T23:00"])
def test_a_year_nobody_means_is_refused(hr, typed):
    page = hr.post(address("plan", CourseFactory().pk), given(starts_at=typed, ends_at=typed)).content.decode()
    assert "Choose a day from 1950 to 2100." in page
    assert not Session.objects.exists()
