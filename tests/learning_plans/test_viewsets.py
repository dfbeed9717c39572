"""Completions and plans through the API: each write does what its action does, and is refused as the action refuses."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from learning_plans.models import Completion, Course, PlanItem
from pd_tracker.audit.models import AuditEvent
from pd_tracker.notices.models import Notice
from teachers.models import Teacher, User
from tests.factories import (
    CompletionFactory,
    CourseFactory,
    CreditLineFactory,
    GoalFactory,
    PairingFactory,
    PlanFactory,
    PlanItemFactory,
    SchoolYearFactory,
    employed,
    teacher_with_sign_in,
    user_with_role,
)
from tests.programs import API, program

pytestmark = pytest.mark.django_db

COMPLETIONS, ITEMS = f"{API}/completions/", f"{API}/plan-items/"
TODAY = timezone.localdate()


@pytest.fixture
def teacher() -> Teacher:
    return teacher_with_sign_in()


@pytest.fixture
def course() -> Course:
    return CourseFactory(minutes=90, category="Science")


@pytest.fixture
def hr_user() -> User:
    return user_with_role("hr")


@pytest.fixture
def hr(hr_user) -> Client:
    return program(hr_user)


@pytest.fixture
def coach_user(teacher) -> User:
    SchoolYearFactory()
    return PairingFactory(coach=user_with_role("coach"), teacher=teacher).coach


@pytest.fixture
def coach(coach_user) -> Client:
    return program(coach_user)


def post(client: Client, address: str, **body: Any) -> Any:
    return client.post(address, body, content_type="application/json")


def patch(client: Client, address: str, version: Any = None, **body: Any) -> Any:
    headers = {} if version is None else {"If-Match": f'"{version}"'}
    return client.patch(address, body, content_type="application/json", headers=headers)


def errors(answer: Any) -> dict[str, str]:
    assert answer.headers["Content-Type"] == "application/problem+json", answer.content
    assert {line["place"] for line in answer.json()["errors"]} <= {"body", "header"}
    return {line["field"]: line["message"] for line in answer.json()["errors"]}


class TestRecording:
    def learnt(self, somebody: Teacher, something: Course, **other: Any) -> dict[str, Any]:
        return {"staff_id": somebody.staff_id, "course_code": something.code, "completed_on": str(TODAY)} | other

    def test_a_completion_takes_after_its_course_and_is_told_of(self, hr, hr_user, teacher, course):
        answer = post(hr, COMPLETIONS, **self.learnt(teacher, course, credit=[{"unit": "hour", "amount": 1.5}]))
        assert answer.status_code == 201
        made = Completion.objects.get()
        assert (made.teacher, made.course, made.minutes, made.category) == (teacher, course, 90, "Science")
        assert (made.state, made.source, made.recorded_by, made.approved_by) == (
            "approved", "external", hr_user, hr_user,
        )  # fmt: skip
        assert made.history.get().history_user == hr_user
        assert (
            AuditEvent.objects.filter(verb="completion.recorded", subject_id=str(made.pk), actor=hr_user).count() == 1
        )
        assert Notice.objects.get(user=teacher.user).facts["act"] == "recorded"
        assert answer.json()["id"] == made.pk
        assert answer.json()["hours"] == 1.5
        assert answer.json()["credit"] == [{"unit": "hour", "amount": 1.5, "category": ""}]
        assert answer.headers["ETag"] == f'"{answer.json()["version"]}"'

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"staff_id": "nobody"}, "staff_id"),
            ({"course_code": "nothing"}, "course_code"),
            ({"completed_on": str(TODAY + timedelta(days=1))}, "completed_on"),
            ({"completed_on": "2026-02-30"}, "completed_on"),
            ({"minutes": -1}, "minutes"),
            ({"minutes": 300_001}, "minutes"),
            ({"source": "import"}, "source"),  # said by the importer alone
            ({"credit": [{"unit": "hour", "amount": -1}]}, "credit.0.amount"),
            ({"credit": [{"unit": "hour", "amount": 1}] * 2}, "credit"),
            ({"credit": [{"unit": "hour", "amount": 1}] * 13}, "credit"),
            ({"credit": {"unit": "hour"}}, "credit"),
            ({"external_key": "x" * 201}, "external_key"),
        ],
    )
    def test_what_the_action_would_refuse(self, hr, teacher, course, wrong, field):
        answer = post(hr, COMPLETIONS, **self.learnt(teacher, course, **wrong))
        assert answer.status_code == 400
        assert set(errors(answer)) == {field}
        assert not Completion.objects.exists()

    @pytest.mark.parametrize(
        "undeclared",
        ["id", "pk", "state", "teacher", "teacher_id", "course", "session", "recorded_by", "recorded_at", "approved_by",
         "approved_at", "void_reason", "version", "hours", "_state", "history"],
    )  # fmt: skip
    def test_fields_that_are_not_declared(self, hr, teacher, course, undeclared):
        answer = post(hr, COMPLETIONS, **self.learnt(teacher, course, **{undeclared: "1"}))
        assert set(errors(answer)) == {undeclared}
        assert not Completion.objects.exists()

    def test_the_same_twice(self, hr, teacher, course):
        assert post(hr, COMPLETIONS, **self.learnt(teacher, course)).status_code == 201
        answer = post(hr, COMPLETIONS, **self.learnt(teacher, course))
        assert (answer.status_code, "already recorded" in errors(answer)[""]) == (400, True)

    def test_nobody_certifies_their_own_hours(self, hr, hr_user, teacher, course):
        teacher.user = hr_user
        teacher.save()
        answer = post(hr, COMPLETIONS, **self.learnt(teacher, course))
        assert "Nobody certifies" in errors(answer)[""]
        assert not Completion.objects.exists()


class TestCorrecting:
    @pytest.fixture
    def completion(self, teacher) -> Completion:
        return CompletionFactory(teacher=teacher, state="pending")

    def version(self, client: Client, address: str) -> Any:
        return client.get(address).json()["version"]

    def test_a_correction_with_its_reason(self, hr, hr_user, completion):
        CreditLineFactory(completion=completion)
        address = f"{COMPLETIONS}{completion.pk}/"
        answer = patch(hr, address, self.version(hr, address), minutes=75, reason="Left early")
        assert (answer.status_code, answer.json()["minutes"]) == (200, 75)
        assert answer.json()["credit"] == [{"unit": "hour", "amount": 6.0, "category": ""}]
        newest = completion.history.first()
        assert (newest.minutes, newest.history_change_reason, newest.history_user) == (75, "Left early", hr_user)
        assert answer.json()["version"] == newest.history_id

    @pytest.mark.parametrize("credit", [[{"unit": "hour"}], [{"amount": 1}], [{}]])
    def test_a_line_of_credit_is_whole(self, hr, completion, credit):
        address = f"{COMPLETIONS}{completion.pk}/"
        answer = patch(hr, address, self.version(hr, address), credit=credit, reason="Typing error")
        assert set(errors(answer)) == {"credit"}

    def test_credit_is_set_as_sent(self, hr, completion):
        CreditLineFactory(completion=completion)
        address = f"{COMPLETIONS}{completion.pk}/"
        answer = patch(hr, address, self.version(hr, address), credit=[{"unit": "ceu", "amount": "0.6"}], reason="CEU")
        assert answer.json()["credit"] == [{"unit": "ceu", "amount": 0.6, "category": ""}]

    def test_without_a_reason(self, hr, completion):
        address = f"{COMPLETIONS}{completion.pk}/"
        assert set(errors(patch(hr, address, self.version(hr, address), minutes=75))) == {"reason"}

    def test_of_two_editors_the_second_sees_both_texts_and_changes_nothing(self, hr, completion):
        other, course = program(user_with_role("hr")), CourseFactory()
        address = f"{COMPLETIONS}{completion.pk}/"
        seen = self.version(hr, address)
        assert self.version(other, address) == seen
        assert patch(hr, address, seen, minutes=75, course_code=course.code, reason="Left early").status_code == 200
        lines = completion.history.count()
        answer = patch(other, address, seen, minutes=45, course_code=completion.course.code, reason="Left earlier")
        assert answer.status_code == 409
        told = errors(answer)
        assert ("75" in told["minutes"], "45" in told["minutes"]) == (True, True)
        assert course.code in told["course_code"]
        assert completion.course.code in told["course_code"]
        completion.refresh_from_db()
        assert (completion.minutes, completion.history.count()) == (75, lines)

    def test_the_person_stays(self, hr, completion):
        address = f"{COMPLETIONS}{completion.pk}/"
        answer = patch(hr, address, self.version(hr, address), staff_id=employed().staff_id, reason="Wrong person")
        assert set(errors(answer)) == {"staff_id"}

    def test_void_restore_approve(self, hr, hr_user, completion):
        address = f"{COMPLETIONS}{completion.pk}/"
        states = [
            post(hr, f"{address}void/", reason="Wrong person").json()["state"],
            post(hr, f"{address}restore/", reason="Right person").json()["state"],
            post(hr, f"{address}approve/").json()["state"],
        ]
        assert states == ["voided", "pending", "approved"]
        verbs = AuditEvent.objects.filter(verb__startswith="completion.", actor=hr_user).order_by("pk")
        assert [event.verb for event in verbs] == ["completion.voided", "completion.restored", "completion.approved"]
        assert Notice.objects.filter(user=completion.teacher.user).count() == 3
        assert post(hr, f"{address}approve/").status_code == 400
        assert post(hr, f"{address}restore/", reason="Again").status_code == 400

    @pytest.mark.parametrize("act", ["void", "restore", "approve"])
    def test_an_act_with_an_old_version_is_refused(self, hr, completion, act):
        answer = hr.post(
            f"{COMPLETIONS}{completion.pk}/{act}/",
            {} if act == "approve" else {"reason": "Why"},
            content_type="application/json",
            headers={"If-Match": '"0"'},
        )
        assert answer.status_code == 409

    @pytest.mark.parametrize("act", ["void", "restore"])
    @pytest.mark.parametrize("reason", ["", "   ", None, [], {}])
    def test_an_act_needs_its_reason(self, hr, completion, act, reason):
        assert set(errors(post(hr, f"{COMPLETIONS}{completion.pk}/{act}/", reason=reason))) == {"reason"}


class TestPlanning:
    def test_an_item_for_somebody_of_the_caseload(self, coach, coach_user, teacher, course):
        answer = post(coach, ITEMS, staff_id=teacher.staff_id, course_code=course.code, due_on=str(TODAY))
        assert answer.status_code == 201
        item = PlanItem.objects.get()
        assert (item.plan.teacher, item.course, item.assigned_by) == (teacher, course, coach_user)
        assert AuditEvent.objects.filter(verb="plan_item.saved", subject_id=str(item.pk), actor=coach_user).exists()
        assert Notice.objects.filter(user=teacher.user, kind=Notice.Kind.PLAN_CHANGED).count() == 1

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"due_on": str(TODAY - timedelta(days=1))}, "due_on"),
            ({"course_code": "nothing"}, "course_code"),
            ({"goal_id": 987654321}, "goal_id"),
            ({"goal_id": 0}, "goal_id"),
            ({"task": "And a task"}, ""),
            ({"note": "x" * 2001}, "note"),
        ],
    )
    def test_what_the_action_would_refuse(self, coach, teacher, course, wrong, field):
        answer = post(coach, ITEMS, **{"staff_id": teacher.staff_id, "course_code": course.code} | wrong)
        assert answer.status_code == 400
        assert set(errors(answer)) == {field}
        assert not PlanItem.objects.exists()

    def test_somebody_elses_people_goals_and_retired_courses_cannot_be_named(self, coach, teacher, course):
        stranger = employed()
        goal = GoalFactory(plan=PlanFactory(teacher=stranger))
        retired = CourseFactory(state="retired")
        for body, field in (
            ({"staff_id": stranger.staff_id, "course_code": course.code}, "staff_id"),
            ({"staff_id": teacher.staff_id, "course_code": course.code, "goal_id": goal.pk}, "goal_id"),
            ({"staff_id": teacher.staff_id, "course_code": retired.code}, "course_code"),
        ):
            assert set(errors(post(coach, ITEMS, **body))) == {field}
        assert not PlanItem.objects.exists()

    @pytest.mark.parametrize(
        "undeclared",
        ["id", "plan", "plan_id", "goal", "course", "assigned_by", "task_done_on", "withdrawn_at", "is_done"],
    )
    def test_fields_that_are_not_declared(self, coach, teacher, course, undeclared):
        body = {"staff_id": teacher.staff_id, "course_code": course.code, undeclared: "1"}
        assert set(errors(post(coach, ITEMS, **body))) == {undeclared}
        assert not PlanItem.objects.exists()

    def test_a_change_withdrawal_and_return(self, coach, teacher):
        item = PlanItemFactory(plan=PlanFactory(teacher=teacher))
        address = f"{ITEMS}{item.pk}/"
        version = coach.get(address).json()["version"]
        assert patch(coach, address, version, note="Before winter").json()["note"] == "Before winter"
        assert patch(coach, address, version, note="After winter").status_code == 409
        assert post(coach, f"{address}withdraw/").json()["withdrawn_at"]
        assert post(coach, f"{address}restore/").json()["withdrawn_at"] is None
        item.refresh_from_db()
        assert (item.note, item.withdrawn_at) == ("Before winter", None)

    def test_an_item_cannot_return_beside_another_of_the_same_course(self, coach, teacher):
        gone = PlanItemFactory(plan=PlanFactory(teacher=teacher), withdrawn_at=timezone.now())
        PlanItemFactory(plan=gone.plan, course=gone.course)
        assert "already in the plan" in errors(post(coach, f"{ITEMS}{gone.pk}/restore/"))[""]

    def test_assigning_leaves_who_has_it_as_they_are(self, coach, coach_user, teacher, course):
        other = employed()
        PairingFactory(coach=coach_user, teacher=other)
        PlanItemFactory(plan=PlanFactory(teacher=other), course=course)
        ids = [teacher.staff_id, other.staff_id]
        answer = post(coach, f"{ITEMS}assign/", staff_ids=ids, course_code=course.code)
        assert answer.status_code == 201
        assert answer.json() == {
            "assigned": [PlanItem.objects.get(plan__teacher=teacher).pk],
            "already_had": [other.staff_id],
        }
        assert PlanItem.objects.count() == 2
        assert Notice.objects.filter(kind=Notice.Kind.TRAINING_ASSIGNED).count() == 1

    @pytest.mark.parametrize("ids", [[], ["nobody"], "1", {}, None, [None], [["1"]], ["x" * 41], ["1"] * 501])
    def test_nobody_is_assigned_to_when_one_of_them_is_unknown(self, coach, teacher, course, ids):
        known = [*ids, teacher.staff_id] if ids == ["nobody"] else ids
        answer = post(coach, f"{ITEMS}assign/", staff_ids=known, course_code=course.code)
        assert answer.status_code == 400
        assert {name.partition(".")[0] for name in errors(answer)} == {"staff_ids"}
        assert not PlanItem.objects.exists()
