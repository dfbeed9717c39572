"""Rules for required training through the API, by the same actions as the pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from learning_plans.actions import assigning
from learning_plans.models import AssignmentRule, PlanItem, RuleMember
from pd_tracker.access import Role
from pd_tracker.jobs.models import Job
from tests.factories import (
    DISTRICT_TIME,
    AssignmentRuleFactory,
    CompletionFactory,
    CourseFactory,
    RuleMemberFactory,
    SchoolFactory,
    SchoolYearFactory,
    employed,
    user_with_role,
)
from tests.programs import API, program, rows

pytestmark = pytest.mark.django_db
RULES, MEMBERS = f"{API}/assignment-rules/", f"{API}/rule-members/"
TODAY = timezone.localdate(timezone=DISTRICT_TIME)


@pytest.fixture
def school():
    SchoolYearFactory()
    return SchoolFactory()


@pytest.fixture
def hr(school) -> Client:
    return program(user_with_role(Role.HR))


def post(client: Client, address: str, **body: Any) -> Any:
    return client.post(address, body, content_type="application/json")


def stated(**other: Any) -> dict[str, Any]:
    return {"name": "Safety", "course_code": CourseFactory().code, "audience": "everybody", "due_rule": "none"} | other


def test_a_preview_says_whom_it_would_hold_for_and_makes_nothing(hr, school):
    teacher = employed(school, since=TODAY - timedelta(days=10))
    answer = post(hr, RULES, **stated(due_rule="after_hire", due_days=60, preview=True))
    assert answer.json()["would_hold_for"] == 1
    (first,) = answer.json()["first"]
    assert (first["staff_id"], first["due_on"]) == (teacher.staff_id, str(TODAY + timedelta(days=50)))
    assert not AssignmentRule.objects.exists()


def test_a_rule_is_made_held_listed_and_ended(hr, school):
    one, other = employed(school), employed(SchoolFactory())
    answer = post(hr, RULES, **stated(school_id=school.school_id, note="Bring a laptop"))
    assert (answer.status_code, answer.json()["held"], answer.json()["school"]) == (201, 1, school.name)
    rule = AssignmentRule.objects.get()
    assert PlanItem.objects.get().plan.teacher == one
    other.assignments.update(school=school)
    assert post(hr, f"{RULES}{rule.pk}/hold/").json()["held"] == 2
    assert [row["teacher_id"] for row in rows(hr, "rule-members", rule=rule.pk)] == [one.pk, other.pk]
    ended = post(hr, f"{RULES}{rule.pk}/end/", withdraw=True, reason="Over")
    assert (ended.status_code, ended.json()["held"], ended.json()["ended_at"] is None) == (200, 0, False)
    assert not PlanItem.objects.standing().exists()
    assert post(hr, f"{RULES}{rule.pk}/hold/").status_code == 400
    assert [row["id"] for row in rows(hr, "assignment-rules", ended="true")] == [rule.pk]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"course_code": "nothing"}, "course_code"),
        ({"school_id": "nothing"}, "school_id"),
        ({"audience": "nobody"}, "audience"),
        ({"audience": "people", "staff_ids": ["nobody"]}, "people"),
        ({"due_rule": "fixed", "due_on": "2020-01-01"}, "due_on"),
        ({"due_rule": "after_hire"}, ""),
        ({"due_days": -1}, "due_days"),
        ({"made_by": 1}, "made_by"),
    ],
)
def test_what_cannot_be_taken_is_named(hr, wrong, field):
    answer = post(hr, RULES, **stated(**wrong))
    assert (answer.status_code, {line["field"] for line in answer.json()["errors"]}) == (400, {field})
    assert not AssignmentRule.objects.exists()


def test_people_are_exempted_and_the_exemption_ends(hr, school):
    member = RuleMemberFactory(rule=AssignmentRuleFactory(), teacher=employed(school))
    address = f"{MEMBERS}{member.pk}/"
    assert post(hr, f"{address}exempt/", reason="").status_code == 400
    assert post(hr, f"{address}exempt/", reason="On loan").json()["state"] == "exempt"
    assert [row["id"] for row in rows(hr, "rule-members", state="exempt")] == [member.pk]
    assert post(hr, f"{address}end-exemption/").json()["state"] == "open"
    assert post(hr, f"{address}end-exemption/").status_code == 400


def test_a_rule_for_many_goes_into_plans_in_the_background(hr, school, monkeypatch):
    monkeypatch.setattr(assigning, "AT_ONCE", 0)
    employed(school)
    answer = post(hr, RULES, **stated())
    assert (answer.status_code, answer.json()["held"]) == (201, 0)
    assert Job.objects.get().arguments["rule_id"] == AssignmentRule.objects.get().pk


def test_a_principal_makes_rules_for_the_own_school_and_a_coach_none(school):
    principal, other = program(user_with_role(Role.PRINCIPAL, school)), SchoolFactory()
    assert post(principal, RULES, **stated(school_id=other.school_id)).status_code == 400
    assert post(principal, RULES, **stated()).status_code == 400
    assert post(principal, RULES, **stated(school_id=school.school_id)).status_code == 201
    coach = program(user_with_role(Role.COACH))
    assert coach.get(RULES).status_code == post(coach, RULES, **stated()).status_code == 403
    assert not RuleMember.objects.exists()


def test_a_token_that_reads_plans_makes_no_rule(school):
    reader = program(user_with_role(Role.HR), "plans:read")
    assert post(reader, RULES, **stated()).status_code == 403


def test_a_rule_that_recurs_is_made_and_tells_of_each_person_by_when_and_until_when(hr, school):
    one, other = employed(school), employed(school)
    other.employments.update(position="aide")
    course = CourseFactory()
    CompletionFactory(teacher=one, course=course, completed_on=TODAY - timedelta(days=30))
    about = {"repeats": "completion", "every_years": 2, "due_rule": "after_joining", "due_days": 10}
    answer = post(hr, RULES, **stated(course_code=course.code, duties=["classroom_teacher"], **about))
    made = answer.json()
    assert (answer.status_code, made["held"], made["done"]) == (201, 1, 1)
    assert (made["repeats"], made["every_years"], made["early_days"]) == ("completion", 2, 60)
    (row,) = rows(hr, "rule-members", rule=made["id"], state="done")
    assert (row["teacher_id"], row["done_on"]) == (one.pk, str(TODAY - timedelta(days=30)))
    assert row["valid_until"] == row["due_on"] > str(TODAY)
    assert [row["id"] for row in rows(hr, "assignment-rules", repeats="completion")] == [made["id"]]
    assert rows(hr, "assignment-rules", repeats="once") == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"repeats": "weekly"}, "repeats"),
        ({"repeats": "completion", "every_years": 0}, "every_years"),
        ({"duties": ["astronaut"]}, "duties.0"),
        ({"repeats": "cycle", "due_rule": "after_start", "due_days": 3, "every_years": 2}, ""),
    ],
)
def test_what_cannot_recur_like_that_is_named(hr, wrong, field):
    answer = post(hr, RULES, **stated() | wrong)
    assert (answer.status_code, {line["field"] for line in answer.json()["errors"]}) == (400, {field})
