"""The page of a review: then beside now, the decision with what it changes, and nobody else's eyes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from learning_plans.models import Plan, PlanReview, Visit
from tests.factories import (
    GoalFactory,
    KpiFactory,
    KpiValueFactory,
    PairingFactory,
    PlanFactory,
    PlanItemFactory,
    PlanReviewFactory,
    SchoolYearFactory,
    teacher_with_sign_in,
    user_with_role,
)

pytestmark = pytest.mark.django_db
NOW = timezone.now()
LONG_AGO, SOON = (NOW - timedelta(days=40)).date(), (NOW + timedelta(days=30)).date()


@pytest.fixture
def plan() -> Plan:
    return PlanFactory(teacher=teacher_with_sign_in())


@pytest.fixture
def coach(plan) -> Client:
    return signed_in(PairingFactory(coach=user_with_role("coach"), teacher=plan.teacher).coach)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(review: PlanReview) -> str:
    return f"/reviews/{review.pk}/"


def sent(client: Client, review: PlanReview, **changed: Any) -> dict[str, Any]:
    form = client.get(address(review)).context["form"]
    return {field.html_name: field.value() for field in form if field.value() is not None} | changed


class TestHolding:
    def test_then_stands_beside_now(self, plan, coach):
        goal = GoalFactory(plan=plan, kpi=KpiFactory(code="growth"))
        for start, value in ((2020, "40"), (2021, "45"), (2022, "52")):
            KpiValueFactory(
                kpi=goal.kpi, teacher=plan.teacher, value=value, school_year=SchoolYearFactory(start=start), n=25
            )
        goals = [{"id": goal.pk, "title": goal.title, "state": "open", "kpi": "Growth", "unit": "p", "value": "45.5",
                  "students": 25, "year": "2021-22"}]  # fmt: skip
        figures = {"day": LONG_AGO.isoformat(), "goals": goals, "done": 0, "open": 3, "overdue": 1, "minutes": 90}
        PlanReviewFactory(
            plan=plan, planned_on=LONG_AGO, held_on=LONG_AGO, decision="First words", figures=figures | {"visits": 0}
        )
        page = coach.get(address(PlanReviewFactory(plan=plan, planned_on=SOON)))
        rows = {row[0]: row[1:] for row in page.context["table"].rows}
        assert rows["Still open"] == ("3", "0", "down by 3")
        assert rows["Hours this school year"] == ("1.5", "0", "down by 1.5")
        assert rows[goal.title] == ("Open", "Open", "no change")
        assert next(row for what, row in rows.items() if "25 students" in what) == ("45.5", "52", "up by 6.5")
        assert "First words" in page.content.decode()
        (picture,) = page.context["measures"]
        assert picture.chart is not None

    def test_the_decision_changes_the_plan_in_the_same_step(self, plan, coach):
        review, goal = PlanReviewFactory(plan=plan), GoalFactory(plan=plan)
        item = PlanItemFactory(plan=plan)
        body = sent(coach, review, decision="We go on.", task="Visit Ana", next_on=SOON)
        body |= {f"goal_{goal.pk}": "met", f"due_{item.pk}": SOON}
        assert coach.post(address(review), body).url == address(review)
        goal.refresh_from_db()
        item.refresh_from_db()
        assert (goal.state, item.due_on, plan.items.filter(task="Visit Ana").count()) == ("met", SOON, 1)
        text = coach.get(address(review)).content.decode()
        for words in ("We go on.", "Open, now Met", "Visit Ana", "Add these words"):
            assert words in text
        coach.post(address(review), {"words": "Ana agreed."})
        assert "Ana agreed." in signed_in(plan.teacher.user).get(address(review)).content.decode()

    def test_the_second_of_two_is_told_and_keeps_their_words(self, plan, coach):
        review = PlanReviewFactory(plan=plan)
        mine = sent(coach, review, decision="My long words")
        coach.post(address(review), mine | {"decision": "Theirs"})
        text = coach.post(address(review), mine).content.decode()
        assert "held this review on" in text
        assert "My long words" in text
        review.refresh_from_db()
        assert review.decision == "Theirs"

    def test_a_plan_changed_meanwhile_is_looked_at_again(self, plan, coach):
        review, item = PlanReviewFactory(plan=plan), PlanItemFactory(plan=plan)
        body = sent(coach, review, decision="We go on.")
        item.due_on = SOON
        item.save()
        answer = coach.post(address(review), body)
        assert "Somebody changed the plan" in answer.content.decode()
        again = {field.html_name: field.value() for field in answer.context["form"] if field.value() is not None}
        assert coach.post(address(review), again | {f"due_{item.pk}": SOON}).status_code == 302

    def test_what_is_missing_or_too_much(self, plan, coach):
        review, other = PlanReviewFactory(plan=plan), PlanItemFactory()
        body = sent(coach, review, decision="", task="A task", course=other.course.code)
        errors = coach.post(address(review), body).context["form"].errors
        assert set(errors) == {"decision", "task"}


class TestWhoGetsIn:
    def test_the_teacher_reads_and_sends_nothing(self, plan):
        review = PlanReviewFactory(plan=plan)
        teacher = signed_in(plan.teacher.user)
        page = teacher.get(address(review))
        assert (page.status_code, "Hold the review" in page.content.decode()) == (200, False)
        assert teacher.post(address(review), {"decision": "Mine"}).status_code == 404

    @pytest.mark.parametrize("role", ["principal", "leader", "hr"])
    def test_who_evaluates_does_not(self, plan, role):
        school = plan.teacher.assignments.get().school if role == "principal" else None
        review = PlanReviewFactory(plan=plan, held_on=LONG_AGO, decision="Between us")
        client = signed_in(user_with_role(role, school))
        assert client.get(address(review)).status_code == 403
        for page in (f"/plans/{plan.teacher_id}/", "/", f"/people/{plan.teacher_id}/history/", "/changes/"):
            assert "Between us" not in client.get(page).content.decode()

    def test_a_leader_learns_how_many_are_late(self, plan):
        PlanReviewFactory(plan=plan, planned_on=LONG_AGO)
        tiles = signed_in(user_with_role("leader")).get("/").context["sections"][0][1]
        assert [tile.value for tile in tiles if tile.label == "Reviews overdue"] == [1]

    def test_a_coach_finds_who_is_late(self, plan, coach):
        assert coach.get("/caseload/", {"review": "overdue"}).context["page"].paginator.count == 0
        PlanReviewFactory(plan=plan, planned_on=LONG_AGO)
        assert coach.get("/caseload/", {"review": "overdue"}).context["page"].paginator.count == 1


class TestPlanning:
    def test_a_coach_plans_one(self, plan, coach):
        new = f"/plans/{plan.teacher_id}/reviews/new/"
        assert coach.post(new, {"planned_on": SOON}).url == f"/plans/{plan.teacher_id}/"
        assert plan.reviews.get().planned_on == SOON
        assert "on this day already" in coach.post(new, {"planned_on": SOON}).content.decode()
        assert "today or a later day" in coach.post(new, {"planned_on": LONG_AGO}).content.decode()

    def test_there_has_to_be_a_plan(self, plan, coach):
        plan.delete()
        SchoolYearFactory()
        answer = coach.post(f"/plans/{plan.teacher_id}/reviews/new/", {"planned_on": SOON})
        assert "Start one first" in answer.content.decode()


class TestInduction:
    def test_teacher_and_coach_see_how_the_promises_stand(self, plan, coach):
        Plan.objects.update(mentor_within_days=30, goals_within_days=60, weekly_minutes=60)
        PairingFactory(coach=user_with_role("mentor"), teacher=plan.teacher, kind="mentor")
        Plan.objects.update(created_at=NOW - timedelta(days=20))
        mentor = plan.teacher.pairings.get(kind="mentor").coach
        Visit.objects.create(teacher=plan.teacher, coach=mentor, visited_on=NOW.date(), minutes=90, logged_at=NOW)
        for client, page in ((coach, f"/plans/{plan.teacher_id}/"), (signed_in(plan.teacher.user), "/my-plan/")):
            checks = client.get(page).context["induction"]
            assert [check.label for check in checks] == ["Kept", "Still open", "Needs attention"]
            assert "60 are promised" in checks[2].words

    def test_a_principal_does_not(self, plan):
        Plan.objects.update(weekly_minutes=60)
        principal = signed_in(user_with_role("principal", plan.teacher.assignments.get().school))
        assert not principal.get(f"/plans/{plan.teacher_id}/").context["induction"]

    def test_an_ordinary_plan_promises_nothing(self, plan, coach):
        assert coach.get(f"/plans/{plan.teacher_id}/").context["induction"] == []
