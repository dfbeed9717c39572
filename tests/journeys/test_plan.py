"""A plan on a phone: two goals, handed in, returned by the principal, changed, and approved."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from learning_plans.models import Course, Goal, Plan
from pd_tracker.access import Role
from teachers.models import Teacher
from tests.factories import (
    CourseFactory,
    KpiFactory,
    KpiValueFactory,
    SchoolFactory,
    SchoolYearFactory,
    teacher_with_sign_in,
    user_with_role,
)
from tests.journeys.accessibility import assert_accessible
from tests.journeys.test_seats_by_lot import sign_in

PHONE = {"width": 390, "height": 844}


def fits(page: Page) -> None:
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.django_db(transaction=True)
def test_a_plan_from_two_goals_to_approved(page: Page, live_server) -> None:
    school, year = SchoolFactory(), SchoolYearFactory()
    teacher = teacher_with_sign_in(school)
    for start, value in ((2023, 48), (2024, 50)):
        of_year = SchoolYearFactory(start=start)
        KpiValueFactory(teacher=teacher, kpi=KpiFactory(code="growth"), school_year=of_year, value=value, n=22)
    principal = user_with_role(Role.PRINCIPAL, school, name="Naomi Okafor")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]

    sign_in(page, teacher.user, live_server.url)
    sets_two_goals(page)
    serves_a_goal(page, CourseFactory(title="Number talks"))
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_text("Next, Naomi Okafor (principal) can approve it.")).to_be_visible()

    sign_in(page, principal, live_server.url)
    returns_it(page, teacher)
    sign_in(page, teacher.user, live_server.url)
    changes_it(page)
    sign_in(page, principal, live_server.url)
    page.goto(f"/plans/{teacher.pk}/")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("Approved. The teacher is told.")).to_be_visible()

    plan = Plan.objects.get(teacher=teacher, school_year=year)
    assert plan.state == "active"
    assert Goal.objects.get(title="Ask open questions").baseline == 50
    assert list(plan.decisions.values_list("kind", flat=True)) == ["submitted", "returned", "submitted", "approved"]


def sets_two_goals(page: Page) -> None:
    page.goto("/my-plan/")
    fits(page)
    page.get_by_role("link", name="Add a goal").click()
    expect(page.get_by_text("Only you can read this draft. Once it is handed in, so can Naomi Okafor")).to_be_visible()
    page.get_by_label("Goal", exact=True).fill("Ask open questions")
    figures = page.get_by_label("A figure that shows it")
    expect(figures.locator("option").nth(1)).to_contain_text("now 50.0")
    figures.select_option(index=1)
    page.get_by_label("Target").fill("40")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("choose a target above 50")
    fits(page)
    page.get_by_label("Target").fill("55")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("stood at 50.0")).to_be_visible()
    page.get_by_role("link", name="Add a goal").click()
    page.get_by_label("Goal", exact=True).fill("Good news home first")
    page.get_by_role("button", name="Save").click()


def serves_a_goal(page: Page, course: Course) -> None:
    page.get_by_role("link", name="Add a course or task for “Ask open questions”").click()
    page.get_by_role("combobox", name="Course").fill(f"{course.title} ({course.code})")
    page.get_by_label("Due").fill((timezone.localdate() + timedelta(days=60)).isoformat())
    fits(page)
    page.get_by_role("button", name="Save").click()
    fits(page)


def returns_it(page: Page, teacher: Teacher) -> None:
    page.goto("/plans/")
    page.get_by_role("link", name="1 plan waits for you.").click()
    page.get_by_role("link", name=teacher.family_name).click()
    fits(page)
    page.get_by_label("Comment").fill("Which families first?")
    page.get_by_role("button", name="Return with this comment").click()
    expect(page.get_by_text("There is no plan here that you can read")).to_be_visible()


def changes_it(page: Page) -> None:
    page.goto("/my-plan/")
    expect(page.get_by_text("Which families first?").first).to_be_visible()
    page.get_by_role("link", name="Change goal “Good news home first”").click()
    page.get_by_label("why this goal").fill("Those we have not met yet.")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Hand in").click()
