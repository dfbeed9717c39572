"""Practices, opinions, wishes and recommendations through the API, by the rules of the pages."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from learning_plans.models import Adoption, CourseOpinion, CourseWish, Need, Practice
from pd_tracker.audit.models import AuditEvent
from teachers.models import Teacher
from tests.factories import (
    CompetencyFactory,
    CompletionFactory,
    CourseFactory,
    PairingFactory,
    SchoolYearFactory,
    teacher_with_sign_in,
    user_with_role,
)
from tests.programs import API, program, rows

pytestmark = pytest.mark.django_db
PRACTICES, WISHES, OPINIONS = f"{API}/practices/", f"{API}/course-wishes/", f"{API}/course-opinions/"


@pytest.fixture
def teacher() -> Teacher:
    SchoolYearFactory()
    return teacher_with_sign_in()


@pytest.fixture
def mine(teacher) -> Client:
    assert teacher.user is not None
    return program(teacher.user)


@pytest.fixture
def theirs() -> Client:
    user = teacher_with_sign_in().user
    assert user is not None
    return program(user)


def post(client: Client, address: str, **body: Any) -> Any:
    return client.post(address, body, content_type="application/json")


def fields(answer: Any) -> set[str]:
    return {line["field"] for line in answer.json()["errors"]}


class TestPractices:
    def test_from_a_draft_to_somebody_who_tries_it(self, mine, theirs, teacher):
        course, competency = CourseFactory(), CompetencyFactory()
        more = {"course_code": course.code, "competency_id": competency.pk}
        answer = post(mine, PRACTICES, title="Exit tickets", how="On paper", **more)
        assert answer.status_code == 201
        address = f"{PRACTICES}{answer.json()['id']}/"
        made = Practice.objects.get()
        assert (made.teacher, made.course, made.competency, made.shared_at) == (teacher, course, competency, None)
        assert theirs.get(address).status_code == 404
        assert post(mine, f"{address}share/").json()["shared_at"]
        assert [row["title"] for row in rows(theirs, "practices")] == ["Exit tickets"]
        assert post(theirs, f"{address}take_up/").json()["tried_by"] == 1
        post(theirs, f"{address}take_up/", comment="Calm")
        assert mine.get(address).json()["how_it_went"] == ["Calm"]
        assert mine.get(address).json()["i_try_it_since"] is None
        assert post(theirs, f"{address}stop/").json()["tried_by"] == 0
        assert not Adoption.objects.exists()
        assert post(mine, f"{address}take_back/").json()["withdrawn_at"]
        assert theirs.get(address).status_code == 404

    def test_a_change_names_the_version_it_saw(self, mine, teacher):
        answer = post(mine, PRACTICES, title="Exit tickets", how="On paper")
        address, body = f"{PRACTICES}{answer.json()['id']}/", {"outcome": "Good"}
        patch = {"content_type": "application/json"}
        assert mine.patch(address, body, **patch).status_code == 428
        assert mine.patch(address, body, headers={"If-Match": answer["ETag"]}, **patch).status_code == 200
        assert (
            mine.patch(address, body | {"outcome": "Bad"}, headers={"If-Match": answer["ETag"]}, **patch).status_code
            == 409
        )
        assert Practice.objects.get().outcome == "Good"

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"title": ""}, "title"),
            ({"evidence_url": "http://a.example"}, "evidence_url"),
            ({"evidence_url": "javascript:alert(1)"}, "evidence_url"),
            ({"course_code": "nothing"}, "course_code"),
            ({"competency_id": 987654321}, "competency_id"),
            ({"teacher_id": 1}, "teacher_id"),
            ({"shared_at": "2026-01-01T00:00:00Z"}, "shared_at"),
        ],
    )
    def test_what_cannot_be_taken(self, mine, wrong, field):
        answer = post(mine, PRACTICES, **{"title": "Exit tickets", "how": "On paper"} | wrong)
        assert answer.status_code == 400
        assert fields(answer) == {field}
        assert not Practice.objects.exists()

    def test_of_others_nothing_is_written(self, mine, theirs, teacher):
        now = timezone.now()
        made = Practice.objects.create(teacher=teacher, title="Mine", how="On paper", written_at=now, shared_at=now)
        assert post(theirs, f"{PRACTICES}{made.pk}/take_back/").status_code == 404
        assert post(mine, f"{PRACTICES}{made.pk}/take_up/").status_code == 400  # one's own
        coach = program(user_with_role("coach"), "courses:read")
        assert post(coach, f"{PRACTICES}{made.pk}/take_up/").status_code == 403


class TestOpinions:
    def test_are_given_changed_and_read_by_oneself_alone(self, mine, theirs, teacher):
        completion = CompletionFactory(teacher=teacher)
        assert post(mine, OPINIONS, completion_id=completion.pk, stars=2).status_code == 201
        assert post(mine, OPINIONS, completion_id=completion.pk, stars=5).json()["stars"] == 5
        assert [row["stars"] for row in mine.get(OPINIONS).json()] == [5]
        assert theirs.get(OPINIONS).json() == []
        assert post(theirs, OPINIONS, completion_id=completion.pk, stars=1).status_code == 404
        assert CourseOpinion.objects.get().stars == 5

    @pytest.mark.parametrize("stars", [0, 6, "x"])
    def test_what_is_no_answer(self, mine, teacher, stars):
        answer = post(mine, OPINIONS, completion_id=CompletionFactory(teacher=teacher).pk, stars=stars)
        assert fields(answer) == {"stars"}


class TestWishes:
    def test_asked_listed_and_taken_back(self, mine, theirs, teacher):
        course = CourseFactory()
        answer = post(mine, WISHES, course_code=course.code)
        assert answer.status_code == 201
        assert (answer.json()["staff_id"], answer.json()["course_code"]) == (teacher.staff_id, course.code)
        assert post(mine, WISHES, course_code=course.code).status_code == 400
        assert [row["course_code"] for row in rows(mine, "course-wishes", course=course.code)] == [course.code]
        assert rows(theirs, "course-wishes") == []
        assert len(rows(program(user_with_role("hr")), "course-wishes")) == 1
        address = f"{WISHES}{answer.json()['id']}/"
        assert theirs.delete(address).status_code == 404
        assert mine.delete(address).status_code == 204
        assert not CourseWish.objects.exists()

    def test_a_retired_course_is_not_asked_for(self, mine):
        course = CourseFactory(state="retired")
        assert fields(post(mine, WISHES, course_code=course.code)) == {"course_code"}


class TestRecommendations:
    def test_each_part_is_said_in_words(self, mine, teacher):
        need = Need.objects.create(teacher=teacher, competency=CompetencyFactory())
        course = CourseFactory(title="Number talks", evidence_tier="strong")
        course.competencies.add(need.competency)
        [found] = mine.get(f"{API}/recommendations/{need.pk}/").json()
        assert (found["course_id"], found["course"]) == (course.pk, "Number talks")
        parts = {part["part"]: part for part in found["parts"]}
        assert parts["evidence"] == {"part": "evidence", "value": 1.0, "words": "Evidence: Strong (experiment)."}
        assert parts["cost"]["value"] is None
        assert 0 < found["score"] <= 1

    def test_a_coach_reads_them_and_it_is_noted(self, teacher):
        need = Need.objects.create(teacher=teacher, competency=CompetencyFactory())
        coach = PairingFactory(coach=user_with_role("coach"), teacher=teacher).coach
        assert program(coach).get(f"{API}/recommendations/{need.pk}/").json() == []
        assert AuditEvent.objects.filter(actor=coach, verb="person.viewed").exists()

    def test_a_token_that_cannot_know_what_is_done_gets_none(self, teacher):
        need = Need.objects.create(teacher=teacher, competency=CompetencyFactory())
        answer = program(teacher.user, "needs:read").get(f"{API}/recommendations/{need.pk}/")
        assert answer.status_code == 403

    def test_of_others_there_are_none(self, theirs, teacher):
        need = Need.objects.create(teacher=teacher, competency=CompetencyFactory())
        assert theirs.get(f"{API}/recommendations/{need.pk}/").status_code == 404
