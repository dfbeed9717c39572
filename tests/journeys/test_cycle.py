"""A leader starts next year's cycle in a browser: looks ahead, watches it, sees the counts and opens one."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from learning_plans.actions.shipped import take_shipped
from learning_plans.jobs import start_plans
from learning_plans.models import CycleStart, Plan
from pd_tracker.access import Role
from pd_tracker.jobs.models import Job
from tests.factories import (
    DistrictFactory,
    PairingFactory,
    PlanReviewFactory,
    SchoolYearFactory,
    employed,
    user_with_role,
)
from tests.journeys.test_seats_by_lot import look, sign_in

PEOPLE = 6


@pytest.mark.django_db(transaction=True)
def test_a_leader_starts_the_next_cycle(page: Page, live_server) -> None:
    SchoolYearFactory()
    leader = user_with_role(Role.LEADER)
    take_shipped(district=DistrictFactory(), keys=["teacher", "first_year", "induction"], actor=leader)
    for number in range(PEOPLE):
        employed(family_name=f"Reyes {number}", experience_years=number)
    sign_in(page, leader, live_server.url)

    look(page, "/templates/")
    look(page, "/templates/today/")
    page.get_by_role("link", name="Start a cycle").click()
    page.get_by_label("School year").select_option(index=1)
    page.get_by_role("button", name="See who would get what").click()
    look(page, page.url)
    expect(page.get_by_role("row", name=re.compile("^Teacher"))).to_contain_text("Classroom teacher")
    page.get_by_role("button", name=f"Start {PEOPLE} plans").click()
    expect(page.get_by_text("Waiting to start")).to_be_visible()

    start = CycleStart.objects.get()
    start_plans(start.job, start_id=start.pk, actor_id=leader.pk)
    Job.objects.update(state=Job.State.DONE, done=PEOPLE, total=PEOPLE)
    expect(page.get_by_text("Teacher: ")).to_be_visible(timeout=10_000)  # the page looks again by itself
    look(page, page.url)
    page.get_by_role("link", name="Reyes 0").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Reyes 0")
    assert Plan.objects.filter(start=start).count() == PEOPLE


@pytest.mark.django_db(transaction=True)
def test_a_coach_holds_a_review_and_loses_no_word(page: Page, live_server) -> None:
    review = PlanReviewFactory(planned_on=timezone.localdate())
    coach = PairingFactory(coach=user_with_role(Role.COACH), teacher=review.plan.teacher).coach
    sign_in(page, coach, live_server.url)
    look(page, f"/reviews/{review.pk}/")
    page.get_by_label("What we decided").fill("We go on as planned.")
    expect(page.get_by_text("Kept at")).to_be_visible(timeout=15_000)
    page.context.clear_cookies()
    sign_in(page, coach, live_server.url)
    page.goto(f"/reviews/{review.pk}/")
    expect(page.get_by_label("What we decided")).to_have_value("We go on as planned.")
    page.get_by_role("button", name="Hold the review").click()
    expect(page.get_by_text("Add these words")).to_be_visible()
    look(page, page.url)
