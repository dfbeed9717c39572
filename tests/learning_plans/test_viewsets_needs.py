"""Frameworks, self-assessments, needs and priorities through the API, by the same rules as on the pages."""

from __future__ import annotations

import pytest

from learning_plans.models import Competency, Framework, NeedReason, SelfAssessment, SelfRating
from tests.factories import (
    CompetencyFactory,
    NeedReasonFactory,
    PairingFactory,
    PriorityFactory,
    SelfAssessmentFactory,
    teacher_with_sign_in,
    user_with_role,
)
from tests.programs import API, program, rows

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture
def teacher():
    return teacher_with_sign_in()


@pytest.fixture
def mine(teacher):
    return program(teacher.user)


@pytest.fixture
def theirs(teacher):
    return program(PairingFactory(coach=user_with_role("coach"), teacher=teacher).coach)


def send(client, address, body):
    return client.post(f"{API}/{address}", body, content_type=JSON)


def test_frameworks_and_their_parts_are_read(mine):
    intasc = Framework.objects.get(is_default=True)
    (found,) = [row for row in rows(mine, "frameworks") if row["is_default"]]
    assert (found["id"], found["name"], found["parts"]) == (intasc.pk, intasc.name, 14)
    parts = rows(mine, "competencies", framework=intasc.pk, search="planning")
    assert [(part["code"], part["parent_code"], part["is_retired"]) for part in parts] == [
        ("InTASC 7", "InTASC C", False)
    ]
    assert rows(mine, "competencies", retired="true") == []


def test_a_self_assessment_from_beginning_to_end(mine, teacher):
    framework = Framework.objects.get(is_default=True)
    first, second = Competency.objects.filter(framework=framework, children=None)[:2]

    begun = send(mine, "self-assessments/", {"framework_id": framework.pk})
    assert begun.status_code == 201
    assert send(mine, "self-assessments/", {"framework_id": framework.pk}).json()["id"] == begun.json()["id"]
    address = f"self-assessments/{begun.json()['id']}"
    send(mine, f"{address}/rate/", {"ratings": [{"competency_id": first.pk, "level": 1}]})
    rated = send(mine, f"{address}/rate/", {"ratings": [{"competency_id": first.pk, "relevance": 4}]}).json()
    assert rated["ratings"] == [
        {"competency_id": first.pk, "level": 1, "confidence": None, "relevance": 4, "comment": ""}
    ]
    wrong = send(mine, f"{address}/rate/", {"ratings": [{"competency_id": second.pk, "level": 5}]})
    assert (wrong.status_code, SelfRating.objects.count()) == (400, 1)
    strange = send(mine, f"{address}/rate/", {"ratings": [{"competency_id": CompetencyFactory().pk, "level": 1}]})
    assert strange.status_code == 400

    assert send(mine, f"{address}/finish/", {}).json()["finished_at"]
    assert NeedReason.objects.get().need.competency == first
    assert send(mine, f"{address}/rate/", {"ratings": [{"competency_id": first.pk, "level": 4}]}).status_code == 400


def test_what_cannot_be_begun_is_said(mine):
    assert send(mine, "self-assessments/", {"framework_id": 99999}).json()["errors"][0]["field"] == "framework_id"


def test_an_unfinished_one_is_its_teachers_alone(mine, theirs, teacher):
    SelfAssessmentFactory(teacher=teacher, finished_at=None)
    finished = SelfAssessmentFactory(teacher=teacher)
    assert [row["id"] for row in rows(theirs, "self-assessments")] == [finished.pk]
    assert len(rows(mine, "self-assessments")) == SelfAssessment.objects.count() == 2
    assert rows(mine, "self-assessments", finished="false")[0]["finished_at"] is None


def test_needs_are_read_with_their_reasons_and_answered_by_the_teacher_alone(mine, theirs, teacher):
    need = NeedReasonFactory(need__teacher=teacher).need
    shown = theirs.get(f"{API}/needs/{need.pk}/").json()
    assert shown["reasons"][0] == {
        "source": "self_assessment",
        "weight": "strong",
        "found_on": "2025-09-01",
        "words": [
            "Says: “I do it now and then, or with help”. Confidence: “Not sure of myself”. It matters: “Very much”."
        ],
        "given_by": None,
    }
    assert send(theirs, f"needs/{need.pk}/answer/", {"answer": "accepted"}).status_code == 403
    assert send(mine, f"needs/{need.pk}/answer/", {"answer": "disagreed"}).json()["errors"][0]["field"] == "comment"
    assert send(mine, f"needs/{need.pk}/answer/", {"answer": "accepted"}).json()["answer"] == "accepted"
    assert [row["id"] for row in rows(mine, "needs", answer="accepted")] == [need.pk]


def test_a_coach_suggests_to_those_they_look_after(theirs, mine, teacher):
    competency = CompetencyFactory()
    body = {"competency_id": competency.pk, "words": "The groups wait long."}
    made = send(theirs, "needs/", {"staff_id": teacher.staff_id, **body})
    assert (made.status_code, made.json()["reasons"][0]["words"]) == (201, ["The groups wait long."])
    other = teacher_with_sign_in()
    assert send(theirs, "needs/", {"staff_id": other.staff_id, **body}).json()["errors"][0]["field"] == "staff_id"
    competency.is_retired = True
    competency.save()
    retired = send(theirs, "needs/", {"staff_id": teacher.staff_id, **body})
    assert retired.json()["errors"][0]["field"] == "competency_id"
    assert send(mine, "needs/", {"staff_id": teacher.staff_id, **body}).status_code == 403


def test_priorities_are_no_secret(mine):
    running = PriorityFactory()
    PriorityFactory(ended_on="2020-01-01")
    assert [row["id"] for row in rows(mine, "priorities", running="2024-05-01")] == [running.pk]
    assert len(rows(mine, "priorities")) == 2


def test_evaluators_read_no_needs(teacher):
    NeedReasonFactory(need__teacher=teacher)
    school = teacher.assignments.get().school
    for role in ("principal", "hr", "leader"):
        evaluator = program(user_with_role(role, school if role == "principal" else None))
        assert evaluator.get(f"{API}/needs/{teacher.needs.get().pk}/").status_code == 403
