"""The way of a plan: each step by whom it is for, once, and told to whom it concerns."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from learning_plans.actions import plan_life as actions
from learning_plans.actions import plans as plan_actions
from learning_plans.actions.goals import save_goal
from learning_plans.models import Course, Plan, PlanDecision, PlanItem
from pd_tracker.access import Role
from pd_tracker.audit.models import AuditEvent
from pd_tracker.notices.models import Notice
from tests.factories import (
    CompletionFactory,
    GoalFactory,
    PairingFactory,
    PlanFactory,
    PlanItemFactory,
    SchoolFactory,
    SchoolYearFactory,
    teacher_with_sign_in,
    user_with_role,
)

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
LONG_AGO = TODAY - timedelta(days=20)


@pytest.fixture
def school():
    return SchoolFactory()


@pytest.fixture
def teacher(school):
    return teacher_with_sign_in(school)


@pytest.fixture
def principal(school):
    return user_with_role(Role.PRINCIPAL, school)


@pytest.fixture
def coach(teacher):
    return PairingFactory(coach=user_with_role(Role.COACH), teacher=teacher).coach


@pytest.fixture
def plan(teacher):
    plan = PlanFactory(teacher=teacher, school_year=SchoolYearFactory(), state="draft")
    GoalFactory(plan=plan)
    return plan


def submitted(plan, **fields):
    for name, value in fields.items():
        setattr(plan, name, value)
    plan.save()
    return actions.submit(plan=plan, actor=plan.teacher.user, on=TODAY)


def steps(plan):
    return list(PlanDecision.objects.filter(plan=plan).values_list("kind", "decided_by"))


def test_from_draft_to_closed(plan, teacher, principal):
    submitted(plan)
    actions.return_plan(plan=plan, actor=principal, comment="Choose one goal")
    actions.submit(plan=plan, actor=teacher.user, on=TODAY)
    actions.approve(plan=plan, actor=principal, comment="Good luck")
    actions.close(plan=plan, actor=principal, on=TODAY)
    assert [kind for kind, _by in steps(plan)] == ["submitted", "returned", "submitted", "approved", "closed"]
    plan.refresh_from_db()
    assert plan.state == "closed"
    assert [entry.state for entry in plan.history.order_by("history_id")][-1] == "closed"
    assert set(AuditEvent.objects.filter(subject_id=str(plan.pk)).values_list("verb", flat=True)) == {
        "plan.submitted", "plan.returned", "plan.approved", "plan.closed",
    }  # fmt: skip
    told = list(Notice.objects.order_by("pk").values_list("user", "kind"))
    assert told == [
        (principal.pk, "plan_submitted"),
        (teacher.user_id, "plan_returned"),
        (principal.pk, "plan_submitted"),
        (teacher.user_id, "plan_approved"),
        (teacher.user_id, "plan_closed"),
    ]


def test_a_plan_without_goals_is_not_handed_in(plan):
    plan.goals.update(state="dropped")
    with pytest.raises(ValidationError, match="Add at least one goal"):
        submitted(plan)
    assert not PlanDecision.objects.exists()


def test_a_day_that_has_passed_and_a_retired_course_are_named_with_the_remedy(plan):
    late = PlanItemFactory(plan=plan, is_required=False, due_on=LONG_AGO)
    gone = PlanItemFactory(plan=plan, is_required=False)
    Course.objects.filter(pk=gone.course_id).update(state="retired")
    done = PlanItemFactory(plan=plan, is_required=False, due_on=LONG_AGO)
    CompletionFactory(teacher=plan.teacher, course=done.course)
    PlanItemFactory(plan=plan, is_required=True, due_on=LONG_AGO)  # not the teacher's to change
    with pytest.raises(ValidationError) as refused:
        submitted(plan)
    first, second = sorted(refused.value.messages, key=lambda words: "no longer" in words)
    assert str(late) in first
    assert "Choose a later day" in first
    assert str(gone) in second
    assert "Choose another course" in second


def test_nobody_approves_their_own_plan_or_one_they_handed_in(plan, teacher, coach, school):
    as_principal = user_with_role(Role.PRINCIPAL, school)
    submitted(plan, is_apart_from_evaluation=True)
    with pytest.raises(PermissionDenied):
        actions.approve(plan=plan, actor=teacher.user)
    with pytest.raises(PermissionDenied):
        actions.approve(plan=plan, actor=as_principal)
    actions.take_back(plan=plan, actor=coach)
    actions.submit(plan=plan, actor=coach, on=TODAY)
    with pytest.raises(ValidationError, match="somebody else approves it"):
        actions.approve(plan=plan, actor=coach)


def test_a_coach_approves_a_plan_that_stays_apart_from_evaluation(plan, coach, principal):
    submitted(plan, is_apart_from_evaluation=True)
    assert set(Notice.objects.values_list("user", flat=True)) == {coach.pk}
    assert actions.approve(plan=plan, actor=coach).state == "active"


def test_of_two_who_decide_the_second_is_told(plan, principal, school):
    submitted(plan)
    actions.approve(plan=plan, actor=principal)
    with pytest.raises(ValidationError, match="approved already"):
        actions.return_plan(plan=plan, actor=user_with_role(Role.PRINCIPAL, school), comment="Wait")
    assert [kind for kind, _by in steps(plan)] == ["submitted", "approved"]


def test_returning_says_what_should_change(plan, principal):
    submitted(plan)
    with pytest.raises(ValidationError) as refused:
        actions.return_plan(plan=plan, actor=principal, comment="  ")
    assert set(refused.value.message_dict) == {"comment"}


@pytest.mark.parametrize("change", ["goal", "item", "taken out", "assigned", "put back"])
def test_a_change_while_sign_off_waits_withdraws_the_request(plan, teacher, principal, coach, change):
    item = PlanItemFactory(plan=plan, is_required=False, withdrawn_at=timezone.now() if change == "put back" else None)
    submitted(plan)
    goal, user = plan.goals.get(), teacher.user
    Notice.objects.all().delete()
    match change:
        case "goal":
            save_goal(goal=goal, teacher=teacher, actor=user, on=TODAY)
        case "item":
            plan_actions.save_item(item=item, teacher=teacher, actor=user, on=TODAY)
        case "taken out":
            plan_actions.take_out(item=PlanItem.objects.get(pk=item.pk), actor=user, at=timezone.now())
        case "put back":
            plan_actions.restore_item(item=PlanItem.objects.get(pk=item.pk), actor=user)
        case "assigned":
            user = coach
            other = PlanItemFactory().course
            plan_actions.assign_training(
                teachers=[teacher], course=other, due_on=None, note="", is_required=True, coach=coach, on=TODAY
            )
    assert Plan.objects.get(pk=plan.pk).state == "draft"
    assert steps(plan)[-1] == ("taken_back", user.pk)
    (notice,) = Notice.objects.filter(user=principal)
    assert "took a learning plan back" in str(notice)


def test_a_closed_plan_keeps_its_words_and_takes_no_more(plan, teacher, principal, coach):
    item = PlanItemFactory(plan=plan, goal=plan.goals.get(), note="Before winter", assigned_by=coach)
    submitted(plan)
    actions.approve(plan=plan, actor=principal)
    closed = actions.close(plan=plan, actor=teacher.user, on=TODAY)
    title = item.course.title
    Course.objects.filter(pk=item.course_id).update(title="Another title", state="retired")
    (kept,) = closed.closed_copy["items"]
    assert (kept["title"], kept["note"], kept["goal"], kept["is_done"], kept["from"]) == (
        title, "Before winter", plan.goals.get().pk, False, coach.name,
    )  # fmt: skip
    assert closed.closed_copy["goals"][0]["title"] == plan.goals.get().title
    with pytest.raises(ValidationError, match="closed and keeps its words"):
        save_goal(goal=plan.goals.get(), teacher=teacher, actor=coach, on=TODAY)
    with pytest.raises(ValidationError, match="closed and keeps its words"):
        plan_actions.save_item(item=item, teacher=teacher, actor=coach, on=TODAY)
