"""Somebody lets a program in: makes a token, uses it, sees that it was used, and takes it back."""

from __future__ import annotations

import json
from http import HTTPStatus
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.factories import PASSWORD, employed, user_with_role
from tests.journeys.accessibility import assert_accessible

pytestmark = pytest.mark.django_db(transaction=True)
WIDTHS = {"phone": 375, "desktop": 1280}


def sign_in(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_label("Email").fill("hr@alder.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def look(page: Page) -> None:
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def asked(site: LiveServer, secret: str) -> tuple[int, int]:
    request = Request(f"{site.url}/api/v1/teachers/", headers={"Authorization": f"Token {secret}"})  # noqa: S310
    try:
        with urlopen(request) as answer:  # noqa: S310  our own test server
            return answer.status, json.load(answer)["count"]
    except HTTPError as error:
        with error:
            return error.code, 0


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_a_token_from_its_making_to_its_end(page: Page, live_server: LiveServer, width: int) -> None:
    user_with_role("hr", email="hr@alder.example")
    employed()
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page, "/tokens/")
    look(page)
    page.get_by_role("link", name="Make a token").click()

    page.get_by_label("Password", exact=True).fill(PASSWORD)  # once more, before a token is made
    look(page)
    page.locator("main").get_by_role("button").click()

    look(page)
    page.get_by_label("What it is for").fill("Payroll")
    page.get_by_label("Read people and schools").check()
    page.get_by_role("button", name="Make the token").click()
    look(page)
    secret = page.get_by_label("Copy it now").input_value()
    assert asked(live_server, secret) == (HTTPStatus.OK, 1)

    page.get_by_role("link", name="I have kept it").click()
    look(page)
    expect(page.get_by_text(secret)).to_have_count(0)
    expect(page.get_by_text(secret[:15]).first).to_be_visible()
    page.get_by_role("link", name="Payroll").click()
    look(page)
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("Taken back.")).to_be_visible()
    assert asked(live_server, secret) == (HTTPStatus.UNAUTHORIZED, 0)


def test_the_description_is_drawn_within_our_own_rules(page: Page, live_server: LiveServer) -> None:
    user_with_role("hr", email="hr@alder.example")
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    sign_in(page, "/")
    page.goto("/api/v1/docs/")
    expect(page.get_by_text("/api/v1/teachers/").first).to_be_visible()
    assert complaints == []
