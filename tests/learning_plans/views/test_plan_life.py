"""The steps of a plan on its pages."""

from __future__ import annotations

import pytest
from django.urls import reverse

from learning_plans.models import Plan
from pd_tracker.access import Role
from tests.factories import (
    GoalFactory,
    PairingFactory,
    PlanFactory,
    SchoolFactory,
    SchoolYearFactory,
    teacher_with_sign_in,
    user_with_role,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def school():
    return SchoolFactory()


@pytest.fixture
def teacher(school):
    return teacher_with_sign_in(school)


@pytest.fixture
def principal(school):
    return user_with_role(Role.PRINCIPAL, school)


@pytest.fixture
def plan(teacher):
    plan = PlanFactory(teacher=teacher, school_year=SchoolYearFactory(), state="draft")
    GoalFactory(plan=plan)
    return plan


def step(plan, name):
    return reverse(f"learning_plans:{name}", args=[plan.pk])


def state(plan):
    return Plan.objects.get(pk=plan.pk).state


def test_handed_in_read_returned_and_approved(client, plan, teacher, principal):
    client.force_login(teacher.user)
    assert "Handed in." in client.post(step(plan, "submit_plan"), follow=True).content.decode()
    client.force_login(principal)
    page = client.get(reverse("learning_plans:plan", args=[teacher.pk]))
    version = page.context["version"]
    refused = client.post(step(plan, "return_plan"), {"comment": "", "version": version})
    assert "comment" in refused.context["form"].errors
    client.post(step(plan, "return_plan"), {"comment": "One goal is enough", "version": version})
    assert state(plan) == "draft"
    client.force_login(teacher.user)
    assert "One goal is enough" in client.get(reverse("learning_plans:my_plan")).content.decode()
    client.post(step(plan, "submit_plan"))
    client.force_login(principal)
    stale = client.post(step(plan, "approve_plan"), {"version": version})
    assert "changed after you opened it" in stale.content.decode()
    version = client.get(reverse("learning_plans:plan", args=[teacher.pk])).context["version"]
    client.post(step(plan, "approve_plan"), {"version": version})
    assert state(plan) == "active"


def test_what_keeps_a_plan_from_being_handed_in_is_listed(client, plan, teacher):
    plan.goals.all().update(state="dropped")
    client.force_login(teacher.user)
    page = client.post(step(plan, "submit_plan"))
    assert "Add at least one goal" in page.content.decode()
    assert state(plan) == "draft"


def test_a_draft_is_not_found_by_a_principal(client, plan, principal):
    client.force_login(principal)
    for name in ("approve_plan", "return_plan", "close_plan", "submit_plan"):
        assert client.get(step(plan, name)).status_code == 404


def test_a_closed_plan_is_read_in_later_years(client, plan, teacher, principal):
    Plan.objects.filter(pk=plan.pk).update(state="active", school_year=SchoolYearFactory(start=2020))
    client.force_login(teacher.user)
    client.post(step(plan, "close_plan"))
    title = plan.goals.get().title
    plan.goals.all().update(title="Another title")
    for user, page in ((teacher.user, "/my-plan/?year=2020-21"), (principal, f"/plans/{teacher.pk}/?year=2020-21")):
        client.force_login(user)
        words = client.get(page).content.decode()
        assert title in words
        assert "Another title" not in words
    assert client.get(f"/plans/{teacher.pk}/?year=1999-00").status_code == 404


def test_going_on_next_year_asks_about_each_open_goal(client, plan, teacher):
    coach = PairingFactory(coach=user_with_role(Role.COACH), teacher=teacher).coach
    Plan.objects.filter(pk=plan.pk).update(state="active")
    year = SchoolYearFactory(start=plan.school_year.starts_on.year + 1)
    goal = plan.goals.get()
    client.force_login(teacher.user)
    assert client.get(reverse("learning_plans:my_next_year")).url == step(plan, "next_year")
    for _ in range(2):
        answer = client.post(step(plan, "next_year"), {f"goal_{goal.pk}": "carried"})
        assert answer.url == f"/my-plan/?year={year.label}"
    assert Plan.objects.get(teacher=teacher, school_year=year).goals.count() == 1
    client.force_login(coach)
    assert "No goal is open" in client.get(step(plan, "next_year")).content.decode()


def test_hr_reads_nothing_of_a_draft_in_the_history_of_a_person(client, plan, teacher):
    plan.goals.get().save()
    client.force_login(user_with_role(Role.HR))
    words = client.get(reverse("learning_plans:person_history", args=[teacher.pk])).content.decode()
    assert plan.goals.get().title not in words
