"""What could help with a need: said in words, narrowed, and acted on with one tap."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from learning_plans.models import CourseWish, Goal, Need, Plan, PlanItem, RecommendationWeights
from pd_tracker.audit.models import AuditEvent
from teachers.models import Teacher, User
from tests.factories import (
    CompetencyFactory,
    CourseFactory,
    EnrollmentFactory,
    GoalFactory,
    PairingFactory,
    PlanFactory,
    SchoolYearFactory,
    SessionFactory,
    teacher_with_sign_in,
    user_with_role,
)

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def teacher() -> Teacher:
    SchoolYearFactory()
    return teacher_with_sign_in()


@pytest.fixture
def need(teacher) -> Need:
    return Need.objects.create(teacher=teacher, competency=CompetencyFactory(name="Questions in class"))


@pytest.fixture
def coach(teacher) -> User:
    return PairingFactory(coach=user_with_role("coach"), teacher=teacher).coach


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def course_for(need: Need, **fields: Any) -> Any:
    course = CourseFactory(**fields)
    course.competencies.add(need.competency)
    return course


def session_of(course: Any, days: int = 5, **fields: Any) -> Any:
    start = NOW + timedelta(days=days)
    return SessionFactory(course=course, starts_at=start, ends_at=start + timedelta(hours=2), **fields)


def page_of(client: Client, need: Need, **query: str) -> Any:
    return client.get(reverse("learning_plans:recommendations", args=[need.pk]), query)


def titles(response: Any) -> list[str]:
    return [card.one.course.title for card in response.context["cards"]]


def post(client: Client, route: str, pk: int, **data: Any) -> Any:
    return client.post(reverse(f"learning_plans:{route}", args=[pk]), data, follow=True)


class TestReading:
    def test_cards_say_why_and_what_to_consider(self, need, teacher):
        session_of(course_for(need, title="Number talks", evidence_tier="strong", cost=Decimal(300)), capacity=4)
        text = page_of(signed_in(teacher.user), need).content.decode()
        assert "Questions in class" in text
        assert "It is about this very competency. Evidence: Strong (experiment). Next session on" in text
        assert "To consider:</strong> It costs $300.00 for a seat. Fewer than 5 colleagues" in text
        assert "seats left: 4" in text

    def test_weights_of_the_district_decide_the_order(self, need, teacher):
        course_for(need, title="Free", cost=0, evidence_tier="rationale")
        course_for(need, title="Proven", cost=500, evidence_tier="strong")
        client = signed_in(teacher.user)
        assert titles(page_of(client, need)) == ["Proven", "Free"]
        RecommendationWeights.objects.create(district=teacher.district, cost=10, evidence=0)
        assert titles(page_of(client, need)) == ["Free", "Proven"]

    def test_filters(self, need, teacher):
        course_for(need, title="Free", cost=0)
        course_for(need, title="Web", activity_type="online", cost=20)
        session_of(course_for(need, title="Soon"), days=3)
        session_of(course_for(need, title="Video call"), days=60, location="https://meet.example")
        client = signed_in(teacher.user)
        assert titles(page_of(client, need, free="on")) == ["Free"]
        assert set(titles(page_of(client, need, online="on"))) == {"Web", "Video call"}
        assert set(titles(page_of(client, need, soon="on"))) == {"Web", "Soon"}
        assert titles(page_of(client, need, free="on", soon="on")) == []

    def test_nothing_fits(self, need, teacher):
        assert "No course fits this need" in page_of(signed_in(teacher.user), need).content.decode()

    def test_a_coach_reads_it_and_the_teacher_can_see_that(self, need, teacher, coach):
        course_for(need, title="Number talks")
        text = page_of(signed_in(coach), need).content.decode()
        assert "Add to the plan" in text
        assert "Ask for a session" not in text
        assert AuditEvent.objects.filter(actor=coach, verb="person.viewed", subject_id=str(teacher.pk)).exists()

    @pytest.mark.parametrize("role", ["principal", "hr", "leader", "coach", "admin"])
    def test_it_is_not_there_for_others(self, need, role):
        school = need.teacher.assignments.get().school
        client = signed_in(user_with_role(role, school if role == "principal" else None))
        assert page_of(client, need).status_code in {403, 404}

    def test_a_long_list_comes_in_pages_and_asks_no_more(self, need, teacher, django_assert_num_queries):
        client = signed_in(teacher.user)
        for number in range(12):
            session_of(course_for(need, title=f"Course {number:02}"))
        page_of(client, need)
        with django_assert_num_queries(20):
            assert len(titles(page_of(client, need))) == 10
        for number in range(12, 25):
            session_of(course_for(need, title=f"Course {number:02}"))
        with django_assert_num_queries(20):
            assert titles(page_of(client, need, page="3")) == [f"Course {number:02}" for number in range(20, 25)]


class TestAdding:
    def test_with_the_goal_of_the_need_and_back_out(self, need, teacher):
        course, client = course_for(need, title="Number talks"), signed_in(teacher.user)
        goal = GoalFactory(plan=PlanFactory(teacher=teacher), need=need)
        response = post(client, "add_for_need", need.pk, course=course.pk)
        item = PlanItem.objects.get()
        assert (item.course, item.goal, item.is_required, item.assigned_by) == (course, goal, False, teacher.user)
        assert "is in the plan now" in response.content.decode()
        assert titles(response) == []
        response = post(client, "undo_add_for_need", need.pk)
        item.refresh_from_db()
        assert item.withdrawn_at is not None
        assert titles(response) == ["Number talks"]

    def test_without_a_goal_it_stands_alone(self, need, teacher):
        met = GoalFactory(plan=PlanFactory(teacher=teacher), need=need, state="met")
        post(signed_in(teacher.user), "add_for_need", need.pk, course=course_for(need).pk)
        assert Goal.objects.get() == met
        assert PlanItem.objects.get().goal is None

    def test_a_coach_recommends(self, need, teacher, coach):
        post(signed_in(coach), "add_for_need", need.pk, course=course_for(need).pk)
        item = PlanItem.objects.get()
        assert (item.assigned_by, item.is_required, item.plan.teacher) == (coach, False, teacher)

    @pytest.mark.parametrize("course", ["", "x", "987654321", "1" * 40])
    def test_what_is_no_course(self, need, teacher, course):
        assert post(signed_in(teacher.user), "add_for_need", need.pk, course=course).status_code == 404
        assert not PlanItem.objects.exists()

    def test_a_course_retired_in_the_meantime(self, need, teacher):
        course = course_for(need, state="retired")
        assert post(signed_in(teacher.user), "add_for_need", need.pk, course=course.pk).status_code == 404

    def test_twice(self, need, teacher):
        course, client = course_for(need), signed_in(teacher.user)
        post(client, "add_for_need", need.pk, course=course.pk)
        response = post(client, "add_for_need", need.pk, course=course.pk)
        assert "already in the plan" in response.content.decode()
        assert PlanItem.objects.count() == 1

    def test_undo_is_offered_for_this_need_and_while_it_stands(self, need, teacher):
        client = signed_in(teacher.user)
        post(client, "add_for_need", need.pk, course=course_for(need).pk)
        other = Need.objects.create(teacher=teacher, competency=CompetencyFactory())
        assert "Take it out again" not in page_of(client, other).content.decode()
        assert "Take it out again" in page_of(client, need).content.decode()
        PlanItem.objects.update(withdrawn_at=NOW)
        assert "Take it out again" not in page_of(client, need).content.decode()

    def test_undo_takes_out_only_what_one_added_oneself(self, need, teacher, coach):
        post(signed_in(coach), "add_for_need", need.pk, course=course_for(need).pk)
        post(signed_in(teacher.user), "undo_add_for_need", need.pk)
        assert PlanItem.objects.get().withdrawn_at is None

    def test_undo_leaves_a_closed_plan_as_it_is(self, need, teacher):
        client = signed_in(teacher.user)
        post(client, "add_for_need", need.pk, course=course_for(need).pk)
        Plan.objects.update(state="closed")
        response = post(client, "undo_add_for_need", need.pk)
        assert PlanItem.objects.get().withdrawn_at is None
        assert "keeps its words" in response.content.decode()


class TestAskingAndRegistering:
    def test_asks_for_a_session_and_takes_it_back(self, need, teacher):
        course, client = course_for(need), signed_in(teacher.user)
        response = post(client, "ask_for_course", course.pk, need=need.pk)
        assert response.redirect_chain[-1][0] == reverse("learning_plans:recommendations", args=[need.pk])
        assert CourseWish.objects.get().teacher == teacher
        assert "You asked for a session." in response.content.decode()
        post(client, "ask_for_course", course.pk, need=need.pk)
        assert not CourseWish.objects.exists()
        assert AuditEvent.objects.filter(verb__startswith="course.asked_for").count() == 2

    def test_registering_shows_on_the_card(self, need, teacher):
        session = session_of(course_for(need))
        client = signed_in(teacher.user)
        assert f"/sessions/{session.pk}/register/" in page_of(client, need).content.decode()
        EnrollmentFactory(teacher=teacher, session=session)
        response = page_of(client, need)
        assert f"/sessions/{session.pk}/register/" not in response.content.decode()
        assert response.context["cards"][0].is_registered
