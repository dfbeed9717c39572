"""The navigation: at most six words side by side, and the one a page belongs to."""

from __future__ import annotations

import pytest
from django.urls import reverse

from pd_tracker.access import Role
from tests.factories import PairingFactory, PlanFactory, employed, user_with_role

pytestmark = pytest.mark.django_db


def words(client, path="/"):
    frame = client.get(path).context["frame"]
    return [str(link.label) for link in frame["navigation"]], [str(link.label) for link in frame["more"]]


def current(client, path):
    frame = client.get(path).context["frame"]
    return [str(link.label) for link in (*frame["navigation"], *frame["more"]) if link.is_current]


def test_more_than_six_words_stand_under_the_last(client):
    client.force_login(user_with_role(Role.HR))
    side_by_side, more = words(client)
    assert side_by_side == ["People", "Completions", "Renewals", "Imports", "Exports"]
    assert more == ["Reports", "Catalog", "Renewal rules", "Required training", "Frameworks", "Roles", "Changes"]
    assert current(client, reverse("teachers:roles")) == ["Roles"]
    assert "More: Roles" in client.get(reverse("teachers:roles")).content.decode()


def test_few_words_stand_side_by_side(client):
    client.force_login(user_with_role(Role.COACH))
    assert words(client) == (["Caseload", "Calendar", "Find training", "Practices"], [])


def test_a_plan_belongs_to_the_caseload_of_a_coach_and_to_the_plans_of_a_leader(client):
    coach, teacher = user_with_role(Role.COACH), employed()
    PairingFactory(coach=coach, teacher=teacher)
    PlanFactory(teacher=teacher)
    plan = reverse("learning_plans:plan", args=[teacher.pk])
    for user, word in ((coach, "Caseload"), (user_with_role(Role.LEADER), "Plans")):
        client.force_login(user)
        assert current(client, plan) == [word]


def test_the_home_page_belongs_to_no_word(client):
    client.force_login(user_with_role(Role.HR))
    assert current(client, "/") == []
