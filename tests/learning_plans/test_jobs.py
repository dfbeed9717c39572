"""The work of a day, by the worker and by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import call_command

from learning_plans import jobs
from learning_plans.models import PlanItem, RuleMember
from pd_tracker.access import Role
from pd_tracker.jobs.models import Job
from pd_tracker.jobs.running import JobStopped
from pd_tracker.notices.models import Notice
from tests.factories import (
    AssignmentRuleFactory,
    DistrictFactory,
    SchoolFactory,
    SchoolYearFactory,
    teacher_with_sign_in,
    user_with_role,
)

pytestmark = pytest.mark.django_db
ON = date(2025, 11, 3)


@pytest.fixture
def rule():
    SchoolYearFactory(start=2025)
    return AssignmentRuleFactory(due_rule="fixed", due_on=ON)


def test_a_day_holds_rules_and_reminds_and_a_second_time_adds_nothing(rule):
    teacher = teacher_with_sign_in()
    for _ in range(2):
        call_command("daily", "--on", "2025-11-02", stdout=StringIO())
    PlanItem.objects.update(assigned_at=datetime(2025, 11, 1, tzinfo=UTC))
    out = StringIO()
    for _ in range(2):
        call_command("daily", "--on", "2025-11-03", stdout=out)
    assert out.getvalue().splitlines() == [
        "Rules checked: 1. Reminders sent: 1.",
        "Rules checked: 1. Reminders sent: 0.",
    ]
    assert RuleMember.objects.count() == 1
    assert list(Notice.objects.filter(user=teacher.user).order_by("pk").values_list("kind", flat=True)) == [
        "training_assigned",
        "item_due",
    ]


def test_a_district_without_a_school_year_leaves_the_others_alone(rule, caplog):
    teacher_with_sign_in()
    AssignmentRuleFactory(district=DistrictFactory(name="Birch Hills"))
    call_command("daily", "--on", "2025-11-03", stdout=StringIO())
    assert RuleMember.objects.count() == 1
    assert "no school year" in caplog.text


def test_ended_rules_are_left_alone(rule):
    teacher_with_sign_in()
    rule.ended_at = datetime(2025, 10, 1, tzinfo=UTC)
    rule.save()
    call_command("daily", "--on", "2025-11-03", stdout=StringIO())
    assert not RuleMember.objects.exists()


def test_long_work_stops_where_the_role_does(rule):
    principal = user_with_role(Role.PRINCIPAL, SchoolFactory())
    for function, given in ((jobs.hold, {}), (jobs.end, {"withdraw": True, "reason": "Over"})):
        with pytest.raises(JobStopped, match="do not reach this rule"):
            function(Job(), rule_id=rule.pk, actor_id=principal.pk, **given)


def test_ending_twice_ends_once_and_without_a_school_year_holding_says_what_to_do(rule):
    leader = user_with_role(Role.LEADER)
    given = {"rule_id": rule.pk, "actor_id": leader.pk, "withdraw": True, "reason": "Over"}
    assert jobs.end(Job(), **given) == jobs.end(Job(), **given) == f"/required/{rule.pk}/"
    rule.district.school_years.all().delete()
    with pytest.raises(JobStopped, match="not set up yet"):
        jobs.hold(Job(), rule_id=rule.pk, actor_id=leader.pk)
