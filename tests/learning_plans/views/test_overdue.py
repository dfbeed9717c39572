"""Who is overdue, for each who may read the plan."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from learning_plans.models import Reminder
from pd_tracker.access import Role
from tests.factories import (
    DISTRICT_TIME,
    PairingFactory,
    PlanFactory,
    PlanItemFactory,
    RuleMemberFactory,
    SchoolFactory,
    SchoolYearFactory,
    employed,
    user_with_role,
)

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(timezone=DISTRICT_TIME)
YESTERDAY = TODAY - timedelta(days=1)
PAGE = "/required/overdue/"


@pytest.fixture
def late():
    def one(school=None, **fields):
        plan = PlanFactory(teacher=employed(school), school_year=SchoolYearFactory())
        return PlanItemFactory(plan=plan, due_on=YESTERDAY, **fields)

    return one


def rows(user, query=""):
    client = Client()
    client.force_login(user)
    context = client.get(PAGE + query).context
    return dict(zip(context["row_keys"], context["table"].rows, strict=True))


def test_each_sees_who_is_late_in_their_reach(late):
    school = SchoolFactory()
    here, there = late(school), late()
    late(school, is_required=False)
    exempt = late(school)
    RuleMemberFactory(teacher=exempt.plan.teacher, item=exempt, exempted_at=timezone.now(), exemption_reason="On loan")
    coach = user_with_role(Role.COACH)
    PairingFactory(coach=coach, teacher=there.plan.teacher)
    one, other = here.plan.teacher.pk, there.plan.teacher.pk
    assert set(rows(user_with_role(Role.PRINCIPAL, school))) == {one}
    assert set(rows(coach)) == {other}
    assert set(rows(user_with_role(Role.LEADER))) == set(rows(user_with_role(Role.HR))) == {one, other}


def test_rows_say_rule_and_last_reminder_and_can_be_filtered_and_downloaded(late):
    leader = user_with_role(Role.LEADER)
    told, untold = late(), late(course=None, task="Visit a colleague")
    member = RuleMemberFactory(teacher=told.plan.teacher, item=told)
    at = timezone.now()
    Reminder.objects.create(item=told, user=leader, due_on=YESTERDAY, days_before=-1, sent_at=at)
    found = rows(leader)[told.plan.teacher.pk]
    assert found[3:] == (told.course.title, YESTERDAY, member.rule.name, at)
    assert set(rows(leader, "?reminded=false")) == {untold.plan.teacher.pk}
    assert set(rows(leader, "?course=colleague")) == {untold.plan.teacher.pk}
    assert set(rows(leader, f"?person={told.plan.teacher.staff_id}")) == {told.plan.teacher.pk}
    school = told.plan.teacher.assignments.get().school
    assert set(rows(leader, f"?school={school.pk}")) == {told.plan.teacher.pk}
    client = Client()
    client.force_login(leader)
    assert b"Visit a colleague" in b"".join(client.get(f"{PAGE}?format=csv"))


def test_last_years_plans_are_over(late):
    plan = PlanFactory(teacher=employed(), school_year=SchoolYearFactory(start=TODAY.year - 3))
    PlanItemFactory(plan=plan, due_on=plan.school_year.starts_on)
    assert rows(user_with_role(Role.LEADER)) == {}
