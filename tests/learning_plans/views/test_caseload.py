"""The coach's pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from learning_plans.models import PlanItem
from learning_plans.rules.coaching import is_due_a_visit
from pd_tracker.access import Role
from tests.factories import (
    CompletionFactory,
    CourseFactory,
    PairingFactory,
    PlanFactory,
    PlanItemFactory,
    SchoolYearFactory,
    VisitFactory,
    employed,
    teacher_with_sign_in,
    user_with_role,
)

pytestmark = pytest.mark.django_db
CASELOAD = "/caseload/"


@pytest.fixture
def coach():
    SchoolYearFactory()
    return user_with_role(Role.COACH, name="Cora Coach")


@pytest.fixture
def signed_in(client, coach):
    client.force_login(coach)
    return client


def paired(coach, **dates):
    return PairingFactory(coach=coach, teacher=employed(), **dates).teacher


def test_the_caseload_is_who_is_paired_today(signed_in, coach):
    today = timezone.localdate()
    now = paired(coach)
    paired(coach, ended_on=today - timedelta(days=1))
    paired(coach, started_on=today + timedelta(days=1))
    employed()
    last_day = paired(coach, ended_on=today)
    assert set(signed_in.get(CASELOAD).context["row_keys"]) == {now.pk, last_day.pk}


def test_figures_of_a_teacher(signed_in, coach):
    teacher, today = paired(coach), timezone.localdate()
    plan = PlanFactory(teacher=teacher, school_year=SchoolYearFactory())
    done = PlanItemFactory(plan=plan)
    CompletionFactory(teacher=teacher, course=done.course, completed_on=today)
    PlanItemFactory(plan=plan, due_on=today - timedelta(days=1), assigned_by=coach)
    PlanItemFactory(plan=plan, due_on=today + timedelta(days=1))
    PlanItemFactory(plan=plan, due_on=today - timedelta(days=9), withdrawn_at=timezone.now())
    table = signed_in.get(CASELOAD).context["table"]
    row = dict(zip([column.key for column in table.columns], table.rows[0], strict=True))
    assert {key: row[key] for key in ("done", "due_soon", "overdue", "hours")} == {
        "done": 1,
        "due_soon": 1,
        "overdue": 1,
        "hours": 6,
    }
    assert row["last_contact"] is not None


@pytest.mark.parametrize("count", [1, 3])
def test_query_count_does_not_grow(signed_in, coach, count, django_assert_num_queries):
    for _ in range(count):
        PlanItemFactory(plan=PlanFactory(teacher=paired(coach)))
    signed_in.get(CASELOAD)
    with django_assert_num_queries(9):
        signed_in.get(CASELOAD)


@pytest.mark.parametrize(
    ("query", "found"), [("plan=none", 0), ("plan=active", 1), ("overdue=true", 0), ("search=zzz", 0)]
)
def test_filters(signed_in, coach, query, found):
    PlanFactory(teacher=paired(coach), school_year=SchoolYearFactory())
    assert len(signed_in.get(f"{CASELOAD}?{query}").context["row_keys"]) == found


@pytest.mark.parametrize(
    ("days_ago", "step_in", "is_due"),
    [(None, None, True), (13, None, False), (14, None, True), (1, 0, True), (1, 1, False)],
)
def test_who_is_due_a_visit(signed_in, coach, days_ago, step_in, is_due):
    """The row set and the rule say the same."""
    teacher, today = paired(coach), coach.today
    contact = None if days_ago is None else today - timedelta(days=days_ago)
    step = None if step_in is None else today + timedelta(days=step_in)
    if contact:
        VisitFactory(teacher=teacher, coach=coach, visited_on=contact - timedelta(days=40), next_step="Old")
        VisitFactory(
            teacher=teacher, coach=coach, visited_on=contact, next_step="Count" if step else "", next_step_on=step
        )
    table = signed_in.get(CASELOAD).context["table"]
    row = dict(zip([column.key for column in table.columns], table.rows[0], strict=True))
    assert (row["due"], row["last_contact"], row["next_step_on"]) == (is_due, contact, step)
    assert is_due_a_visit(last_contact_on=contact, next_step_on=step, on=today) is is_due
    assert len(signed_in.get(f"{CASELOAD}?due=true").context["row_keys"]) == is_due
    assert len(signed_in.get(f"{CASELOAD}?due=false").context["row_keys"]) == (not is_due)


def test_contact_is_ones_own(signed_in, coach):
    teacher = paired(coach)
    VisitFactory(teacher=teacher, visited_on=coach.today, next_step="Of another coach")
    page = signed_in.get(CASELOAD).content.decode()
    assert "Of another coach" not in page
    assert len(signed_in.get(f"{CASELOAD}?due=true&ordering=last_contact").context["row_keys"]) == 1


def test_assign_to_several_then_take_it_back(signed_in, coach):
    chosen, course = [paired(coach), paired(coach)], CourseFactory()
    asked = {
        "teacher": [teacher.pk for teacher in chosen],
        "course": course.code,
        "note": "Please",
        "is_required": "on",
    }
    page = signed_in.post(reverse("learning_plans:assign"), asked, follow=True)
    assert "Assigned to 2 people." in page.content.decode()
    assert PlanItem.objects.standing().count() == 2
    assert "The course you assigned last went to 2 people." in page.content.decode()
    signed_in.post(reverse("learning_plans:undo_assign"))
    assert PlanItem.objects.standing().count() == 0
    assert "You assigned a course" not in signed_in.get(CASELOAD).content.decode()


def test_assigning_leads_back_to_the_list_as_it_was_filtered(signed_in, coach):
    filtered = reverse("learning_plans:caseload") + "?school=&overdue=true"
    assert '<input type="hidden" name="back" value="school=&amp;overdue=true">' not in words_of(signed_in, filtered)
    teacher = paired(coach)
    PlanItemFactory(plan=PlanFactory(teacher=teacher), due_on=timezone.localdate() - timedelta(days=1))
    assert '<input type="hidden" name="back" value="school=&amp;overdue=true">' in words_of(signed_in, filtered)
    address = reverse("learning_plans:assign") + f"?teacher={teacher.pk}&back=school%3D%26overdue%3Dtrue"
    assert signed_in.post(address, {"teacher": teacher.pk, "course": CourseFactory().code}).url == filtered


def words_of(client, address):
    return client.get(address).content.decode()


def test_people_outside_the_caseload_are_left_out_whatever_is_posted(signed_in, coach):
    mine, stranger = paired(coach), employed()
    asked = {"teacher": [mine.pk, stranger.pk], "course": CourseFactory().code}
    signed_in.post(reverse("learning_plans:assign"), asked)
    assert [item.plan.teacher for item in PlanItem.objects.all()] == [mine]


def test_a_refused_assignment_keeps_what_was_typed(signed_in, coach):
    asked = {"teacher": [paired(coach).pk], "course": CourseFactory().code, "due_on": "2001-01-01", "note": "Keep me"}
    page = signed_in.post(reverse("learning_plans:assign"), asked)
    assert page.context["form"].errors == {"due_on": ["Choose today or a later day."]}
    assert "Keep me" in page.content.decode()


def test_nobody_ticked_is_said_kindly(signed_in):
    page = signed_in.get(reverse("learning_plans:assign"), follow=True)
    assert "Choose at least one person first." in page.content.decode()


@pytest.mark.parametrize(
    ("role", "status"), [(Role.TEACHER, 403), (Role.HR, 403), (Role.LEADER, 403), (Role.MENTOR, 200)]
)
def test_who_has_a_caseload(client, role, status):
    client.force_login(user_with_role(role))
    assert client.get(CASELOAD).status_code == status


def test_the_teacher_sees_what_was_assigned(signed_in, coach, client):
    teacher = teacher_with_sign_in()
    PairingFactory(coach=coach, teacher=teacher)
    course = CourseFactory(title="Number talks")
    signed_in.post(reverse("learning_plans:assign"), {"teacher": [teacher.pk], "course": course.code, "note": "Try it"})
    client.force_login(teacher.user)
    words = client.get(reverse("learning_plans:my_plan")).content.decode()
    assert "Number talks" in words
    assert "Try it" in words
    assert "From Cora Coach." in words


@pytest.mark.parametrize("key", ["9" * 30, "9" * 5000, "x"])
def test_what_is_no_key_chooses_nobody(signed_in, key):
    assert signed_in.get(reverse("learning_plans:assign"), {"teacher": key}).url == CASELOAD
