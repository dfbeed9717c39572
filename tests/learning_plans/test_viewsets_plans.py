"""Plans and goals through the API: the steps and rules of the pages."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from learning_plans.models import Goal, Need, Plan
from pd_tracker.access import Role
from teachers.models import Teacher
from tests.factories import (
    CompetencyFactory,
    CourseFactory,
    GoalFactory,
    KpiFactory,
    KpiValueFactory,
    PairingFactory,
    PlanFactory,
    PlanItemFactory,
    SchoolFactory,
    SchoolYearFactory,
    employed,
    teacher_with_sign_in,
    user_with_role,
)
from tests.programs import API, program, rows

pytestmark = pytest.mark.django_db
GOALS, PLANS, ITEMS = f"{API}/goals/", f"{API}/plans/", f"{API}/plan-items/"


@pytest.fixture
def teacher() -> Teacher:
    SchoolYearFactory()
    return teacher_with_sign_in(SchoolFactory())


@pytest.fixture
def own(teacher) -> Client:
    return program(teacher.user)


@pytest.fixture
def principal(teacher) -> Client:
    return program(user_with_role(Role.PRINCIPAL, teacher.assignments.get().school))


@pytest.fixture
def plan(teacher) -> Plan:
    plan = PlanFactory(teacher=teacher, state="draft")
    GoalFactory(plan=plan)
    return plan


def post(client: Client, address: str, version: Any = None, **body: Any) -> Any:
    headers = {} if version is None else {"If-Match": f'"{version}"'}
    return client.post(address, body, content_type="application/json", headers=headers)


def fields(answer: Any) -> set[str]:
    assert answer.status_code == 400, answer.content
    return {line["field"] for line in answer.json()["errors"]}


def test_the_way_of_a_plan(own, principal, plan):
    address = f"{PLANS}{plan.pk}/"
    assert principal.get(address).status_code == 404  # a draft
    assert post(own, f"{address}submit/").json()["state"] == "in_review"
    version = principal.get(address).json()["version"]
    assert post(principal, f"{address}approve/").status_code == 428
    assert fields(post(principal, f"{address}return/", version)) == {"comment"}
    assert post(principal, f"{address}return/", version, comment="Shorter").status_code == 204
    assert post(own, f"{address}submit/").status_code == 200
    assert post(principal, f"{address}approve/", version).status_code == 409
    assert post(own, f"{address}take-back/").json()["state"] == "draft"
    post(own, f"{address}submit/")
    version = principal.get(address).json()["version"]
    assert post(principal, f"{address}approve/", version, comment="Good luck").json()["state"] == "active"
    closed = post(principal, f"{address}close/").json()
    assert [one["step"] for one in closed["decisions"]] == [
        "submitted", "returned", "submitted", "taken_back", "submitted", "approved", "closed",
    ]  # fmt: skip
    assert closed["closed_copy"]["goals"][0]["title"] == closed["goals"][0]["title"]
    assert fields(post(own, f"{address}close/")) == {""}


def test_a_key_makes_a_step_once(own, plan):
    headers = {"Idempotency-Key": "one"}
    address = f"{PLANS}{plan.pk}/submit/"
    first, again = (own.post(address, {}, content_type="application/json", headers=headers) for _ in range(2))
    assert (first.status_code, again.status_code, again.headers["Idempotency-Replayed"]) == (200, 200, "true")
    assert plan.decisions.count() == 1


def test_a_token_for_reading_takes_no_step(teacher, plan):
    reader = program(teacher.user, "plans:read")
    assert post(reader, f"{PLANS}{plan.pk}/submit/").status_code == 403
    assert post(reader, GOALS, staff_id=teacher.staff_id, title="More").status_code == 403


def test_goals_are_set_changed_and_met(own, teacher, plan):
    need = Need.objects.create(teacher=teacher, competency=CompetencyFactory(), answer="accepted")
    KpiValueFactory(teacher=teacher, kpi=KpiFactory(code="growth"), value="48", n=20)
    body = {"title": "Growth", "need_id": need.pk, "kpi": "growth", "target": "55"}
    made = post(own, GOALS, staff_id=teacher.staff_id, plan_id=plan.pk, **body)
    assert made.status_code == 201, made.content
    address = f"{GOALS}{made.json()['id']}/"
    goal = Goal.objects.get(title="Growth")
    assert (goal.need, goal.baseline, goal.plan) == (need, 48, plan)
    headers = {"If-Match": f'"{made.json()["version"]}"'}
    changed = own.patch(address, {"title": "More growth"}, content_type="application/json", headers=headers)
    assert changed.json()["title"] == "More growth"
    stale = own.patch(address, {"title": "Less"}, content_type="application/json", headers=headers)
    assert stale.status_code == 409
    assert post(own, f"{address}state/", state="met").json()["state"] == "met"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"staff_id": "nobody"}, "staff_id"),
        ({"plan_id": 9999}, "plan_id"),
        ({"competency_id": 9999}, "competency_id"),
        ({"need_id": 9999}, "need_id"),
        ({"kpi": "nothing"}, "kpi"),
        ({"kpi": "growth", "target": "55"}, "kpi"),  # no figure yet
        ({"title": ""}, "title"),
        ({"baseline": "1"}, "baseline"),
    ],
)
def test_goals_that_are_refused(own, teacher, plan, wrong, field):
    KpiFactory(code="growth")
    assert fields(post(own, GOALS, **{"staff_id": teacher.staff_id, "title": "More"} | wrong)) == {field}
    assert Goal.objects.count() == 1


def test_items_obey_the_state_of_their_plan(own, teacher, plan):
    Plan.objects.filter(pk=plan.pk).update(state="active")
    made = post(own, ITEMS, staff_id=teacher.staff_id, course_code=CourseFactory().code, is_required=True)
    assert made.json()["is_required"] is False
    assert post(own, f"{ITEMS}{made.json()['id']}/withdraw/").status_code == 200
    theirs = PlanItemFactory(plan=plan, is_required=False)
    assert post(own, f"{ITEMS}{theirs.pk}/withdraw/").status_code == 403
    assert post(own, f"{GOALS}{plan.goals.get().pk}/state/", state="met").status_code == 403
    Plan.objects.filter(pk=plan.pk).update(state="closed")
    coach = program(PairingFactory(coach=user_with_role(Role.COACH), teacher=teacher).coach)
    assert post(coach, f"{ITEMS}{theirs.pk}/withdraw/").status_code == 403
    body = {"staff_id": teacher.staff_id, "task": "Visit"}
    assert "closed" in post(coach, ITEMS, **body).json()["errors"][0]["message"]


def test_where_the_classes_stood_stays_with_who_may_see_figures(plan, principal, own):
    goal = plan.goals.get()
    goal.kpi, goal.baseline, goal.target = KpiFactory(code="growth"), 48, 55
    goal.save()
    copy = {"goals": [{"id": goal.pk, "title": "G", "kpi": "Growth", "baseline": "48", "latest": "50"}], "items": []}
    Plan.objects.filter(pk=plan.pk).update(state="closed", closed_copy=copy)
    seen = principal.get(f"{PLANS}{plan.pk}/").json()
    assert (seen["goals"][0]["baseline"], seen["closed_copy"]["goals"][0]["latest"]) == (48, "50")
    hidden = program(user_with_role(Role.LEADER)).get(f"{PLANS}{plan.pk}/").json()
    assert hidden["goals"][0].get("baseline") is None
    assert hidden["closed_copy"]["goals"] == [{"id": goal.pk, "title": "G", "kpi": "Growth"}]


def test_goals_of_drafts_are_not_listed_to_leaders(plan):
    other = GoalFactory(plan=PlanFactory(teacher=employed()))
    leader = program(user_with_role(Role.LEADER))
    assert [row["id"] for row in rows(leader, "goals")] == [other.pk]
