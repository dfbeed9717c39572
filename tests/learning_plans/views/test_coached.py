"""The coach's page of one teacher, and the teacher's own page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from learning_plans.models import Visit
from tests.factories import (
    CoachingCycleFactory,
    CoachingNoteFactory,
    GoalFactory,
    PairingFactory,
    PlanFactory,
    PlanItemFactory,
    RoleGrantFactory,
    SchoolYearFactory,
    VisitFactory,
    teacher_with_sign_in,
    user_with_role,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def teacher() -> Any:
    SchoolYearFactory()
    return teacher_with_sign_in(given_name="Ada", family_name="Quill")


@pytest.fixture
def coach(teacher) -> Any:
    return PairingFactory(coach=user_with_role("coach", name="Cora Coach"), teacher=teacher).coach


@pytest.fixture
def page_of(client, coach, teacher) -> str:
    client.force_login(coach)
    return reverse("learning_plans:teacher", args=[teacher.pk])


def words(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


def test_everything_about_one_teacher_stands_on_one_page(client, page_of, coach, teacher):
    plan = PlanFactory(teacher=teacher)
    item = PlanItemFactory(plan=plan, goal=GoalFactory(plan=plan, title="Ask open questions"))
    cycle = CoachingCycleFactory(teacher=teacher, coach=coach, focus="Wait time")
    visit = VisitFactory(
        teacher=teacher, coach=coach, cycle=cycle, visited_on=coach.today, minutes=90, next_step="Count to three",
        next_step_on=coach.today + timedelta(days=3),
    )  # fmt: skip
    visit.items.add(item)
    CoachingNoteFactory(visit=visit, text="Quiet start")
    page = words(client, page_of)
    for said in ("Ask open questions", "Wait time", "Count to three", "Quiet start", "1.5 hours", item.course.title):
        assert said in page
    assert "Only Cora Coach can read this note." in page
    assert "Due a visit." not in page


def test_the_cycle_says_which_step_is_next_and_leads_to_it(client, page_of, coach, teacher):
    cycle = CoachingCycleFactory(teacher=teacher, coach=coach)
    for activity, following, to_log in (
        (None, "visit", "visit"),
        ("visit", "feedback", "feedback"),
        ("feedback", "action_step", "feedback"),
    ):
        if activity:
            VisitFactory(teacher=teacher, coach=coach, cycle=cycle, activity=activity)
        shown = client.get(page_of).context["cycles"][0]
        assert [step.step.value for step in shown.steps if step.is_next] == [following]
        assert shown.next_activity == to_log
        assert f"?cycle={cycle.pk}&amp;activity={to_log}" in words(client, page_of)
    VisitFactory(teacher=teacher, coach=coach, cycle=cycle, activity="re_visit")
    Visit.objects.filter(activity="feedback").update(next_step="Count to three")
    assert [step.is_taken for step in client.get(page_of).context["cycles"][0].steps] == [True] * 5


def test_the_page_asks_as_often_for_many_visits_as_for_one(client, page_of, coach, teacher):
    asked = []
    for more in (1, 9):
        for _ in range(more):
            cycle = CoachingCycleFactory(teacher=teacher, coach=coach)
            visit = VisitFactory(teacher=teacher, coach=coach, cycle=cycle)
            visit.items.add(PlanItemFactory(plan=PlanFactory(teacher=teacher)))
            CoachingNoteFactory(visit=visit)
        client.get(page_of)
        with CaptureQueriesContext(connection) as queries:
            client.get(page_of)
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_a_leader_who_mentors_sees_the_plan_and_nothing_of_the_coaching(client, teacher):
    both = PairingFactory(coach=user_with_role("leader"), teacher=teacher).coach
    RoleGrantFactory(user=both, role="mentor")
    VisitFactory(teacher=teacher, coach=both, next_step="Count to three")
    client.force_login(both)
    page = words(client, reverse("learning_plans:teacher", args=[teacher.pk]))
    assert ("Count to three" in page, "Log a visit" in page, "The plan" in page) == (False, False, True)


def test_the_teacher_sees_visits_steps_and_shared_notes_and_who_reads_them(client, coach, teacher):
    visit = VisitFactory(teacher=teacher, coach=coach, next_step="Count to three", visited_on=coach.today)
    for sharing in ("shared", "existence", "private"):
        CoachingNoteFactory(visit=visit, text=f"Words that are {sharing}", sharing=sharing)
    client.force_login(teacher.user)
    page = words(client, reverse("learning_plans:my_coaching"))
    assert [f"Words that are {each}" in page for each in ("shared", "existence", "private")] == [True, False, False]
    assert "There is a note. Cora Coach keeps its words" in page
    assert "Cora Coach and Ada Quill can read this note, nobody else." in page
    assert "can also be read by Cora Coach" in page
    assert page.count("Count to three") == 2
    assert "Log a visit" not in page
    assert reverse("learning_plans:my_coaching") in words(client, reverse("learning_plans:my_plan"))


def test_what_was_agreed_counts_until_the_next_visit(client, coach, teacher):
    VisitFactory(teacher=teacher, coach=coach, next_step="Count to three", visited_on=coach.today - timedelta(days=2))
    VisitFactory(teacher=teacher, coach=coach, visited_on=coach.today)
    client.force_login(teacher.user)
    assert client.get(reverse("learning_plans:my_coaching")).context["open_steps"] == []
