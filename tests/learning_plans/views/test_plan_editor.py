"""Writing in a plan, as its teacher and as their coach."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from learning_plans.models import Goal, Need, PlanDecision, PlanItem
from pd_tracker.access import Role
from teachers.models import Draft
from tests.factories import (
    CompetencyFactory,
    CourseFactory,
    GoalFactory,
    KpiFactory,
    KpiValueFactory,
    PairingFactory,
    PlanFactory,
    PlanItemFactory,
    SchoolYearFactory,
    employed,
    teacher_with_sign_in,
    user_with_role,
)

pytestmark = pytest.mark.django_db
LONG_AGO = timezone.localdate() - timedelta(days=20)


@pytest.fixture
def teacher():
    SchoolYearFactory()
    return teacher_with_sign_in()


@pytest.fixture
def coach(teacher):
    return PairingFactory(coach=user_with_role(Role.COACH, name="Cora Coach"), teacher=teacher).coach


@pytest.fixture
def own(client, teacher):
    client.force_login(teacher.user)
    return client


@pytest.fixture
def plan(teacher):
    return PlanFactory(teacher=teacher, state="draft")


def address(name, *keys):
    return reverse(f"learning_plans:{name}", args=keys)


def form_of(client, url):
    form = client.get(url).context["form"]
    return {name: form[name].value() or "" for name in form.fields}


def test_a_coach_adds_changes_and_takes_out(client, coach, teacher):
    client.force_login(coach)
    client.post(address("add_goal", teacher.pk), {"title": "Ask open questions"})
    goal = Goal.objects.get(plan__teacher=teacher)
    client.post(address("add_item", teacher.pk), {"task": "Visit a colleague", "goal": goal.pk, "is_required": "on"})
    item = PlanItem.objects.get(plan__teacher=teacher)
    assert (item.is_required, item.assigned_by) == (True, coach)
    edit = address("edit_item", item.pk)
    client.post(edit, form_of(client, edit) | {"task": "Visit two colleagues"})
    words = client.get(address("plan", teacher.pk)).content.decode()
    assert "Ask open questions" in words
    assert "Visit two colleagues" in words
    for standing in (0, 1):
        client.post(address("withdraw_item", item.pk))
        assert PlanItem.objects.standing().count() == standing
    for state in ("met", "open"):
        client.post(address("meet_goal", goal.pk))
        assert Goal.objects.get().state == state


def test_a_teacher_writes_a_draft(own, teacher, plan):
    own.post(address("add_goal", teacher.pk), {"title": "Ask open questions"})
    goal = plan.goals.get()
    own.post(address("add_item", teacher.pk), {"task": "Visit a colleague", "goal": goal.pk, "is_required": "on"})
    item = plan.items.get()
    assert (item.is_required, item.assigned_by, item.goal) == (False, teacher.user, goal)
    for state in ("dropped", "open"):
        own.post(address("drop_goal", goal.pk))
        assert plan.goals.get().state == state


def test_an_approved_plan_takes_only_what_its_teacher_adds(own, teacher, plan):
    plan.state = "active"
    plan.save()
    goal, theirs = GoalFactory(plan=plan), PlanItemFactory(plan=plan, is_required=False)
    for name, key in (("add_goal", teacher.pk), ("edit_goal", goal.pk), ("edit_item", theirs.pk)):
        assert own.get(address(name, key)).status_code == 403
    assert own.post(address("drop_goal", goal.pk)).status_code == 403
    assert own.post(address("withdraw_item", theirs.pk)).status_code == 403
    own.post(address("add_item", teacher.pk), {"course": CourseFactory().code})
    mine = plan.items.get(assigned_by=teacher.user)
    own.post(address("withdraw_item", mine.pk))
    assert plan.items.get(pk=mine.pk).withdrawn_at is not None


def test_a_day_before_today_is_refused_at_its_field_and_nothing_typed_is_lost(own, teacher, plan):
    page = own.post(address("add_item", teacher.pk), {"task": "Visit", "due_on": LONG_AGO, "note": "Keep me"})
    assert page.context["form"].errors == {"due_on": ["Choose today or a later day."]}
    assert "Keep me" in page.content.decode()


def test_of_two_editors_the_second_sees_both_texts(own, plan):
    goal = GoalFactory(plan=plan, title="First")
    goal.save()
    edit = address("edit_goal", goal.pk)
    mine = form_of(own, edit) | {"title": "Mine"}
    goal.title = "Theirs"
    goal.save()
    page = own.post(edit, mine)
    (conflict,) = page.context["form"].conflicts
    assert (conflict.theirs, conflict.mine) == ("Theirs", "Mine")
    assert Goal.objects.get().title == "Theirs"
    page = own.post(edit, form_of(own, edit) | {"title": "Mine"})
    assert Goal.objects.get().title == "Mine"


def test_saving_while_sign_off_waits_says_that_it_is_a_draft_again(own, plan):
    goal = GoalFactory(plan=plan)
    plan.state = "in_review"
    plan.save()
    edit = address("edit_goal", goal.pk)
    assert "makes it a draft again" in own.get(edit).content.decode()
    page = own.post(edit, form_of(own, edit) | {"title": "Better"}, follow=True)
    assert "The plan is a draft again" in page.content.decode()
    assert PlanDecision.objects.get().kind == "taken_back"


def test_who_can_see_the_draft_stands_beside_the_button_by_name(own, teacher, coach, plan):
    school = teacher.assignments.get().school
    user_with_role(Role.PRINCIPAL, school, name="Naomi Principal")
    user_with_role(Role.LEADER)
    words = own.get(address("add_goal", teacher.pk)).context["who_reads"]
    assert words == (
        "Only you and Cora Coach (coach) can read this draft. Once it is handed in, so can "
        "Naomi Principal (principal) and the district’s leaders."
    )
    plan.is_apart_from_evaluation = True
    plan.save()
    words = own.get(address("add_goal", teacher.pk)).context["who_reads"]
    assert words.startswith("Only you and Cora Coach (coach) can read this. It is never used for evaluation")


def test_a_goal_begins_from_an_accepted_need(own, teacher, plan):
    need = Need.objects.create(teacher=teacher, competency=CompetencyFactory(), answer="accepted")
    other = Need.objects.create(teacher=employed(), competency=CompetencyFactory(), answer="accepted")
    form = own.get(address("add_goal", teacher.pk) + f"?need={need.pk}").context["form"]
    assert (form["need"].value(), form["competency"].value()) == (need.pk, need.competency_id)
    form = own.get(address("add_goal", teacher.pk) + f"?need={other.pk}").context["form"]
    assert form["need"].value() is None
    assert "need" in own.post(address("add_goal", teacher.pk), {"title": "G", "need": other.pk}).context["form"].errors


def test_the_figure_is_shown_before_it_is_kept_and_only_to_who_may_see_it(own, client, teacher, coach, plan):
    KpiValueFactory(teacher=teacher, kpi=KpiFactory(code="growth"), value="48.2", n=20)
    url = address("add_goal", teacher.pk)
    assert "now 48.2" in own.get(url).content.decode()
    client.force_login(coach)
    assert "kpi" not in client.get(url).context["form"].fields


def test_what_was_typed_comes_back(own, teacher, plan):
    url = address("add_goal", teacher.pk)
    Draft.objects.create(user=teacher.user, path=url, fields={"title": ["Half a"]}, saved_at=timezone.now())
    assert own.get(url).context["form"]["title"].value() == "Half a"
    own.post(url, {"title": "A whole goal"})
    assert not Draft.objects.exists()


def test_a_goal_of_somebody_else_cannot_be_chosen(own, teacher, plan):
    other = GoalFactory(plan=PlanFactory(teacher=employed()))
    page = own.post(address("add_item", teacher.pk), {"task": "Visit", "goal": other.pk})
    assert "goal" in page.context["form"].errors
    assert not PlanItem.objects.exists()


@pytest.mark.parametrize("route", ["plan", "add_goal", "add_item"])
def test_a_teacher_outside_the_caseload_is_not_found(client, coach, route):
    client.force_login(coach)
    assert client.get(address(route, employed().pk)).status_code == 404


def test_a_goal_moves_up(own, teacher, plan):
    for title in ("One", "Two", "Three"):
        own.post(address("add_goal", teacher.pk), {"title": title})
    own.post(address("move_goal", plan.goals.get(title="Three").pk))
    assert [goal.title for goal in plan.goals.all()] == ["One", "Three", "Two"]
    own.post(address("move_goal", plan.goals.get(title="One").pk))
    assert [goal.title for goal in plan.goals.all()] == ["One", "Three", "Two"]
    assert plan.goals.get(title="Three").history.latest().history_user == teacher.user
