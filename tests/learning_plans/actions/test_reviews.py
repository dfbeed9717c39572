"""Holding a review: the figures are frozen, the words kept and the plan changed, or nothing of the three."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from learning_plans.actions.figures import figures_on
from learning_plans.actions.reviews import Changes, add_words, hold_review, plan_review
from learning_plans.models import Plan, PlanItem, PlanReview, Visit
from learning_plans.rules.choices import GoalState
from pd_tracker.notices.models import Notice
from tests.factories import (
    CompletionFactory,
    CourseFactory,
    GoalFactory,
    KpiFactory,
    KpiValueFactory,
    PairingFactory,
    PlanFactory,
    PlanItemFactory,
    PlanReviewFactory,
    RuleMemberFactory,
    SchoolYearFactory,
    teacher_with_sign_in,
    user_with_role,
)

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
SOON = TODAY + timedelta(days=30)


@pytest.fixture
def plan() -> Plan:
    return PlanFactory(teacher=teacher_with_sign_in())


@pytest.fixture
def coach(plan):
    return PairingFactory(coach=user_with_role("coach"), teacher=plan.teacher).coach


@pytest.fixture
def review(plan) -> PlanReview:
    return PlanReviewFactory(plan=plan, planned_on=TODAY)


def hold(review, coach, **other):
    about = {"decision": "We go on.", "changes": Changes(), "next_on": None} | other
    return hold_review(review=review, actor=coach, on=TODAY, **about)


class TestFigures:
    def test_goals_items_hours_and_visits(self, plan, coach):
        kpi = KpiFactory(code="growth")
        goal = GoalFactory(plan=plan, kpi=kpi)
        for students, value in ((10, "40"), (30, "60")):
            KpiValueFactory(
                kpi=kpi, teacher=plan.teacher, district=plan.teacher.district, n=students, value=value, section=value
            )
        done = PlanItemFactory(plan=plan)
        CompletionFactory(teacher=plan.teacher, course=done.course, minutes=90)
        PlanItemFactory(plan=plan, due_on=TODAY - timedelta(days=1), is_required=True)
        PlanItemFactory(plan=plan, due_on=TODAY)
        Visit.objects.create(teacher=plan.teacher, coach=coach, visited_on=TODAY, minutes=45, logged_at=timezone.now())
        found = figures_on(plan, on=TODAY)
        (of_goal,) = found.pop("goals")
        assert found == {
            "day": TODAY.isoformat(), "done": 1, "open": 1, "overdue": 1, "minutes": 90, "visits": 1,
        }  # fmt: skip
        assert (of_goal["id"], of_goal["value"], of_goal["students"]) == (goal.pk, "55.000000", 40)

    def test_a_goal_without_figures(self, plan):
        GoalFactory(plan=plan, kpi=KpiFactory(code="growth"))
        (of_goal,) = figures_on(plan, on=TODAY)["goals"]
        assert (of_goal["value"], of_goal["students"], of_goal["kpi"] != "") == (None, None, True)


class TestHolding:
    def test_figures_words_changes_and_the_next_day_in_one_step(self, plan, coach, review):
        goal = GoalFactory(plan=plan)
        item = PlanItemFactory(plan=plan, due_on=TODAY)
        added = PlanItem(course=CourseFactory(), due_on=SOON)
        changes = Changes(goals={goal.pk: GoalState.MET}, due={item.pk: SOON}, added=added)
        held = hold(review, coach, changes=changes, next_on=SOON)
        goal.refresh_from_db()
        item.refresh_from_db()
        assert (goal.state, item.due_on, added.plan, added.assigned_by) == ("met", SOON, plan, coach)
        assert (held.held_on, held.held_by, held.decision) == (TODAY, coach, "We go on.")
        assert (held.figures["goals"][0]["state"], held.figures["open"]) == ("open", 1)  # as it stood before
        assert [(change["what"], change["title"]) for change in held.changes] == [
            ("goal", goal.title), ("due", str(item)), ("added", str(added)),
        ]  # fmt: skip
        assert plan.reviews.get(held_on=None).planned_on == SOON
        assert {row.history.latest().history_user for row in (goal, item, held)} == {coach}
        assert Notice.objects.filter(user=plan.teacher.user, kind="plan_changed").count() == 1

    def test_what_stays_as_it_is_is_no_change(self, plan, coach, review):
        goal = GoalFactory(plan=plan)
        held = hold(review, coach, changes=Changes(goals={goal.pk: GoalState.OPEN}))
        assert held.changes == []
        assert not Notice.objects.exists()

    def test_a_change_takes_back_the_request_for_approval(self, plan, coach, review):
        Plan.objects.update(state="in_review")
        hold(review, coach)
        plan.refresh_from_db()
        assert plan.state == "in_review"
        second = PlanReviewFactory(plan=plan, planned_on=SOON)
        hold(second, coach, changes=Changes(goals={GoalFactory(plan=plan).pk: GoalState.MET}))
        plan.refresh_from_db()
        assert (plan.state, plan.decisions.get().kind) == ("draft", "taken_back")

    def test_a_goal_that_goes_on_in_another_year_stays_so(self, plan, coach, review):
        carried = GoalFactory(plan=plan, state="carried")
        with pytest.raises(ValidationError, match="in that year's plan"):
            hold(review, coach, changes=Changes(goals={carried.pk: GoalState.MET}))

    def test_what_belongs_to_another_plan_is_not_touched(self, plan, coach, review):
        foreign = GoalFactory(plan=PlanFactory(school_year=plan.school_year))
        hold(review, coach, changes=Changes(goals={foreign.pk: GoalState.DROPPED}))
        foreign.refresh_from_db()
        assert foreign.state == "open"

    def test_the_second_of_two_is_told(self, coach, review):
        hold(review, coach)
        with pytest.raises(ValidationError, match="held this review on"):
            hold(review, coach, decision="Something else.")
        review.refresh_from_db()
        assert review.decision == "We go on."

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            ({"decision": "  "}, "Write down what was decided"),
            ({"next_on": TODAY}, "after today"),
            ({"changes": Changes(due={1: TODAY - timedelta(days=1)})}, "before today"),
            ({"changes": Changes(added=PlanItem(task="T", due_on=TODAY - timedelta(days=1)))}, "before today"),
        ],
    )
    def test_what_is_refused_changes_nothing(self, coach, review, wrong, words):
        with pytest.raises(ValidationError, match=words):
            hold(review, coach, **wrong)
        review.refresh_from_db()
        assert (review.held_on, review.figures) == (None, {})

    def test_a_change_that_fails_takes_the_review_with_it(self, plan, coach, review):
        item = PlanItemFactory(plan=plan)
        with pytest.raises(ValidationError, match="already in the plan"):
            hold(review, coach, changes=Changes(added=PlanItem(course=item.course)))
        review.refresh_from_db()
        assert review.held_on is None

    def test_nobody_reviews_their_own_plan(self, plan, review):
        with pytest.raises(ValidationError, match="somebody else"):
            hold(review, plan.teacher.user)

    def test_a_closed_plan_keeps_its_own_words(self, plan, coach, review):
        Plan.objects.update(state="closed")
        with pytest.raises(ValidationError, match="closed"):
            hold(review, coach)


class TestPlanning:
    def test_the_teacher_is_told(self, plan, coach):
        made = plan_review(plan=plan, planned_on=SOON, actor=coach, on=TODAY)
        assert (made.plan, made.planned_on, made.held_on) == (plan, SOON, None)
        assert Notice.objects.get(user=plan.teacher.user).kind == "review_due"

    def test_days_that_are_refused(self, plan, coach, review):
        with pytest.raises(ValidationError, match="today or a later day"):
            plan_review(plan=plan, planned_on=TODAY - timedelta(days=1), actor=coach, on=TODAY)
        with pytest.raises(ValidationError, match="on this day already"):
            plan_review(plan=plan, planned_on=review.planned_on, actor=coach, on=TODAY)
        Plan.objects.update(state="closed")
        plan.refresh_from_db()
        with pytest.raises(ValidationError, match="closed"):
            plan_review(plan=plan, planned_on=SOON, actor=coach, on=TODAY)


class TestAdding:
    def test_words_stand_below_with_name_and_day(self, coach, review):
        hold(review, coach)
        held = add_words(review=review, words="She called back.", actor=coach, on=TODAY)
        assert held.changes == [
            {"what": "words", "title": "She called back.", "before": coach.name, "after": TODAY.isoformat()}
        ]
        assert held.decision == "We go on."

    def test_only_to_a_held_review_and_not_empty(self, coach, review):
        with pytest.raises(ValidationError, match="Hold the review first"):
            add_words(review=review, words="Early", actor=coach, on=TODAY)
        hold(review, coach)
        with pytest.raises(ValidationError, match="would like to add"):
            add_words(review=review, words=" ", actor=coach, on=TODAY)


class TestWhoReads:
    def test_contents_stay_with_teacher_and_coach_and_others_count(self, plan, coach, review):
        SchoolYearFactory()
        school = plan.teacher.assignments.get().school
        readers = [plan.teacher.user, coach]
        others = [user_with_role("principal", school), user_with_role("leader"), user_with_role("hr")]
        assert [PlanReview.objects.visible_to(user).count() for user in readers] == [1, 1]
        assert [PlanReview.objects.visible_to(user).count() for user in others] == [0, 0, 0]
        assert [PlanReview.objects.counted_for(user).count() for user in others] == [1, 1, 1]
        assert PlanReview.objects.counted_for(coach).count() == 0

    def test_overdue_is_planned_before_today_and_not_held(self, plan, review):
        assert PlanReview.objects.overdue(on=TODAY).count() == 0
        assert PlanReview.objects.overdue(on=TODAY + timedelta(days=1)).count() == 1
        Plan.objects.update(state="closed")
        assert PlanReview.objects.overdue(on=TODAY + timedelta(days=1)).count() == 0


def test_the_day_of_what_a_rule_asks_for_stays_with_the_rule(plan, coach, review):
    item = PlanItemFactory(plan=plan, due_on=SOON)
    member = RuleMemberFactory(teacher=plan.teacher, item=item)
    later = Changes(due={item.pk: SOON + timedelta(days=900)})
    with pytest.raises(ValidationError, match="A rule asks for this"):
        hold_review(review=review, decision="Later", changes=later, next_on=None, actor=coach, on=TODAY)
    review.refresh_from_db()
    assert review.held_on is None
    member.left_on = TODAY
    member.save()
    hold_review(review=review, decision="Later", changes=later, next_on=None, actor=coach, on=TODAY)
    item.refresh_from_db()
    assert item.due_on == SOON + timedelta(days=900)
