"""Every answer to somebody signed in is theirs alone: no proxy and no next user of the machine gets it from a store."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.pd_tracker.doors import WHO_GETS_IN
from tests.pd_tracker.test_every_door import LIVE
from tests.pd_tracker.test_every_door import world as world_of_doors
from tests.world import COLLEAGUE, STRANGER, World

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

world = world_of_doors
# These decide anew about the few licenses with news before they show where licenses stand, or count how often somebody
# without a sign-in asks.
WRITES_FIRST = {"learning_plans:renewals", "reports:hr_summary", "learning_plans:certificate"}
OPEN_TO_MACHINES = "health:"  # the same for everybody, and of nobody
ACCOUNT_KEYS = {
    "account_reset_password_from_key": {"uidb36": "1", "key": "x-y"},
    "account_confirm_email": {"key": "x"},
}
FORMATS = ("", "?format=csv", "?format=xlsx", "?format=json")


def answers(world: World, who: str, method: str, **headers: str) -> Iterator[tuple[str, HttpResponseBase]]:
    """What one person is answered at every address of the live site, whether they get in there or not."""
    client = Client(raise_request_exception=False)
    for route in LIVE:
        if route == "account_logout":
            continue
        client.force_login(world.people[who])
        address = reverse(route, kwargs=world.keys.get(route) or ACCOUNT_KEYS.get(route, {}))
        for asked in FORMATS if route in WHO_GETS_IN and method == "get" else ("",):
            response = getattr(client, method)(address + asked, headers=headers)
            if response.streaming:
                b"".join(response)  # type: ignore[arg-type]
            yield f"{who} {method} {route}{asked} {response.status_code}", response


def is_kept_private(response: HttpResponseBase) -> bool:
    said = {part.strip() for part in response.get("Cache-Control", "").split(",")}
    return {"private", "no-store"} <= said and "public" not in said


@pytest.mark.parametrize("who", ["hr", "teacher", "admin"])
@pytest.mark.parametrize(("method", "headers"), [("get", {}), ("get", {"HX-Request": "true"}), ("post", {})])
def test_no_answer_may_be_stored(world: World, who: str, method: str, headers: dict[str, str]) -> None:
    found = [(what, answer) for what, answer in answers(world, who, method, **headers)]
    ours = [(what, answer) for what, answer in found if OPEN_TO_MACHINES not in what]
    assert [what for what, answer in ours if not is_kept_private(answer)] == []
    assert {404, 405 if method == "post" else 200} <= {answer.status_code for _, answer in ours}


def test_errors_are_not_stored_either(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError

    client = Client(raise_request_exception=False)
    client.force_login(world.people["hr"])
    monkeypatch.setattr("pd_tracker.dashboards.views.sections_for", fail)
    found = [client.get("/"), client.get("/nothing/here/"), client.get("/people/?page=\x00")]
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(world.people["hr"])
    found.append(strict.post("/imports/new/", {}))
    assert [answer.status_code for answer in found if not is_kept_private(answer)] == []
    assert {answer.status_code for answer in found} >= {403, 404, 500}


def test_two_people_behind_one_proxy_never_get_each_others_pages(world: World) -> None:
    """A proxy that keeps whatever it may, asked for the same addresses by one after the other."""
    kept: dict[str, bytes] = {}
    seen: dict[str, dict[str, bytes]] = {}
    for who in ("teacher", COLLEAGUE):
        client = Client()
        client.force_login(world.people[who])
        for address in ("/", reverse("learning_plans:my_plan"), reverse("learning_plans:my_record"), "/help/"):
            if address not in kept:
                response = client.get(address)
                seen.setdefault(address, {})[who] = response.content
                if not is_kept_private(response):
                    kept[address] = response.content
    assert kept == {}
    names = {who: world.people[who].name.encode() for who in ("teacher", COLLEAGUE)}
    for pages in seen.values():
        assert names["teacher"] not in pages[COLLEAGUE]
        assert names[COLLEAGUE] not in pages["teacher"]


@pytest.mark.django_db(transaction=True)
def test_reading_a_page_takes_no_lock_for_writing(world: World) -> None:
    """On SQLite every transaction takes the only pen: what a page reads is read outside, and only the trail inside."""
    cache.clear()
    wrongly = []
    for route, allowed in WHO_GETS_IN.items():
        if not allowed or route in WRITES_FIRST:
            continue
        client = Client()
        who = "hr" if "hr" in allowed else min(allowed - {STRANGER})
        client.force_login(world.people[who])
        client.get("/help/")
        for asked in FORMATS:
            with CaptureQueriesContext(connection) as queries:
                response = client.get(reverse(route, kwargs=world.keys.get(route, {})) + asked)
                if response.streaming:
                    b"".join(response)
            if response.status_code == 200 and reads_inside([query["sql"] for query in queries]):
                wrongly.append(route + asked)
    assert wrongly == []


def reads_inside(statements: list[str]) -> bool:
    inside = False
    for statement in statements:
        inside = statement.startswith("BEGIN") or (inside and not statement.startswith(("COMMIT", "ROLLBACK")))
        if inside and statement.startswith("SELECT"):
            return True
    return False


def test_the_check_knows_a_read_inside() -> None:
    assert reads_inside(["BEGIN", "INSERT", "SELECT 1", "COMMIT"])
    assert not reads_inside(["BEGIN", "INSERT", "COMMIT", "SELECT 1"])
