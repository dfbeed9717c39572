"""Signing in: who is locked out, by whom, and what nobody does for themselves."""

from __future__ import annotations

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib.auth import SESSION_KEY
from django.test import Client, RequestFactory
from django.urls import reverse

from pd_tracker.access import Role
from teachers.accounts import client_address
from tests.factories import PASSWORD, UserFactory, user_with_role

pytestmark = pytest.mark.django_db
SCHOOL, HOME = "203.0.113.5", "198.51.100.7"
LOCKED = 429


def signs_in(email: str, password: str = PASSWORD, address: str = SCHOOL) -> int:
    client = Client(REMOTE_ADDR=address)
    status: int = client.post(reverse("account_login"), {"login": email, "password": password}).status_code
    return status


def test_guessing_locks_one_person_at_one_address_and_nobody_else():
    UserFactory(email="ada@alder.example")
    UserFactory(email="ben@alder.example")

    guesses = [signs_in("ada@alder.example", f"guess {number}") for number in range(11)]

    assert (guesses[0], guesses[-1]) == (200, LOCKED)
    assert signs_in("Ada@Alder.example") == LOCKED
    assert signs_in("ben@alder.example") == 302
    assert signs_in("ada@alder.example", address=HOME) == 302


def test_a_school_full_of_wrong_passwords_locks_nobody_who_knows_theirs():
    for number in range(40):
        signs_in(f"somebody{number}@alder.example", "wrong")
    UserFactory(email="ada@alder.example")

    assert signs_in("ada@alder.example") == 302


@pytest.mark.parametrize(("guesses", "is_in"), [(4, True), (5, False)])
def test_codes_of_the_second_step_cannot_be_guessed(client, guesses, is_in):
    user, secret = UserFactory(email="ada@alder.example"), generate_totp_secret()
    TOTP.activate(user, secret)
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    for _number in range(guesses):
        client.post(reverse("mfa_authenticate"), {"code": "not a code"})

    right = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    client.post(reverse("mfa_authenticate"), {"code": right})

    assert (SESSION_KEY in client.session) == is_in


@pytest.mark.parametrize(("proxies", "address"), [(0, "127.0.0.1"), (1, HOME), (2, SCHOOL)])
def test_an_address_is_read_past_our_own_proxies_only(settings, proxies, address):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    chain = f"192.0.2.1, {SCHOOL}, {HOME}"  # a visitor may have written the first themselves
    request = RequestFactory().get("/", HTTP_X_FORWARDED_FOR=chain, REMOTE_ADDR="127.0.0.1")

    assert client_address(request) == address


def test_nobody_changes_the_address_they_sign_in_with(client):
    coach = user_with_role(Role.COACH, email="coach@alder.example")
    client.force_login(coach)
    page = reverse("account_email")

    assert client.get(page).status_code == 302
    for act in ("action_add", "action_primary"):
        client.post(page, {act: "", "email": "victim@alder.example"})

    coach.refresh_from_db()
    assert coach.email == "coach@alder.example"
    assert not coach.emailaddress_set.filter(email="victim@alder.example").exists()
