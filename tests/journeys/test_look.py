"""The shared parts in a browser: light, dark, wide, phone, keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.accessibility import assert_accessible

pytestmark = pytest.mark.urls("tests.pd_tracker.web.samples")
PAGES = ("list/?school=1&ordering=-hours", "form/?wrong=1", "report/", "nothing/")


@pytest.mark.parametrize("address", PAGES)
def test_every_part_is_accessible_in_light_and_dark_wide_and_narrow(page: Page, address: str) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if "Content Security" in message.text else None)
    for width in (1280, 375):
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.goto(f"/{address}")
            assert_accessible(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert complaints == []


def test_a_chart_is_walked_with_the_arrow_keys(page: Page) -> None:
    page.goto("/report/")
    figure = page.locator("[data-pd-chart]").first
    figure.locator('svg.pd-chart--wide [tabindex="0"]').focus()
    page.keyboard.press("ArrowDown")

    expect(figure.locator("[data-pd-readout]")).to_have_text("Middle: 17.9 hours per FTE, interval 14.5 to 21.3")
    page.keyboard.press("End")
    expect(figure.locator("[data-pd-readout]")).to_have_text("Combined & other: no value")


def test_a_narrow_chart_is_shown_on_a_phone_only(page: Page) -> None:
    page.goto("/report/")
    expect(page.locator(".pd-chart--wide").first).to_be_visible()
    page.set_viewport_size({"width": 375, "height": 800})

    expect(page.locator(".pd-chart--wide").first).to_be_hidden()
    expect(page.locator(".pd-chart--narrow").first).to_be_visible()


def test_ticking_rows_says_how_many(page: Page) -> None:
    page.goto("/list/")
    page.get_by_label("Choose Person 03").check()
    expect(page.get_by_text("1 chosen")).to_be_visible()
    page.get_by_label("Choose everyone on this page").check()

    expect(page.get_by_text("25 chosen")).to_be_visible()


def test_the_account_menu_closes_with_escape_and_gives_the_focus_back(page: Page) -> None:
    page.goto("/list/")
    page.get_by_text("Ana Ruiz").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.keyboard.press("Escape")

    expect(page.get_by_role("button", name="Sign out")).to_be_hidden()
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_filters_wait_closed_on_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 375, "height": 800})
    page.goto("/list/")

    expect(page.get_by_label("School")).to_be_hidden()
