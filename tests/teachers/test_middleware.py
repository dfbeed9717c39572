"""How long a sign-in lasts, and that nothing is lost when it ends."""

from __future__ import annotations

import time
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth import SESSION_KEY
from django.urls import reverse

from pd_tracker.access import Role
from teachers import middleware
from teachers.models import District
from tests.factories import PASSWORD, SchoolFactory, UserFactory, user_with_role

pytestmark = pytest.mark.django_db
MINUTE = 60


@pytest.fixture
def later(monkeypatch):
    """Lets time pass."""
    passed, began = [0], time.time()
    monkeypatch.setattr(middleware.time, "time", lambda: began + passed[0])

    def wait(minutes):
        passed[0] += minutes * MINUTE

    return wait


def is_in(client):
    return client.get("/").status_code == 200


@pytest.mark.parametrize(("role", "minutes"), [("hr", 30), ("admin", 30), ("coach", 60), ("leader", 60)])
def test_an_unused_sign_in_ends(client, later, role, minutes):
    client.force_login(user_with_role(role))
    assert is_in(client)
    later(minutes)
    assert is_in(client)
    later(minutes + 1)
    assert not is_in(client)
    assert SESSION_KEY not in client.session


def test_after_twelve_hours_one_signs_in_again_however_busy(client, later):
    client.force_login(user_with_role("coach"))
    for _ in range(12 * 3 + 1):
        assert is_in(client)
        later(20)
    assert not is_in(client)


def test_it_leads_back_to_the_page(client, later):
    user = user_with_role("hr")
    client.force_login(user)
    client.get("/")
    later(31)
    sent = client.get("/people/?q=ada&page=2")
    assert parse_qs(urlsplit(sent.url).query) == {"next": ["/people/?q=ada&page=2"]}
    assert "Nothing happened here for a while" in client.get(sent.url).content.decode()
    asked = {"login": user.email, "password": PASSWORD, "next": "/people/?q=ada&page=2"}
    assert client.post(reverse("account_login"), asked).url == "/people/?q=ada&page=2"
    assert is_in(client)
    assert "Nothing happened" not in client.get(reverse("account_login"), follow=True).content.decode()


def typed_too_late(client, later, user):
    SchoolFactory()
    client.force_login(user)
    client.get("/")
    later(31)
    fields = {"name": "Alder “Valley” <b>", "time_zone": "America/Chicago", "csrfmiddlewaretoken": "x", "password": "y"}
    return client.post(reverse("teachers:district"), fields)


def test_what_was_typed_is_sent_with_one_press_after_signing_in(client, later):
    user = user_with_role(Role.ADMIN)
    sent = typed_too_late(client, later, user)
    assert parse_qs(urlsplit(sent.url).query) == {"next": [reverse("teachers:typed")]}
    assert District.objects.get().name == "Alder Valley"
    asked = {"login": user.email, "password": PASSWORD, "next": reverse("teachers:typed")}
    page = client.post(reverse("account_login"), asked, follow=True).content.decode()
    assert f'<form action="{reverse("teachers:district")}" method="post">' in page
    assert 'name="name" value="Alder “Valley” &lt;b&gt;"' in page
    assert 'name="password"' not in page


def test_what_one_person_typed_is_not_shown_to_the_next(client, later):
    typed_too_late(client, later, user_with_role(Role.ADMIN))
    other = UserFactory()
    client.post(reverse("account_login"), {"login": other.email, "password": PASSWORD})
    assert client.get(reverse("teachers:typed")).url == "/"
    assert middleware.TYPED not in client.session


def test_a_part_of_a_page_sends_the_whole_page_to_sign_in(client, later):
    client.force_login(user_with_role("hr"))
    client.get("/")
    later(31)
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/people/?q=ada"}
    answer = client.get("/people/", headers=headers)
    assert answer["HX-Redirect"] == "/accounts/login/?next=%2Fpeople%2F%3Fq%3Dada"


def test_pages_open_to_everybody_stay_open(client, later):
    client.force_login(user_with_role("hr"))
    client.get("/")
    later(31)
    assert client.get("/help/").status_code == 200
    assert SESSION_KEY not in client.session


def test_words_that_arrive_as_the_sign_in_ends_are_kept_for_their_writer(client, later):
    coach = user_with_role("coach")
    client.force_login(coach)
    later(61)
    answer = client.post("/drafts/", {"_draft_path": "/notes/new/", "text": "The last words"})
    assert answer.status_code == 401
    assert SESSION_KEY not in client.session
    assert coach.drafts.get().fields == {"text": ["The last words"]}
