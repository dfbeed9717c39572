"""Templates, starts and reviews through the API: what the pages do, refused as they refuse."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from learning_plans.models import CycleStart, PlanReview
from pd_tracker.jobs.models import Job
from tests.factories import (
    GoalFactory,
    PairingFactory,
    PlanFactory,
    PlanItemFactory,
    PlanReviewFactory,
    PlanTemplateFactory,
    SchoolFactory,
    SchoolYearFactory,
    TemplateItemFactory,
    employed,
    teacher_with_sign_in,
    user_with_role,
)
from tests.learning_plans.test_viewsets import errors, post
from tests.programs import API, program

pytestmark = pytest.mark.django_db

CYCLES, REVIEWS, TEMPLATES = f"{API}/plan-cycles/", f"{API}/plan-reviews/", f"{API}/plan-templates/"
SOON = timezone.localdate() + timedelta(days=30)


class TestCycles:
    @pytest.fixture
    def school(self):
        SchoolYearFactory()
        school = SchoolFactory()
        PlanTemplateFactory(name="Teacher")
        PlanFactory(teacher=employed(school))
        employed(school)
        return school

    def label(self) -> str:
        return SchoolYearFactory().label

    def test_looking_ahead_counts_and_writes_nothing(self, school):
        employed()
        leader = program(user_with_role("leader"))
        answer = post(leader, f"{CYCLES}preview/", school_year=self.label())
        assert answer.json() == {
            "starts": 2, "has_plan": 1, "no_template": 0,
            "by_template": [{"template": "Teacher", "because": "everybody", "count": 2}],
        }  # fmt: skip
        answer = post(leader, f"{CYCLES}preview/", school_year=self.label(), school_id=school.school_id)
        assert answer.json()["starts"] == 1
        assert not CycleStart.objects.exists()

    def test_starting_answers_where_to_ask_how_far_it_is(self, school):
        leader = program(user_with_role("leader"))
        made = post(leader, CYCLES, school_year=self.label())
        assert made.status_code == 201
        assert CycleStart.objects.get().job == Job.objects.get()
        found = leader.get(f"{CYCLES}{made.json()['id']}/").json()
        assert (found["state"], found["plans"], found["school_year"]) == ("waiting", 0, self.label())

    def test_what_cannot_be_chosen(self, school):
        leader = program(user_with_role("leader"))
        answer = post(leader, CYCLES, school_year="1999-00")
        assert self.label() in errors(answer)["school_year"]
        assert set(errors(post(leader, CYCLES, school_year=self.label(), school_id="none"))) == {"school_id"}
        principal = program(user_with_role("principal", SchoolFactory()))
        for other in ({}, {"school_id": school.school_id}):
            assert set(errors(post(principal, CYCLES, school_year=self.label(), **other))) == {"school_id"}
        assert not CycleStart.objects.exists()


class TestReviews:
    @pytest.fixture
    def plan(self):
        return PlanFactory(teacher=teacher_with_sign_in())

    @pytest.fixture
    def coach(self, plan):
        return program(PairingFactory(coach=user_with_role("coach"), teacher=plan.teacher).coach)

    def test_planned_held_and_added_to(self, plan, coach):
        goal, item = GoalFactory(plan=plan), PlanItemFactory(plan=plan)
        made = post(coach, REVIEWS, staff_id=plan.teacher.staff_id, planned_on=str(SOON)).json()
        body: dict[str, Any] = {
            "decision": "We go on.",
            "goals": [{"goal_id": goal.pk, "state": "met"}],
            "due": [{"item_id": item.pk, "due_on": str(SOON)}],
            "next_on": str(SOON + timedelta(days=60)),
        }
        held = post(coach, f"{REVIEWS}{made['id']}/hold/", **body).json()
        assert (held["held_on"], held["decision"], len(held["changes"])) == (held["figures"]["day"], "We go on.", 2)
        assert held["figures"]["goals"][0]["title"] == goal.title
        goal.refresh_from_db()
        assert goal.state == "met"
        added = post(coach, f"{REVIEWS}{made['id']}/words/", words="And then?").json()
        assert added["changes"][-1]["title"] == "And then?"
        assert PlanReview.objects.filter(held_on=None).count() == 1

    def test_held_twice(self, plan, coach):
        review = PlanReviewFactory(plan=plan)
        assert post(coach, f"{REVIEWS}{review.pk}/hold/", decision="One").status_code == 200
        assert "held this review" in errors(post(coach, f"{REVIEWS}{review.pk}/hold/", decision="Two"))[""]

    def test_goals_are_not_carried_over_by_a_review(self, plan, coach):
        review, goal = PlanReviewFactory(plan=plan), GoalFactory(plan=plan)
        body = {"decision": "Next year", "goals": [{"goal_id": goal.pk, "state": "carried"}]}
        assert set(errors(post(coach, f"{REVIEWS}{review.pk}/hold/", **body))) == {"goals.0.state"}

    def test_the_teacher_reads_and_those_who_evaluate_do_not(self, plan):
        review = PlanReviewFactory(plan=plan)
        teacher = program(plan.teacher.user)
        assert teacher.get(f"{REVIEWS}{review.pk}/").status_code == 200
        assert post(teacher, f"{REVIEWS}{review.pk}/hold/", decision="Mine").status_code == 403
        for role in ("principal", "leader", "hr"):
            school = plan.teacher.assignments.get().school if role == "principal" else None
            answer = program(user_with_role(role, school)).get(f"{REVIEWS}{review.pk}/")
            assert answer.status_code == 403, role


def test_templates_with_their_items():
    template = PlanTemplateFactory(guidance="Begin small.")
    TemplateItemFactory(template=template, task="Meet", due_after_days=30, is_required=True)
    leader = program(user_with_role("leader"))
    (row,) = leader.get(TEMPLATES).json()["results"]
    assert (row["id"], row["guidance"], row["plans"]) == (template.pk, "Begin small.", 0)
    found = leader.get(f"{TEMPLATES}{template.pk}/").json()
    assert found["items"] == [{"course": None, "task": "Meet", "due_after_days": 30, "is_required": True}]
    assert program(user_with_role("hr")).get(TEMPLATES).status_code == 403
