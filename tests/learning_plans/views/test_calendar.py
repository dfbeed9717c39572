"""The calendar of a teacher and of whoever looks after teachers, as a page and as a file."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.utils import timezone

from learning_plans.models import PlanReview, Visit
from pd_tracker.access import Role
from tests.factories import (
    EnrollmentFactory,
    PairingFactory,
    PlanFactory,
    PlanItemFactory,
    RuleMemberFactory,
    SchoolYearFactory,
    SessionFactory,
    employed,
    teacher_with_sign_in,
    user_with_role,
)

pytestmark = pytest.mark.django_db
PAGE = "/calendar/?month=2025-11"


@pytest.fixture
def teacher():
    return teacher_with_sign_in(given_name="Maya", family_name="Lindqvist")


@pytest.fixture
def coach(teacher):
    return PairingFactory(coach=user_with_role(Role.COACH), teacher=teacher).coach


@pytest.fixture
def november(teacher, coach):
    """One thing of each kind, and some that stand in no calendar."""
    plan = PlanFactory(teacher=teacher, school_year=SchoolYearFactory(start=2025))
    PlanItemFactory(plan=plan, due_on=date(2025, 11, 12), course__title="First aid")
    PlanItemFactory(plan=plan, due_on=date(2025, 11, 13), withdrawn_at=timezone.now())
    exempt = PlanItemFactory(plan=plan, due_on=date(2025, 11, 14))
    RuleMemberFactory(teacher=teacher, item=exempt, exempted_at=timezone.now(), exemption_reason="On loan")
    # In the district this is still the evening of the 18th.
    at = {"starts_at": datetime(2025, 11, 19, 2, 0, tzinfo=UTC), "ends_at": datetime(2025, 11, 19, 4, 0, tzinfo=UTC)}
    EnrollmentFactory(teacher=teacher, session=SessionFactory(course__title="Evening class", location="Room 4", **at))
    EnrollmentFactory(teacher=teacher, session=SessionFactory(is_canceled=True, **at))
    EnrollmentFactory(teacher=teacher, session=SessionFactory(**at), state="withdrawn")
    PlanReview.objects.create(plan=plan, planned_on=date(2025, 11, 20))
    Visit.objects.create(
        teacher=teacher, coach=coach, visited_on=date(2025, 11, 3), minutes=30, next_step="Try exit tickets",
        next_step_on=date(2025, 11, 24), logged_at=timezone.now(),
    )  # fmt: skip
    other = PlanFactory(teacher=employed(), school_year=plan.school_year)
    PlanItemFactory(plan=other, due_on=date(2025, 11, 12), course__title="Of somebody else")


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def shown(user, address=PAGE):
    days = client_of(user).get(address).context["days"]
    return [(day.isoformat(), event.title, event.person) for day, events in days for event in events]


def test_a_teacher_sees_due_days_sessions_reviews_and_next_steps(november, teacher):
    assert shown(teacher.user) == [
        ("2025-11-12", "First aid", ""),
        ("2025-11-18", "Evening class", ""),
        ("2025-11-20", "2025-26", ""),
        ("2025-11-24", "Try exit tickets", ""),
    ]


def test_a_coach_sees_those_of_the_caseload_with_names(november, coach, teacher):
    found = shown(coach)
    assert [day for day, _title, _person in found] == ["2025-11-12", "2025-11-18", "2025-11-20", "2025-11-24"]
    assert {person for _day, _title, person in found} == {str(teacher)}


def test_a_month_has_neighbors_and_nonsense_is_this_month(teacher):
    client = client_of(teacher.user)
    page = client.get(PAGE)
    assert 'href="?month=2025-10"' in page.content.decode()
    assert 'href="?month=2025-12"' in page.content.decode()
    assert 'aria-current="date"' not in page.content.decode()
    now = client.get("/calendar/?month=nonsense")
    assert now.context["month"] == now.context["this_month"]
    assert now.content.decode().count('aria-current="date"') == 1
    assert "Nothing this month" in now.content.decode()


@pytest.mark.parametrize("role", [Role.HR, Role.LEADER, Role.ADMIN])
def test_who_neither_teaches_nor_coaches_has_no_calendar(role):
    client = client_of(user_with_role(role))
    assert client.get("/calendar/").status_code == client.get("/calendar/calendar.ics").status_code == 403


def test_the_file_holds_a_year_ahead_with_lasting_names(coach, teacher):
    today = coach.today
    plan = PlanFactory(teacher=teacher)
    item = PlanItemFactory(plan=plan, due_on=today, course__title="First aid")
    answer = client_of(coach).get("/calendar/calendar.ics")
    text = answer.content.decode().replace("\r\n ", "")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert f"UID:item-{item.pk}@testserver\r\n" in text
    assert f"DTSTART;VALUE=DATE:{today:%Y%m%d}\r\n" in text
    assert "SUMMARY:Due: First aid (Maya Lindqvist)\r\n" in text
    assert f"URL:http://testserver/plans/{teacher.pk}/\r\n" in text


def test_a_month_costs_as_many_queries_for_many_as_for_few(coach, teacher, django_assert_max_num_queries):
    plan = PlanFactory(teacher=teacher, school_year=SchoolYearFactory(start=2025))
    for day in range(1, 29):
        PlanItemFactory(plan=plan, due_on=date(2025, 11, day))
    client = client_of(coach)
    with django_assert_max_num_queries(14):
        assert len(client.get(PAGE).context["days"]) == 42
