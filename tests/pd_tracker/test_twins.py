"""What belongs to another school or district answers as if it were not there, by every door and to everybody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse

from tests.pd_tracker.doors import READERS, WRITERS
from tests.world import STRANGER, Keys, World, build, clients_of, stored

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

METHODS = ("get", "post", "patch", "delete")
WHOLE_DISTRICT = {"hr", "leader", "admin", "finance"}  # the next school is theirs, too
# Every school of the district shares these.
OF_THE_DISTRICT = (
    "course", "session", "register", "withdraw", "school_year", "practice", "priorities-detail", "rule_pack",
    "renewal_rules", "rule_choices",
)  # fmt: skip
MASKED = re.compile(r'(csrfmiddlewaretoken" value=|X-CSRFToken": )"[^"]+"')
NOT_THERE = {int: 987_654_321, str: "pdt_nothing"}
NAMES = {"kind", "name", "answer", "number"}  # of lists in the code, or within a row, not of rows
OF_THE_SITE = ("framework", "competenc", "make_default")  # every district of a site reads the same frameworks
FOR_WHO_HOLDS_THE_NUMBER = "learning_plans:certificate"  # random, and said to nobody but whose it is


@pytest.fixture
def world() -> World:
    return build()


def with_foreign_parts(own: dict[str, Any], foreign: dict[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """An address with some or all of somebody else's keys in it, and the same with keys that nothing has."""
    parts = [part for part in own if part not in NAMES]
    for swapped in [parts, *([part] for part in parts if len(parts) > 1)]:
        yield (
            own | {part: foreign[part] for part in swapped},
            own | {part: NOT_THERE[type(foreign[part])] for part in swapped},
        )


def told_apart(world: World, foreign: Keys, who: str, routes: list[str]) -> list[tuple[str, str, int, int]]:
    """Where the answer for a foreign row is not 404, or not word for word that for no row at all."""
    client, found = clients_of({who: world.people[who]})[who], []
    before = stored()
    for route in routes:
        for foreign_keys, no_keys in with_foreign_parts(world.keys[route], foreign[route]):
            for method in METHODS:
                there, nowhere = reverse(route, kwargs=foreign_keys), reverse(route, kwargs=no_keys)
                answers = getattr(client, method)(there), getattr(client, method)(nowhere)
                texts = [
                    MASKED.sub("", answer.content.decode()).replace(address, "")
                    for answer, address in zip(answers, (there, nowhere), strict=True)
                ]
                statuses = [answer.status_code for answer in answers]
                if texts[0] != texts[1] or statuses[0] != statuses[1] or statuses[0] not in {403, 404, 405, 415, 428}:
                    found.append((route, method, *statuses))
    assert stored() == before
    return found


def routes_of(world: World, who: str) -> list[str]:
    """Those that let this person in at all, and lead to a row."""
    return [
        route
        for route, keys in world.keys.items()
        if who in READERS[route] | WRITERS[route]
        and set(keys) - NAMES
        and not any(word in route for word in OF_THE_SITE)
        and route != FOR_WHO_HOLDS_THE_NUMBER
    ]


@pytest.mark.parametrize("who", ["teacher", "coach", "principal", "hr", "leader", "admin"])
def test_another_district_is_not_there(world, who):
    assert told_apart(world, world.next_district, who, routes_of(world, who)) == []


@pytest.mark.parametrize("who", ["teacher", "coach", "principal"])
def test_the_next_school_is_not_there(world, who):
    routes = [route for route in routes_of(world, who) if not any(word in route for word in OF_THE_DISTRICT)]
    assert told_apart(world, world.next_school, who, routes) == []


def test_the_ids_of_everything_open_nothing_to_a_stranger(world):
    client = clients_of({})[STRANGER]
    for keys in (world.keys, world.next_school, world.next_district):
        for route, of_route in keys.items():
            if route == FOR_WHO_HOLDS_THE_NUMBER:
                continue
            response = client.get(reverse(route, kwargs=of_route))
            is_sent_to_sign_in = response.status_code == 302 and response.url.startswith("/accounts/login/")
            assert is_sent_to_sign_in or response.status_code in {401, 405}, route
