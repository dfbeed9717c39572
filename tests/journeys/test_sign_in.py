"""The first page that anybody sees."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys.accessibility import assert_accessible

PHONE = {"width": 360, "height": 740}


def test_a_stranger_is_led_to_an_accessible_sign_in_page(page: Page) -> None:
    page.goto("/")

    expect(page).to_have_url(re.compile("/accounts/login/"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert_accessible(page)


def test_the_sign_in_page_fits_a_phone(page: Page) -> None:
    page.set_viewport_size(PHONE)
    page.goto("/accounts/login/")

    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert_accessible(page)


def test_the_site_breaks_none_of_its_own_content_rules(page: Page) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto("/accounts/login/")

    assert complaints == []
