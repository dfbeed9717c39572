"""Whose plan stands where."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from learning_plans.models import PlanDecision
from pd_tracker.access import Role
from tests.factories import PlanFactory, SchoolFactory, SchoolYearFactory, employed, user_with_role

pytestmark = pytest.mark.django_db
ADDRESS = "/plans/"


@pytest.fixture
def people():
    """At one school a plan in each state and one apart; another school has one that waits."""
    SchoolYearFactory()
    school = SchoolFactory()
    found = {}
    for state in ("draft", "in_review", "active"):
        found[state] = PlanFactory(teacher=employed(school), state=state)
    found["apart"] = PlanFactory(teacher=employed(school), state="in_review", is_apart_from_evaluation=True)
    found["elsewhere"] = PlanFactory(teacher=employed(), state="in_review")
    return school, found


def states(page):
    table = page.context["table"]
    place = [column.key for column in table.columns].index("plan")
    return dict(zip(page.context["row_keys"], [row[place] for row in table.rows], strict=True))


def test_a_principal_sees_what_is_handed_in_and_counts_of_all(client, people):
    school, plans = people
    PlanDecision.objects.create(plan=plans["in_review"], kind="submitted", decided_at=timezone.now())
    client.force_login(user_with_role(Role.PRINCIPAL, school))
    page = client.get(ADDRESS)
    assert states(page) == {
        plans["draft"].teacher_id: None,
        plans["in_review"].teacher_id: "In review",
        plans["active"].teacher_id: "Active",
        plans["apart"].teacher_id: None,
    }
    assert page.context["counts"] == [("Draft", 1), ("In review", 2), ("Active", 1), ("Closed", 0)]
    assert page.context["waiting"] == 1


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("waiting=true", {"in_review"}),
        ("waiting=false", {"draft", "active", "apart"}),
        ("state=in_review", {"in_review"}),
        ("state=none", {"draft", "apart"}),
        ("year=2019-20&state=active", set()),
        ("search=zzz", set()),
    ],
)
def test_filters(client, people, query, expected):
    school, plans = people
    client.force_login(user_with_role(Role.PRINCIPAL, school))
    assert set(client.get(f"{ADDRESS}?{query}").context["row_keys"]) == {plans[name].teacher_id for name in expected}


def test_a_leader_approves_nothing(client, people):
    client.force_login(user_with_role(Role.LEADER))
    page = client.get(ADDRESS)
    assert page.context["waiting"] == 0
    assert len(page.context["row_keys"]) == 5


def test_a_teacher_is_sent_to_their_own_plan(client, people):
    client.force_login(user_with_role(Role.TEACHER))
    assert client.get(ADDRESS).status_code == 403


def test_a_draft_shows_its_principal_only_what_is_required(client, people):
    school, plans = people
    client.force_login(user_with_role(Role.PRINCIPAL, school))
    page = client.get(reverse("learning_plans:plan", args=[plans["apart"].teacher_id]))
    assert page.context["plan"] is None
    assert "There is no plan here that you can read" in page.content.decode()
