"""What is typed is kept every few seconds, for its writer alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django import forms
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone
from django.views.generic import FormView

from learning_plans.jobs import daily
from pd_tracker.jobs.models import Job
from teachers.models import Draft
from teachers.views.drafts import DraftMixin
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
DRAFTS = "/drafts/"


def kept(user):
    return {draft.path: draft.fields for draft in Draft.objects.filter(user=user)}


@pytest.fixture
def user(client):
    user = UserFactory()
    client.force_login(user)
    return user


def test_the_newest_words_are_kept_once_for_each_form(client, user):
    for words in ("First", "First and second"):
        asked = {"_draft_path": "/notes/new/?teacher=3", "text": words, "tags": ["a", "b"], "password": "x"}
        assert client.post(DRAFTS, asked).status_code == 204
    assert kept(user) == {"/notes/new/?teacher=3": {"text": ["First and second"], "tags": ["a", "b"]}}


@pytest.mark.parametrize(
    ("path", "text"), [("", "x"), ("https://elsewhere.example/", "x"), ("/" + "a" * 300, "x"), ("/a/", "x" * 100_001)]
)
def test_what_cannot_be_kept_is_said(client, user, path, text):
    answer = client.post(DRAFTS, {"_draft_path": path, "text": text})
    assert answer.status_code == 400
    assert answer.json()["message"]
    assert kept(user) == {}


def test_dropping_leads_back_to_the_form_and_drops_nobody_elses(client, user):
    other = Draft.objects.create(user=UserFactory(), path="/a/", fields={}, saved_at="2026-10-01T00:00Z")
    client.post(DRAFTS, {"_draft_path": "/a/", "text": "x"})
    assert client.post("/drafts/drop/", {"_draft_path": "/a/"}).url == "/a/"
    assert list(Draft.objects.all()) == [other]
    assert client.post("/drafts/drop/", {"_draft_path": "//elsewhere.example"}).url == "/"


def test_a_stranger_keeps_nothing(client):
    assert client.post(DRAFTS, {"_draft_path": "/a/", "text": "x"}).status_code == 302
    assert not Draft.objects.exists()


def test_somebody_signed_in_again_gets_a_token_for_the_open_page(client, user):
    assert len(client.get(DRAFTS).json()["token"]) > 30


class Typing(forms.Form):
    text = forms.CharField()
    sure = forms.BooleanField(required=False, initial=True)
    days = forms.MultipleChoiceField(choices=[("1", "one"), ("2", "two")], required=False)


class Page(DraftMixin, FormView):  # type: ignore[type-arg]
    form_class = Typing
    initial = {"text": "what is saved"}

    def get_success_url(self):
        return "/done/"

    def render_to_response(self, context, **kwargs):
        return HttpResponse(str(context["form"]))


def opened(user, method="get", **typed):
    request = getattr(RequestFactory(), method)("/page/?of=3", typed)
    request.user = user
    return Page.as_view()(request)


def test_a_form_opens_with_what_was_typed_and_forgets_it_once_it_is_sent(client, user):
    assert "what is saved" in opened(user).content.decode()
    client.post(DRAFTS, {"_draft_path": "/page/?of=3", "text": "half a sen", "days": ["2"]})
    shown = opened(user).content.decode()
    assert 'value="half a sen"' in shown
    assert shown.count("checked") == 0  # the box was not ticked when it was kept
    assert '<option value="2" selected>two' in " ".join(shown.split()).replace("selected >", "selected>")
    assert "what is saved" in opened(UserFactory()).content.decode()
    assert opened(user, "post", text="").status_code == 200
    assert kept(user)
    assert opened(user, "post", text="A whole sentence").status_code == 302
    assert kept(user) == {}


def test_drafts_that_nobody_came_back_to_are_forgotten(user):
    now = timezone.now()
    for days in (59, 61):
        Draft.objects.create(user=user, path=f"/{days}/", fields={}, saved_at=now - timedelta(days=days))
    daily(Job(), on=timezone.localdate().isoformat())
    assert set(kept(user)) == {"/59/"}


def test_of_one_person_the_newest_fifty_are_kept(client, user):
    for number in range(52):
        client.post(DRAFTS, {"_draft_path": f"/{number}/", "text": "x"})
    assert set(kept(user)) == {f"/{number}/" for number in range(2, 52)}


@pytest.mark.parametrize(("origin", "is_shown"), [("http://testserver", True), ("https://elsewhere.example", False)])
def test_a_form_without_its_proof_is_refused_and_its_long_texts_are_not_lost(origin, is_shown):
    typed = {"note": "Twelve <b>questions</b> in ten minutes", "minutes": "40", "password": "a long sign-in phrase"}
    answer = Client(enforce_csrf_checks=True).post(DRAFTS, typed, headers={"Origin": origin})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert ("Twelve &lt;b&gt;questions&lt;/b&gt; in ten minutes" in page) == is_shown
    assert "sign-in phrase" not in page
