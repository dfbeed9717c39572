"""Required training in pages: made after a look, seen, changed, ended, with exemptions."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from learning_plans.actions import assigning
from learning_plans.models import AssignmentRule, PlanItem, RuleMember
from pd_tracker.access import Role
from pd_tracker.audit.models import AuditEvent
from pd_tracker.jobs.models import Job
from pd_tracker.jobs.running import run_job
from tests.factories import (
    DISTRICT_TIME,
    AssignmentRuleFactory,
    CourseFactory,
    RuleMemberFactory,
    SchoolFactory,
    SchoolYearFactory,
    employed,
    teacher_with_sign_in,
    user_with_role,
)

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(timezone=DISTRICT_TIME)
NEW = "/required/new/"


@pytest.fixture
def school():
    SchoolYearFactory()
    return SchoolFactory()


@pytest.fixture
def principal(school) -> Client:
    client = Client()
    client.force_login(user_with_role(Role.PRINCIPAL, school))
    return client


@pytest.fixture
def hr(school) -> Client:
    client = Client()
    client.force_login(user_with_role(Role.HR))
    return client


def typed(**changes):
    course = changes.pop("course", None) or CourseFactory()
    given = {"name": "Safety", "course": course.code, "is_required": "on", "audience": "everybody"}
    given |= {"repeats": "once", "early_days": "60", "due_rule": "none"}
    return given | changes


def make(client: Client, **changes):
    """Looks first, then makes what was seen."""
    given = typed(**changes)
    seen = client.post(NEW, given).context["seen"]
    return client.post(NEW, given | {"seen": seen})


def test_whom_it_would_hold_for_is_shown_before_anything_is_written(hr, school):
    one, late = employed(school, since=TODAY - timedelta(days=20)), employed(school)
    page = hr.post(NEW, typed(due_rule="after_hire", due_days="90"))
    foreseen = page.context["foreseen"]
    due = {row[1]: row[4] for row in foreseen.rows}
    assert due == {one.staff_id: TODAY + timedelta(days=70), late.staff_id: TODAY + timedelta(days=30)}
    assert "It would hold for 2 people today." in page.content.decode()
    assert not AssignmentRule.objects.exists()


def test_making_it_puts_the_course_into_plans(hr, school):
    teacher = employed(school)
    response = make(hr, note="Bring a laptop")
    rule = AssignmentRule.objects.get()
    assert response.url == f"/required/{rule.pk}/"
    item = PlanItem.objects.get()
    assert (item.plan.teacher, item.note, rule.made_by.email) == (teacher, "Bring a laptop", rule.made_by.email)
    page = hr.get(response.url)
    assert "Joined: 1. Left: 0. New in plans: 1." in page.content.decode()
    assert "Holds for 1 person." in page.content.decode()


def test_what_was_changed_after_the_look_is_looked_at_again(hr, school):
    employed(school)
    given = typed()
    seen = hr.post(NEW, given).context["seen"]
    page = hr.post(NEW, given | {"seen": seen, "subject": "Chemistry"})
    assert page.context["foreseen"].count == 0
    assert not AssignmentRule.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"due_rule": "fixed", "due_on": "2020-01-01"}, "due_on"),
        ({"due_rule": "after_hire"}, "__all__"),
        ({"audience": "people", "people": "nobody"}, "people"),
        ({"audience": "people"}, "people"),
        ({"school": "987654"}, "school"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(hr, wrong, field):
    page = hr.post(NEW, typed(**wrong))
    assert set(page.context["form"].errors) == {field}
    assert page.context["form"]["name"].value() == "Safety"


def test_what_another_way_of_being_due_left_in_the_form_is_passed_over(hr, school):
    make(hr, due_rule="after_joining", due_days="10", due_on="2020-01-01")
    assert (AssignmentRule.objects.get().due_on, AssignmentRule.objects.get().due_days) == (None, 10)


def test_people_by_staff_id_and_a_principals_school(principal, school):
    one = employed(school)
    employed(school)
    make(principal, audience="people", people=f" {one.staff_id}\n", school=str(school.pk))
    assert set(AssignmentRule.objects.get().people.all()) == {one}
    assert RuleMember.objects.get().teacher == one
    page = principal.post(NEW, typed())
    assert page.context["form"].errors["school"] == ["Choose a school that you lead."]


def test_a_rule_for_many_is_put_into_plans_in_the_background(hr, school, monkeypatch):
    monkeypatch.setattr(assigning, "AT_ONCE", 0)
    employed(school)
    response = make(hr)
    job = Job.objects.get(function="learning_plans.jobs.hold")
    assert (response.url, PlanItem.objects.count()) == (job.get_absolute_url(), 0)
    run_job.call(job.pk)
    assert PlanItem.objects.count() == 1
    rule = AssignmentRule.objects.get()
    hr.post(f"/required/{rule.pk}/end/", {"withdraw": "yes", "reason": "Over"})
    run_job.call(Job.objects.get(function="learning_plans.jobs.end").pk)
    rule.refresh_from_db()
    assert rule.ended_at is not None
    assert not PlanItem.objects.standing().exists()


def test_the_list_counts_and_the_rule_page_says_who_joined_left_or_is_late(hr, school):
    make(hr, due_rule="fixed", due_on=TODAY.isoformat())
    rule = AssignmentRule.objects.get()
    gone = employed(school, given_name="Gone")
    hr.post(f"/required/{rule.pk}/hold/")
    gone.employments.update(ended_on=TODAY - timedelta(days=1))
    employed(school)
    hr.post(f"/required/{rule.pk}/hold/")
    PlanItem.objects.update(due_on=TODAY - timedelta(days=1))
    rows = hr.get("/required/").context["table"].rows
    assert [(row[0], row[5:9]) for row in rows] == [("Safety", (1, 0, 1, 0))]
    shown = hr.get(f"/required/{rule.pk}/").context["table"].rows
    assert {str(row[3]) for row in shown} == {"Overdue", "Left"}
    late = hr.get(f"/required/{rule.pk}/?state=overdue&format=csv")
    assert len(b"".join(late).splitlines()) == 2
    assert AuditEvent.objects.filter(verb="person.exported").count() == 1


def test_changing_asks_for_a_confirmation_and_tells_a_second_editor(hr, school):
    employed(school)
    make(hr)
    rule = AssignmentRule.objects.get()
    address = f"/required/{rule.pk}/change/"
    form = hr.get(address).context["form"]
    given = {"name": "Safety", "is_required": "on", "due_rule": "none", "note": "New words", "reason": "Clearer"}
    given |= {"repeats": "once", "early_days": "60"}
    given["version"] = form["version"].value()
    assert "is_sure" in hr.post(address, given).context["form"].errors
    assert hr.post(address, given | {"is_sure": "on"}).status_code == 302
    assert PlanItem.objects.get().note == "New words"
    second = hr.post(address, given | {"is_sure": "on", "note": "Other words"}).context["form"]
    assert [(conflict.theirs, conflict.mine) for conflict in second.conflicts] == [("New words", "Other words")]


def test_ending_asks_what_happens_to_open_items(hr, school):
    employed(school)
    make(hr)
    rule = AssignmentRule.objects.get()
    address = f"/required/{rule.pk}/end/"
    assert set(hr.post(address, {}).context["form"].errors) == {"withdraw", "reason"}
    hr.post(address, {"withdraw": "no", "reason": "Law changed"})
    assert PlanItem.objects.standing().count() == 1
    assert "ended already" in str(hr.post(address, {"withdraw": "no", "reason": "x"}).context["form"].errors)
    assert b"Change the rule" not in hr.get(f"/required/{rule.pk}/").content
    hr.post(f"/required/{rule.pk}/hold/")
    assert not RuleMember.objects.live().exists()


def test_an_exemption_shows_in_the_teachers_plan_and_can_be_ended(hr, school):
    teacher = teacher_with_sign_in(school)
    make(hr)
    member = RuleMember.objects.get()
    address = f"/required/people/{member.pk}/"
    assert "reason" in hr.post(address, {"reason": ""}).context["form"].errors
    hr.post(address, {"reason": "On loan to the county"})
    own = Client()
    own.force_login(teacher.user)
    plan = own.get("/my-plan/").content.decode()
    assert "You are exempt: On loan to the county" in plan
    assert "By the rule “Safety”." in plan
    assert "On loan to the county" in hr.get(address).content.decode()
    hr.post(f"{address}end-exemption/")
    assert "exempt" not in own.get("/my-plan/").content.decode()
    hr.post(f"{address}end-exemption/")
    assert "This person is not exempt." in hr.get(address).content.decode()


def test_people_of_other_schools_stay_unseen_in_a_rule_of_the_own_school(principal, school):
    rule = AssignmentRuleFactory(school=school)
    RuleMemberFactory(rule=rule, teacher=employed(school))
    moved = RuleMemberFactory(rule=rule, teacher=employed())
    assert len(list(principal.get(f"/required/{rule.pk}/").context["table"].rows)) == 1
    assert principal.get(reverse("learning_plans:rule_member", args=[moved.pk])).status_code == 404
    assert principal.get(f"/required/{AssignmentRuleFactory().pk}/").status_code == 404


def test_a_course_no_longer_offered_is_said(hr, school):
    rule = AssignmentRuleFactory(course=CourseFactory(state="retired"))
    assert "no longer offered" in hr.get(f"/required/{rule.pk}/").content.decode()
