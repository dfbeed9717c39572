"""How much each part counts: seen before it is saved, with a reason, and with its history."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from learning_plans.models import RecommendationWeights
from tests.factories import CompetencyFactory, CourseFactory, SchoolFactory, user_with_role

pytestmark = pytest.mark.django_db
URL = reverse("learning_plans:weights")
EQUAL = dict.fromkeys(("fit", "evidence", "availability", "cost", "credit", "opinions"), "1")


@pytest.fixture
def leader() -> Client:
    client = Client()
    client.force_login(user_with_role("leader"))
    return client


def test_the_first_weights_have_a_reason_too(leader):
    assert "Say why" not in leader.get(URL).content.decode()
    assert "This field is required" in leader.post(URL, EQUAL).content.decode()
    assert not RecommendationWeights.objects.exists()
    text = leader.post(URL, EQUAL | {"reason": "The board decided"}, follow=True).content.decode()
    assert RecommendationWeights.objects.get().fit == 1
    assert "The board decided" in text  # in the history below the form


def test_what_would_change_is_shown_and_nothing_saved(leader):
    competency = CompetencyFactory(name="Questions in class")
    for title, cost, tier in (("Free", 0, "rationale"), ("Proven", 500, "strong")):
        CourseFactory(title=title, cost=cost, evidence_tier=tier).competencies.add(competency)
    typed = EQUAL | {"evidence": "0", "cost": "9", "reason": "Money is short", "preview": "1"}
    response = leader.post(URL, typed)
    orders: Any = response.context["orders"]
    assert [(number, course, was) for number, course, _percent, was in orders["rows"]] == [
        (1, "Free", 2),
        (2, "Proven", 1),
    ]
    assert "Questions in class" in response.content.decode()
    assert not RecommendationWeights.objects.exists()


def test_who_opens_no_catalog_is_told_why_there_is_no_example():
    CourseFactory().competencies.add(CompetencyFactory())
    client = Client()
    client.force_login(user_with_role("admin"))
    text = client.post(URL, EQUAL | {"reason": "Try", "preview": "1"}).content.decode()
    assert "There is no example to show" in text


def test_the_second_of_two_editors_is_told(leader):
    leader.post(URL, EQUAL | {"reason": "First"})
    version = leader.get(URL).context["form"]["version"].value()
    leader.post(URL, EQUAL | {"fit": "5", "reason": "Second", "version": version})
    text = leader.post(URL, EQUAL | {"fit": "7", "reason": "Third", "version": version}).content.decode()
    assert "Somebody changed this entry" in text
    assert RecommendationWeights.objects.get().fit == 5


@pytest.mark.parametrize("wrong", [{"fit": "11"}, {"cost": "-1"}, dict.fromkeys(EQUAL, "0")])
def test_weights_that_cannot_be(leader, wrong):
    assert leader.post(URL, EQUAL | {"reason": "Why not"} | wrong).status_code == 200
    assert not RecommendationWeights.objects.exists()


@pytest.mark.parametrize("role", ["teacher", "coach", "principal", "hr"])
def test_others_do_not_open_it(role):
    client = Client()
    client.force_login(user_with_role(role, SchoolFactory() if role == "principal" else None))
    assert client.get(URL).status_code == 403
