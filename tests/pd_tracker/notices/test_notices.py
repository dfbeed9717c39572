"""The messages under the bell: one's own, in words, leading to places of this site only."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import translation

from pd_tracker.notices.actions import tell
from pd_tracker.notices.models import Notice
from tests.factories import UserFactory

KIND = Notice.Kind.TRAINING_ASSIGNED


@pytest.fixture
def reader(db, client):
    user = UserFactory()
    client.force_login(user)
    return user


def notice(user, url="/my-plan/"):
    tell([user.pk], kind=KIND, url=url, course="Reading well", by="Ana Coach")
    return Notice.objects.latest("pk")


def test_list_shows_ones_own_notices_in_words(reader, client):
    notice(reader)
    tell([UserFactory().pk], kind=KIND, course="Somebody else's", by="Ana Coach")
    page = client.get(reverse("notices:list")).content.decode()
    assert "Ana Coach added “Reading well” to your plan." in page
    assert "Somebody else" not in page
    assert "1 notice is new." in page


def test_opening_one_marks_it_read_and_leads_there(reader, client):
    opened = notice(reader)
    response = client.get(reverse("notices:open", args=[opened.pk]))
    opened.refresh_from_db()
    assert response.url == "/my-plan/"
    assert opened.read_at is not None


@pytest.mark.parametrize(
    "url", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", "", "\\\\e"]
)
def test_opening_never_leaves_this_site(reader, client, url):
    response = client.get(reverse("notices:open", args=[notice(reader, url=url).pk]))
    assert response.url == reverse("notices:list")


def test_somebody_elses_notice_is_not_found(reader, client):
    other = notice(UserFactory())
    assert client.get(reverse("notices:open", args=[other.pk])).status_code == 404
    other.refresh_from_db()
    assert other.read_at is None


def test_all_are_marked_read_by_a_post_only(reader, client):
    mine, other = notice(reader), notice(UserFactory())
    assert client.get(reverse("notices:read_all")).status_code == 405
    assert client.post(reverse("notices:read_all")).url == reverse("notices:list")
    mine.refresh_from_db()
    other.refresh_from_db()
    assert mine.read_at is not None
    assert other.read_at is None


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same_for_one_and_for_three(reader, client, count, django_assert_num_queries):
    for _ in range(count):
        notice(reader)
    with django_assert_num_queries(8):
        client.get(reverse("notices:list"))


@pytest.mark.parametrize("kind", Notice.Kind.values)
def test_every_kind_has_words_even_without_facts(kind):
    assert str(Notice(kind=kind))


def test_stored_percent_signs_stay_text():
    assert "100 %s" in str(Notice(kind=KIND, facts={"course": "100 %s", "by": "A"}))


def test_words_are_chosen_when_read():
    with translation.override("es"):
        assert str(Notice(kind=KIND))


def test_days_and_moments_are_said_in_the_language_and_zone_of_the_reader():
    due = Notice(kind=Notice.Kind.REVIEW_DUE, facts={"day": "2026-12-01"})
    moved = Notice(kind=Notice.Kind.SESSION_CHANGED, facts={"course": "Talk", "at": "2026-12-01T18:30:00+00:00"})
    assert str(due) == "A review of a plan is due on Dec 1, 2026."
    assert str(moved) == "“Talk” has another time or place. It begins Dec 1, 2026, 10:30 AM PST."
    with translation.override("es"):
        assert "1 dic 2026" in str(due)
