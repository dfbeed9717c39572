"""Renewal rules in a browser: copied, changed while one types, looked at, confirmed; and open to everybody's aids."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from learning_plans.models import LicenceStanding, PackVersion
from pd_tracker.access import Role
from tests.factories import CompletionFactory, LicenceFactory, employed, user_with_role
from tests.journeys.test_seats_by_lot import look, sign_in


@pytest.mark.django_db(transaction=True)
def test_own_rules_from_a_copy_to_where_people_stand(page: Page, live_server) -> None:
    first = timezone.localdate() - timedelta(days=900)
    held = LicenceFactory(teacher=employed(family_name="Lindqvist"), jurisdiction="NY", valid_from=first)
    CompletionFactory(teacher=held.teacher, minutes=600, category="Newcomers", completed_on=first + timedelta(days=9))
    sign_in(page, user_with_role(Role.HR), live_server.url)
    page.goto("/renewal-rules/NY-CTLE/")
    page.get_by_role("link", name="Copy and adapt").click()
    page.locator("#id_code").fill("ours")
    page.get_by_role("button", name="Make them").click()
    page.get_by_role("button", name="All of it, as text").click()
    text = page.locator("#id_text")
    typed = text.input_value()
    text.fill(typed.replace('amount = "100"', 'amount = "many"'))
    expect(page.locator("#checked")).to_contain_text("“many” is not a number.")
    text.fill(typed.replace('amount = "100"', 'amount = "0.5"'))
    expect(page.locator("#checked")).to_contain_text("0.5 hours are owed.")
    page.locator("#id_reason").fill("The board says so")
    page.locator("#id_reason").press("Enter")
    page.get_by_role("button", name="Let it hold").click()
    expect(page.get_by_text("It holds now.")).to_be_visible()
    assert PackVersion.objects.count() == 2

    page.goto("/renewal-rules/choices/new/")
    page.locator("#id_rule_pack").select_option("ours")
    page.locator("#id_reason").fill("Ours from now on")
    page.get_by_role("button", name="See what would change").last.click()
    expect(page.get_by_text("1 person: No state hour rule → Behind")).to_be_visible()
    change = page.url.removeprefix(live_server.url)
    page.get_by_role("button", name="Let it hold").click()
    expect(page.get_by_text("It holds now.")).to_be_visible()
    assert LicenceStanding.objects.get().rule_pack == "ours"
    for address in (
        "/renewal-rules/", "/renewal-rules/ours/", "/renewal-rules/ours/versions/2/", "/renewal-rules/ours/edit/",
        "/renewal-rules/ours/edit/?mode=text", "/renewal-rules/VA-10-year/", "/renewal-rules/choices/",
        "/renewal-rules/choices/new/", "/renewal-rules/categories/", "/contract-hours/", "/contract-hours/new/", change,
    ):  # fmt: skip
        look(page, address)
