"""Whom a rule is for on a day, and what it counts."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from learning_plans.models import AssignmentRule, RuleMember
from learning_plans.querysets.assigning import audience_of
from pd_tracker.access import Role
from teachers.models import Teacher
from tests.factories import (
    AssignmentFactory,
    AssignmentRuleFactory,
    CompletionFactory,
    DistrictFactory,
    EmploymentFactory,
    PlanFactory,
    PlanItemFactory,
    RuleMemberFactory,
    SchoolFactory,
    SchoolYearFactory,
    employed,
    user_with_role,
)

pytestmark = pytest.mark.django_db
ON = date(2025, 11, 3)
DAY = timedelta(days=1)


def people(**fields):
    return set(audience_of(AssignmentRuleFactory(**fields), on=ON))


def test_everybody_is_whoever_is_employed_in_the_district_on_the_day():
    here, leaves_today = employed(), employed(until=ON)
    employed(until=ON - DAY)
    employed(since=ON + DAY)
    employed(SchoolFactory(district=DistrictFactory(name="Birch Hills")))
    assert people() == {here, leaves_today}


def test_school_and_subject_belong_to_one_post_that_runs():
    school, other = SchoolFactory(), SchoolFactory()
    one = employed(school)
    two = employed(other)
    AssignmentFactory(teacher=two, school=school, subject="Art", ended_on=ON - DAY)
    three = employed(school)
    AssignmentFactory(teacher=three, school=other, subject="Art")
    assert people(school=school) == {one, three}
    assert people(subject="art") == {three}
    assert people(school=school, subject="Art") == set()


@pytest.mark.parametrize(
    ("first_day", "is_in"), [(date(2024, 11, 3), False), (date(2024, 11, 4), True), (ON, True), (ON + DAY, False)]
)
def test_a_first_year_ends_where_the_first_spell_is_a_year_old(first_day, is_in):
    newcomer = employed(since=first_day)
    assert people(audience="first_year") == ({newcomer} if is_in else set())


def test_who_comes_back_or_does_not_teach_is_in_no_first_year():
    back, aide = employed(since=ON - 60 * DAY), employed(since=ON - 60 * DAY)
    EmploymentFactory(teacher=back, started_on=date(2020, 8, 15), ended_on=date(2021, 6, 15))
    aide.employments.update(position="aide")
    assert people(audience="first_year") == set()


@pytest.mark.parametrize(("state", "is_in"), [("approved", False), ("pending", True), (None, True)])
def test_without_the_course_means_without_an_approved_completion_of_any_year(state, is_in):
    teacher, rule = employed(), AssignmentRuleFactory(audience="without_course")
    if state:
        CompletionFactory(teacher=teacher, course=rule.course, state=state, completed_on=date(2019, 3, 1))
    assert (teacher in audience_of(rule, on=ON)) is is_in


def test_whoever_completes_it_while_the_rule_holds_stays_as_done_but_an_old_completion_found_later_takes_them_out():
    rule = AssignmentRuleFactory(audience="without_course")
    plans = [PlanFactory(teacher=employed(), school_year=SchoolYearFactory(start=2025)) for _ in range(2)]
    for plan, on in zip(plans, (ON, date(2019, 3, 1)), strict=True):
        item = PlanItemFactory(plan=plan, course=rule.course)
        RuleMemberFactory(rule=rule, teacher=plan.teacher, item=item)
        CompletionFactory(teacher=plan.teacher, course=rule.course, completed_on=on)
    assert set(audience_of(rule, on=ON)) == {plans[0].teacher}


def test_chosen_people_are_those_named_as_long_as_they_are_employed():
    named, gone = employed(), employed(until=ON - DAY)
    employed()
    rule = AssignmentRuleFactory(audience="people")
    rule.people.set([named, gone])
    assert set(audience_of(rule, on=ON)) == {named}
    unsaved = AssignmentRule(district=rule.district, course=rule.course, audience="people")
    assert set(audience_of(unsaved, on=ON, chosen=Teacher.objects.filter(pk=named.pk))) == {named}


def test_counts_are_of_those_it_holds_for_now():
    rule = AssignmentRuleFactory()
    year = SchoolYearFactory(start=2025)

    def member(**fields):
        plan = PlanFactory(teacher=employed(), school_year=year)
        return RuleMemberFactory(
            rule=rule,
            teacher=plan.teacher,
            item=PlanItemFactory(plan=plan, course=rule.course, due_on=ON - DAY),
            **fields,
        )

    member()
    done = member()
    CompletionFactory(teacher=done.teacher, course=rule.course, completed_on=ON)
    member(exempted_at=timezone.now(), exemption_reason="On loan")
    member(left_on=ON)
    found = AssignmentRule.objects.with_counts(on=ON).get()
    assert (found.held_count, found.done_count, found.overdue_count, found.exempt_count) == (3, 1, 1, 1)


def test_a_principal_sees_the_rules_of_the_own_school_and_its_people():
    school = SchoolFactory()
    own, whole = AssignmentRuleFactory(school=school), AssignmentRuleFactory()
    mine = RuleMemberFactory(rule=whole, teacher=employed(school))
    RuleMemberFactory(rule=whole, teacher=employed())
    principal, leader = user_with_role(Role.PRINCIPAL, school), user_with_role(Role.LEADER)
    assert set(AssignmentRule.objects.visible_to(principal)) == {own}
    assert set(AssignmentRule.objects.visible_to(leader)) == {own, whole}
    assert AssignmentRule.objects.visible_to(user_with_role(Role.COACH)).count() == 0
    assert set(RuleMember.objects.visible_to(principal)) == {mine}
