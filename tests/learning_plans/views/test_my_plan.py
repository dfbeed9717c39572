"""The teacher's own pages."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from learning_plans.models import PlanItem
from pd_tracker.access import Role
from tests.factories import (
    CompletionFactory,
    CourseFactory,
    GoalFactory,
    PlanFactory,
    PlanItemFactory,
    SchoolYearFactory,
    SessionFactory,
    teacher_with_sign_in,
    user_with_role,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def teacher():
    return teacher_with_sign_in()


@pytest.fixture
def own(client, teacher):
    client.force_login(teacher.user)
    return client


@pytest.fixture
def plan(teacher):
    return PlanFactory(teacher=teacher, school_year=SchoolYearFactory())


def test_an_empty_plan_says_what_to_do(own):
    page = own.get(reverse("learning_plans:my_plan"))
    assert "Your plan is empty so far" in page.content.decode()


def test_the_plan_tells_done_due_overdue_and_what_is_missing(own, plan):
    today = timezone.localdate()
    done = PlanItemFactory(plan=plan, goal=GoalFactory(plan=plan), due_on=today)
    CompletionFactory(teacher=plan.teacher, course=done.course, completed_on=today)
    PlanItemFactory(plan=plan, due_on=today - timedelta(days=1))
    waiting = PlanItemFactory(plan=plan, due_on=today + timedelta(days=5))
    CompletionFactory(teacher=plan.teacher, course=waiting.course, completed_on=today, state="pending")
    page = own.get(reverse("learning_plans:my_plan"))
    assert page.context["counts"] == {"done": 1, "exempt": 0, "overdue": 1, "due_soon": 1, "open": 0}
    words = page.content.decode()
    assert "1 thing is overdue." in words
    assert "Waiting for approval" in words
    assert "6.0 hours counted this school year" in words


def test_what_is_overdue_stands_first_and_what_is_done_last(own, plan):
    today, goal = timezone.localdate(), GoalFactory(plan=plan)
    done = PlanItemFactory(plan=plan, goal=goal, due_on=today - timedelta(days=9))
    CompletionFactory(teacher=plan.teacher, course=done.course, completed_on=today)
    for days in (300, 5, -1):
        PlanItemFactory(plan=plan, goal=goal, due_on=today + timedelta(days=days))
    first, *_ = own.get(reverse("learning_plans:my_plan")).context["goals"]
    assert [shown.progress for shown in first.items] == ["overdue", "due_soon", "open", "done"]


@pytest.mark.parametrize(("days", "stands_first"), [(-1, True), (5, False)])
def test_an_overdue_thing_that_serves_no_goal_stands_above_the_goals(own, plan, days, stands_first):
    PlanItemFactory(plan=plan, goal=GoalFactory(plan=plan, title="Ask open questions"))
    PlanItemFactory(plan=plan, due_on=timezone.localdate() + timedelta(days=days))
    words = own.get(reverse("learning_plans:my_plan")).content.decode()
    assert (words.index("Other things in the plan") < words.index("Ask open questions")) == stands_first


@pytest.mark.parametrize("count", [1, 3])
def test_query_count_does_not_grow_with_the_plan(own, plan, count, django_assert_num_queries):
    for _ in range(count):
        PlanItemFactory(plan=plan, goal=GoalFactory(plan=plan))
    own.get(reverse("learning_plans:my_plan"))
    with django_assert_num_queries(24):
        own.get(reverse("learning_plans:my_plan"))


def test_a_task_is_marked_done_and_back(own, plan):
    task = PlanItemFactory(plan=plan, course=None, task="Visit a colleague")
    for expected in (timezone.localdate(), None):
        own.post(reverse("learning_plans:mark_task", args=[task.pk]))
        assert PlanItem.objects.get(pk=task.pk).task_done_on == expected


def test_somebody_elses_task_is_not_found(own):
    task = PlanItemFactory(course=None, task="Visit a colleague")
    assert own.post(reverse("learning_plans:mark_task", args=[task.pk])).status_code == 404
    assert PlanItem.objects.get(pk=task.pk).task_done_on is None


def test_the_record_lists_only_ones_own_and_downloads_the_same_rows(own, teacher):
    mine = CompletionFactory(teacher=teacher, course=CourseFactory(title="=1+1", code="0042"))
    CompletionFactory()
    page = own.get(reverse("learning_plans:my_record"))
    assert page.context["row_keys"] == [mine.pk]
    book = load_workbook(BytesIO(b"".join(own.get(reverse("learning_plans:my_record") + "?format=xlsx"))))
    (head, row, *rest) = book.worksheets[0].iter_rows(values_only=True)
    assert (row[0], row[2], row[5], rest) == ("=1+1", "0042", 6, [])
    assert head[0] == "Course"
    csv = b"".join(own.get(reverse("learning_plans:my_record") + "?format=csv")).decode("utf-8-sig")
    assert csv.splitlines()[1].startswith(f"'=1+1,{mine.completed_on},0042")


def test_courses_on_offer_only(own):
    offered = CourseFactory()
    CourseFactory(state="retired")
    CourseFactory(approved_until=timezone.localdate() - timedelta(days=1))
    assert own.get(reverse("learning_plans:courses")).context["row_keys"] == [offered.pk]


def test_register_and_give_back_from_the_course_page(own, teacher):
    start = timezone.now() + timedelta(days=3)
    session = SessionFactory(starts_at=start, ends_at=start + timedelta(hours=2), capacity=2)
    own.post(reverse("learning_plans:register", args=[session.pk]))
    assert session.enrollments.get().state == "registered"
    assert "Give my seat back" in own.get(reverse("learning_plans:course", args=[session.course_id])).content.decode()
    own.post(reverse("learning_plans:withdraw", args=[session.pk]))
    assert session.enrollments.get().state == "withdrawn"


def test_a_login_without_staff_record_has_no_plan(client):
    client.force_login(user_with_role(Role.TEACHER))
    assert client.get(reverse("learning_plans:my_plan")).status_code == 404
