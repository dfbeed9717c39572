"""Required training in a browser: a leader looks, makes a rule and exempts somebody, who sees it in the plan."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from learning_plans.models import PlanItem, RuleMember
from pd_tracker.access import Role
from tests.factories import CourseFactory, SchoolYearFactory, teacher_with_sign_in, user_with_role
from tests.journeys.test_seats_by_lot import look, sign_in


@pytest.mark.django_db(transaction=True)
def test_a_rule_from_the_first_look_to_an_exemption_in_the_plan(page: Page, live_server) -> None:
    SchoolYearFactory()
    teacher, course = teacher_with_sign_in(family_name="Lindqvist"), CourseFactory(title="Emergency procedures")
    sign_in(page, user_with_role(Role.LEADER), live_server.url)
    page.goto("/required/")
    page.get_by_role("link", name="Make a rule").click()
    page.locator("#id_name").fill("Safety this year")
    page.locator("#id_course").fill(f"Emergency procedures ({course.code})")
    page.locator("#id_due_rule").select_option("after_joining")
    page.locator("#id_due_days").fill("20")
    page.get_by_role("button", name="See whom it would hold for").click()
    expect(page.get_by_role("heading", name="It would hold for 1 person today.")).to_be_visible()
    assert not PlanItem.objects.exists()
    page.get_by_role("button", name="Make this rule").click()
    expect(page.get_by_text("Joined: 1. Left: 0. New in plans: 1.")).to_be_visible()
    member = RuleMember.objects.get()
    for address in ("/required/", f"/required/{member.rule_id}/", "/required/new/", "/required/overdue/"):
        look(page, address)

    page.goto(f"/required/{member.rule_id}/")
    page.get_by_role("link", name="Lindqvist").click()
    page.get_by_label("Reason for the exemption").fill("On loan to the county office")
    page.get_by_role("button", name="Exempt this person").click()
    expect(page.get_by_role("button", name="End the exemption")).to_be_visible()

    PlanItem.objects.update(due_on=timezone.localdate() - timedelta(days=3))
    page.context.clear_cookies()
    sign_in(page, teacher.user, live_server.url)
    page.goto("/my-plan/")
    expect(page.get_by_text("You are exempt: On loan to the county office")).to_be_visible()
    look(page, "/calendar/")
