"""A teacher on a phone says where they are, is signed out midway, goes on, finishes, and takes something up."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from learning_plans.models import Need, SelfRating
from tests.factories import CompetencyFactory, FrameworkFactory, PairingFactory, teacher_with_sign_in, user_with_role
from tests.journeys.accessibility import assert_accessible
from tests.journeys.test_seats_by_lot import look, sign_in


@pytest.fixture
def framework(db):
    framework = FrameworkFactory()
    whole = CompetencyFactory(framework=framework, code="A", name="The room")
    for number, name in enumerate(("A calm start", "Talk in pairs"), 1):
        CompetencyFactory(framework=framework, parent=whole, code=f"A{number}", name=name, place=number)
    return framework


@pytest.mark.django_db(transaction=True)
def test_a_self_assessment_on_a_phone_survives_signing_out(page: Page, live_server, framework) -> None:
    teacher = teacher_with_sign_in()
    sign_in(page, teacher.user, live_server.url)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/my-growth/")
    page.get_by_role("link", name="Assess myself").click()
    page.get_by_label("Framework").select_option(label="Teaching standards 2024")
    page.get_by_role("button", name="Begin").click()
    page.get_by_label("I am at the beginning").first.check()
    expect(page.get_by_text("Saved at")).to_be_visible()
    assert_accessible(page)

    Session.objects.all().delete()
    page.get_by_label("How much it matters to my work – A calm start").select_option("4")
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    sign_in(page, teacher.user, live_server.url)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # back from the other tab
    expect(page.get_by_text("Saved at")).to_be_visible()
    rating = SelfRating.objects.get()
    assert (rating.level, rating.relevance) == (1, 4)

    page.reload()
    expect(page.get_by_label("I am at the beginning").first).to_be_checked()
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_text("Much speaks for this.")).to_be_visible()
    look(page, "/my-growth/")
    page.get_by_role("button", name="Yes, I want to work on this").click()
    expect(page.get_by_role("heading", name="What you work on")).to_be_visible()
    assert Need.objects.get().answer == "accepted"


@pytest.mark.django_db(transaction=True)
def test_a_coach_suggests_and_a_leader_reads_frameworks(page: Page, live_server, framework) -> None:
    teacher, coach = teacher_with_sign_in(), user_with_role("coach")
    PairingFactory(coach=coach, teacher=teacher)
    sign_in(page, coach, live_server.url)
    look(page, f"/people/{teacher.pk}/growth/")
    page.get_by_role("link", name="Suggest something to work on").click()
    page.get_by_label("What to work on").select_option(label="A2 Talk in pairs")
    page.get_by_label("What you saw, and why it would help").fill("The same five answered in both visits.")
    page.get_by_role("button", name="Suggest").click()
    expect(page.get_by_text("The same five answered in both visits.")).to_be_visible()
    look(page, f"/people/{teacher.pk}/growth/")

    sign_in(page, user_with_role("leader"), live_server.url)
    for address in ("/frameworks/", f"/frameworks/{framework.pk}/", "/priorities/", "/priorities/new/"):
        look(page, address)
