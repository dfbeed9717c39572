"""Every address of the live site, asked by every kind of person: the table below is the whole of who gets in where."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.pd_tracker.doors import ONLY_SENT_TO, OPEN_ACCOUNT_PAGES, READERS, WRITERS
from tests.world import (
    EVERYBODY,
    STRANGER,
    World,
    build,
    clients_of,
    stored,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

SAFE = ("get", "head", "options")
UNSAFE = ("post", "put", "patch", "delete")
REFUSED = {401, 403, 404, 405}


def routes(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, set[str]]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from routes(entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)
        elif isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name}", set(entry.pattern.converters)


LIVE = dict(routes(get_resolver()))
OUTSIDE = ("account_", "mfa_")  # allauth's own; what strangers may open of them is listed below


@pytest.fixture
def world() -> Iterator[World]:
    logging.disable(logging.WARNING)  # thousands of refusals
    yield build()
    logging.disable(logging.NOTSET)


def refused(client: Client, address: str, method: str, who: str) -> bool:
    response = getattr(client, method)(address)
    if response.streaming:
        b"".join(response)  # read to its end, a file is closed
    if who == STRANGER and response.status_code == 302:
        return "/accounts/login/" in response.url
    # Which methods an address has is no secret; the answer says nothing else.
    names_methods_only = method == "options" and not response.content and response.has_header("Allow")
    return response.status_code in REFUSED or names_methods_only


def address_of(world: World, route: str) -> str:
    return "/api/v1/else/" if route == "api_v1:nothing" else reverse(route, kwargs=world.keys.get(route, {}))


def test_every_route_has_a_declared_policy():
    ours = {route for route in LIVE if not route.startswith(OUTSIDE)}
    assert ours == set(READERS)


def test_who_gets_in_by_reading(world):
    clients = clients_of(world.people)
    addresses = {route: address_of(world, route) for route in READERS}
    found = {
        route: {who for who, client in clients.items() if not refused(client, address, "get", who)}
        for route, address in addresses.items()
    }
    assert found == {route: set() if route in ONLY_SENT_TO else READERS[route] for route in READERS}


@pytest.mark.parametrize("method", [*SAFE[1:], *UNSAFE])
def test_nobody_else_gets_in_by_any_other_method(world, method):
    allowed = READERS if method in SAFE else WRITERS
    clients, before = clients_of(world.people), stored()
    wrongly = {
        (route, who)
        for route in READERS
        for who in EVERYBODY - allowed[route]
        if not refused(clients[who], address_of(world, route), method, who)
    }
    assert wrongly == set()
    assert stored() == before


def test_strangers_open_only_the_listed_account_pages():
    keys = {"account_reset_password_from_key": {"uidb36": "1", "key": "x-y"}, "account_confirm_email": {"key": "x"}}
    opened = set()
    for route in (route for route in LIVE if route.startswith(OUTSIDE)):
        response = Client().get(reverse(route, kwargs=keys.get(route, {})))
        if not (response.status_code == 302 and response.url.startswith("/accounts/login/?next=")):
            opened.add(route)
    assert opened == OPEN_ACCOUNT_PAGES
