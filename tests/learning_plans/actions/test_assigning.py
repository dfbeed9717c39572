"""Making, changing and ending rules, and exempting people from them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from learning_plans.actions import assigning
from learning_plans.actions.holding import hold_rule
from learning_plans.models import AssignmentRule, PlanItem, RuleMember
from pd_tracker.access import Role
from pd_tracker.audit.models import AuditEvent
from pd_tracker.notices.models import Notice
from teachers.models import Teacher
from tests.factories import (
    AssignmentRuleFactory,
    CompletionFactory,
    CourseFactory,
    DistrictFactory,
    PlanFactory,
    PlanItemFactory,
    SchoolFactory,
    SchoolYearFactory,
    UserFactory,
    employed,
    teacher_with_sign_in,
    user_with_role,
)

pytestmark = pytest.mark.django_db
ON = date(2025, 11, 3)
DAY = timedelta(days=1)
NOW = timezone.now()


@pytest.fixture
def leader():
    return user_with_role(Role.LEADER, name="Lea Leader")


@pytest.fixture
def rule(leader):
    SchoolYearFactory(start=2025)
    return AssignmentRuleFactory(made_by=leader, due_rule="fixed", due_on=ON + 60 * DAY)


def make(actor, chosen=None, **fields):
    given = {"district": DistrictFactory(), "name": "Safety", "course": CourseFactory()} | fields
    rule = AssignmentRule(**given)
    return assigning.make_rule(rule=rule, chosen=chosen, actor=actor, at=NOW, on=ON)


def held(rule):
    hold_rule(rule=rule, on=ON, at=NOW)
    return RuleMember.objects.filter(rule=rule)


def test_a_rule_is_made_with_history_and_trail_and_touches_no_plan(leader):
    employed()
    rule = make(leader, due_rule="after_hire", due_days=90)
    assert (rule.made_by, rule.history.get().history_user) == (leader, leader)
    assert AuditEvent.objects.get(verb="assignment_rule.made").subject_id == str(rule.pk)
    assert not PlanItem.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"due_rule": "fixed", "due_on": ON - DAY}, "due_on"),
        ({"due_rule": "fixed"}, "__all__"),
        ({"due_rule": "after_hire"}, "__all__"),
        ({"audience": "people"}, "people"),
        ({"name": ""}, "name"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(leader, wrong, field):
    with pytest.raises(ValidationError) as refused:
        make(leader, **wrong)
    assert set(refused.value.message_dict) == {field}
    assert not AssignmentRule.objects.exists()


def test_school_and_course_belong_to_the_district(leader):
    abroad = DistrictFactory(name="Birch Hills")
    for wrong in ({"school": SchoolFactory(district=abroad)}, {"course": CourseFactory(district=abroad)}):
        with pytest.raises(ValidationError):
            make(leader, **wrong)


def test_a_principal_makes_rules_for_the_own_school_alone():
    school = SchoolFactory()
    principal = user_with_role(Role.PRINCIPAL, school)
    for place in (None, SchoolFactory()):
        with pytest.raises(ValidationError, match="school that you lead"):
            make(principal, school=place)
    assert make(principal, school=school).school == school


def test_only_people_within_reach_can_be_named():
    school = SchoolFactory()
    principal, own, other = user_with_role(Role.PRINCIPAL, school), employed(school), employed()
    with pytest.raises(ValidationError, match=other.staff_id):
        assigning.reachable(principal, [own.staff_id, other.staff_id])
    chosen = assigning.reachable(principal, [own.staff_id])
    assert set(make(principal, chosen, audience="people", school=school).people.all()) == {own}


def test_a_change_goes_into_open_items_of_the_rule_and_is_told(rule, leader):
    open_one, done, coached = teacher_with_sign_in(), employed(), employed()
    coach_item = PlanItemFactory(
        plan=PlanFactory(teacher=coached, school_year=SchoolYearFactory(start=2025)),
        course=rule.course, assigned_by=UserFactory(), due_on=ON + DAY,
    )  # fmt: skip
    held(rule)
    CompletionFactory(teacher=done, course=rule.course, completed_on=ON)
    rule.note, rule.due_on = "By spring", ON + 90 * DAY
    assert assigning.change_rule(rule=rule, actor=leader, reason="Snow days", on=ON) == 1
    changed = PlanItem.objects.get(plan__teacher=open_one)
    assert (changed.note, changed.due_on, changed.history.count()) == ("By spring", ON + 90 * DAY, 2)
    assert PlanItem.objects.get(plan__teacher=done).due_on == ON + 60 * DAY
    coach_item.refresh_from_db()
    assert coach_item.due_on == ON + DAY
    assert str(Notice.objects.filter(user=open_one.user).first()).startswith("Lea Leader changed your plan")
    assert rule.history.first().history_change_reason == "Snow days"


def test_a_new_note_leaves_due_days_that_somebody_moved(rule, leader):
    employed()
    held(rule)
    PlanItem.objects.update(due_on=ON + 5 * DAY)
    rule.note = "Bring a laptop"
    assigning.change_rule(rule=rule, actor=leader, reason="", on=ON + 70 * DAY)
    assert PlanItem.objects.get().due_on == ON + 5 * DAY


def test_a_due_day_cannot_be_moved_into_the_past(rule, leader):
    rule.due_on = ON - DAY
    with pytest.raises(ValidationError, match="today or a later day"):
        assigning.change_rule(rule=rule, actor=leader, reason="", on=ON)


@pytest.mark.parametrize(("withdraw", "standing"), [(True, 1), (False, 2)])
def test_ending_takes_open_items_out_or_leaves_them_but_never_those_of_exempt_people(rule, leader, withdraw, standing):
    done, open_one, away = employed(), employed(), employed()
    held(rule)
    CompletionFactory(teacher=done, course=rule.course, completed_on=ON)
    member = RuleMember.objects.get(teacher=away)
    assigning.exempt(member=member, reason="On loan", actor=leader, at=NOW)
    taken_out = assigning.end_rule(rule=rule, withdraw=withdraw, actor=leader, at=NOW, on=ON)
    assert taken_out == 3 - standing
    assert PlanItem.objects.standing().count() == standing
    assert PlanItem.objects.filter(plan__teacher=open_one, withdrawn_at=None).exists() is not withdraw
    assert not RuleMember.objects.live().exists()
    with pytest.raises(ValidationError, match="ended already"):
        assigning.end_rule(rule=rule, withdraw=withdraw, actor=leader, at=NOW, on=ON)
    with pytest.raises(ValidationError, match="This rule has ended"):
        assigning.change_rule(rule=rule, actor=leader, reason="", on=ON)


def test_an_exemption_has_a_reason_is_told_and_ends(rule, leader):
    teacher = teacher_with_sign_in()
    (member,) = held(rule)
    with pytest.raises(ValidationError, match="Say why"):
        assigning.exempt(member=member, reason=" ", actor=leader, at=NOW)
    assigning.exempt(member=member, reason="On loan", actor=leader, at=NOW)
    item = PlanItem.objects.with_facts().get()
    assert (item.is_exempt, item.exemption_reason) == (True, "On loan")
    assert Notice.objects.filter(user=teacher.user, kind=Notice.Kind.PLAN_CHANGED).count() == 1
    assigning.end_exemption(member=member, actor=leader)
    assert PlanItem.objects.with_facts().get().is_exempt is False
    assert [row.exemption_reason for row in member.history.all()[:2]] == ["", "On loan"]
    with pytest.raises(ValidationError, match="not exempt"):
        assigning.end_exemption(member=member, actor=leader)


def test_somebody_who_left_cannot_be_exempted(rule, leader):
    teacher = employed()
    (member,) = held(rule)
    Teacher.objects.get(pk=teacher.pk).employments.update(ended_on=ON - DAY)
    (member,) = held(rule)
    with pytest.raises(ValidationError, match="does not hold for this person"):
        assigning.exempt(member=member, reason="On loan", actor=leader, at=NOW)
