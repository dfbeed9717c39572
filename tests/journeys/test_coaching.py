"""A coach goes through a whole coaching cycle; the sign-in ends while typing, and nothing typed is lost."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from learning_plans.models import CoachingCycle, CoachingNote, Visit
from pd_tracker.access import Role
from teachers.models import Draft, User
from tests.factories import PairingFactory, SchoolYearFactory, teacher_with_sign_in, user_with_role
from tests.journeys.accessibility import assert_accessible

PHONE = {"width": 390, "height": 844}
NOTE = "Twelve questions, waited after four."


def sign_in(page: Page, user: User, address: str) -> None:
    client = Client()
    client.force_login(user)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.clear_cookies()
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": address}])


def fits(page: Page) -> None:
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def log(page: Page, minutes: str, **more: str) -> None:
    page.get_by_role("link", name="Log the next step").click()
    page.get_by_label("Minutes").fill(minutes)
    for label, words in more.items():
        page.get_by_label(label.replace("_", " ").capitalize(), exact=False).first.fill(words)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved.")).to_be_visible()


@pytest.mark.django_db(transaction=True)
def test_a_whole_cycle_and_nothing_typed_is_lost(page: Page, live_server) -> None:
    SchoolYearFactory()
    teacher = teacher_with_sign_in(given_name="Ada", family_name="Quill")
    coach = PairingFactory(coach=user_with_role(Role.COACH), teacher=teacher).coach
    page.set_viewport_size(PHONE)
    sign_in(page, coach, live_server.url)

    page.goto("/caseload/")
    page.get_by_role("link", name="Quill, Ada").click()
    page.get_by_role("link", name="Start a coaching cycle").click()
    page.get_by_label("what we work on").fill("Wait time")
    page.get_by_role("button", name="Save", exact=True).click()
    fits(page)

    page.get_by_role("link", name="Log the next step").click()
    page.get_by_label("Minutes").fill("40")
    note = page.get_by_label("Note", exact=False).first
    note.fill("Twelve questions")
    expect(page.get_by_text("Kept at")).to_be_visible()
    page.context.clear_cookies()
    note.fill(NOTE)
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    assert [draft.fields["note"] for draft in Draft.objects.all()] == [["Twelve questions"]]
    sign_in(page, coach, live_server.url)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_text("Kept at")).to_be_visible()
    fits(page)
    page.reload()
    expect(note).to_have_value(NOTE)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text(NOTE)).to_be_visible()
    assert not Draft.objects.exists()
    assert CoachingNote.objects.get().text == NOTE

    page.get_by_role("button", name="Share with Ada Quill").click()
    expect(page.get_by_text("Ada Quill can read this note now.")).to_be_visible()
    log(page, "20", next_step="Count to three")
    log(page, "35")
    page.get_by_role("link", name="Close Wait time").click()
    page.get_by_label("What came of it").fill("Nine of ten")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Nine of ten")).to_be_visible()
    fits(page)
    assert [visit.activity for visit in Visit.objects.order_by("pk")] == ["visit", "feedback", "re_visit"]
    assert CoachingCycle.objects.get().ended_on is not None

    sign_in(page, teacher.user, live_server.url)
    page.goto("/my-coaching/")
    expect(page.get_by_text(NOTE)).to_be_visible()
    fits(page)

    sign_in(page, user_with_role(Role.PRINCIPAL, teacher.assignments.get().school), live_server.url)
    key, visit = CoachingNote.objects.get().pk, Visit.objects.first()
    for door in (
        f"/coaching/visits/{visit.pk}/",
        f"/coaching/notes/{key}/delete/",
        f"/coaching/cycles/{visit.cycle_id}/",
    ):
        assert page.goto(door).status == 404
    for door in (f"/people/{teacher.pk}/", f"/plans/{teacher.pk}/", f"/caseload/{teacher.pk}/", "/search/?q=Quill"):
        page.goto(door)
        expect(page.get_by_text(NOTE)).to_have_count(0)
