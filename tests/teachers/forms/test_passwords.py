"""The pages around the sign-in speak like the rest of the site."""

from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.urls import reverse

from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
TITLE_CASE = re.compile(r"\b[A-Z][a-z]+ [A-Z][a-z]+")


def heads(response):
    """Headings, labels and buttons of a page."""
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    found = re.findall(r"<(h1|h2|label|button)\b[^>]*>(.*?)</\1>", main, re.DOTALL)
    assert found
    return [re.sub(r"<[^>]+>", "", words).strip() for _, words in found]


@pytest.fixture
def somebody(client):
    user = UserFactory(email="ada@alder.example")
    client.force_login(user)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return user


@pytest.mark.parametrize("name", ["account_change_password", "mfa_index", "mfa_activate_totp"])
def test_headings_labels_and_buttons_are_in_sentence_case(client, somebody, name):
    assert not [words for words in heads(client.get(reverse(name))) if TITLE_CASE.search(words)]


@pytest.mark.parametrize(
    "name", ["mfa_index", "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes"]
)
def test_so_they_are_once_the_second_step_is_on(client, somebody, name):
    TOTP.activate(somebody, generate_totp_secret())
    RecoveryCodes.activate(somebody)
    assert not [words for words in heads(client.get(reverse(name))) if TITLE_CASE.search(words)]


def test_an_address_that_nobody_verified_does_not_keep_anybody_from_a_second_step(client, somebody):
    EmailAddress.objects.create(user=somebody, email=somebody.email, primary=True, verified=False)
    assert client.get(reverse("mfa_activate_totp")).status_code == 200


def test_the_second_step_says_what_to_type(client):
    user = UserFactory(email="ada@alder.example")
    TOTP.activate(user, generate_totp_secret())
    asked = client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD}, follow=True)
    assert heads(asked)[0] == "Enter your code"
    assert "six digits" in asked.content.decode()


def test_a_changed_password_is_asked_for_in_plain_words(client, somebody):
    assert heads(client.get(reverse("account_change_password")))[1:4] == [
        "Current password",
        "New password",
        "New password once more",
    ]
