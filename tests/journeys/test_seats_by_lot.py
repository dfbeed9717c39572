"""Seats by lot in a browser: HR offers and draws them, and leaders read access, draws and methods."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from pd_tracker.access import Role
from teachers.models import SchoolYear, User
from tests.factories import DistrictFactory, SchoolYearFactory, SessionFactory, employed, user_with_role
from tests.journeys.accessibility import assert_accessible
from tests.pd_tracker.reports.test_trial import world


def sign_in(page: Page, user: User, address: str) -> None:
    client = Client()
    client.force_login(user)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": address}])


def look(page: Page, address: str) -> None:
    for width in (1280, 375):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(address)
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.django_db(transaction=True)
def test_hr_offers_seats_and_draws_them(page: Page, live_server) -> None:
    start = timezone.now() + timedelta(days=20)
    session = SessionFactory(starts_at=start, ends_at=start + timedelta(hours=2), capacity=2)
    sign_in(page, user_with_role(Role.HR), live_server.url)
    page.goto(f"/courses/{session.course_id}/")
    page.get_by_role("link", name="Seats").click()
    page.get_by_label("how seats are given").select_option("lottery")
    page.get_by_label("seats are drawn on").fill((timezone.localdate() + timedelta(days=3)).isoformat())
    page.get_by_label("where the seed comes from").fill("State lottery, that evening")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Seats are drawn by lot on")).to_be_visible()

    for _ in range(4):
        session.enrollments.create(teacher=employed(), state="in_draw")
    type(session).objects.filter(pk=session.pk).update(draw_on=timezone.localdate())
    look(page, f"/sessions/{session.pk}/seats/")
    page.get_by_label("Seed", exact=True).fill("14-07-33-41-02")
    page.get_by_role("button", name="Draw the seats").click()
    expect(page.get_by_text("The same order")).to_be_visible()
    look(page, f"/sessions/{session.pk}/seats/")
    look(page, f"/courses/{session.course_id}/")


@pytest.mark.django_db(transaction=True)
def test_leaders_read_access_draws_and_methods(page: Page, live_server) -> None:
    district = DistrictFactory()
    for start in range(2020, 2025):
        SchoolYearFactory(district=district, start=start)
    world(district, gain=0.25, seed=4)
    assert SchoolYear.objects.count() == 5
    sign_in(page, user_with_role(Role.LEADER), live_server.url)
    for name in ("equity_access", "trial", "methods"):
        look(page, f"/reports/{name}/")
