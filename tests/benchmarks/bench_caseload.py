"""The caseload of a coach with two hundred teachers."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from django.test import Client

from learning_plans.models import Completion, PlanItem, Visit
from teachers.models import Teacher, User
from tests.benchmarks.conftest import Reach
from tests.benchmarks.measuring import cpu, ratio, seconds
from tests.factories import (
    CompletionFactory,
    PairingFactory,
    PlanFactory,
    PlanItemFactory,
    SchoolFactory,
    SchoolYearFactory,
    VisitFactory,
    employed,
    user_with_role,
)

pytestmark = pytest.mark.django_db
TEACHERS = 200


@pytest.fixture
def coach() -> User:
    school, year, coach = SchoolFactory(), SchoolYearFactory(), user_with_role("coach")
    for number in range(TEACHERS):
        teacher = employed(school)
        PairingFactory(coach=coach, teacher=teacher)
        item = PlanItemFactory(
            plan=PlanFactory(teacher=teacher, school_year=year), due_on=coach.today - timedelta(days=number % 60 - 30)
        )
        if number % 3 == 0:
            CompletionFactory(teacher=teacher, course=item.course)
        for visit in range(3):
            VisitFactory(
                teacher=teacher, coach=coach, next_step="Go on",
                visited_on=coach.today - timedelta(days=7 * visit + number % 20),
            )  # fmt: skip
    return coach


def one_by_one(coach: User) -> list[tuple[object, ...]]:
    """What the list says, asked for teacher by teacher."""
    found = []
    for teacher in Teacher.objects.filter(pairings__coach=coach):
        items = PlanItem.objects.filter(plan__teacher=teacher)
        visit = Visit.objects.filter(teacher=teacher, coach=coach).first()
        minutes = sum(row.minutes for row in Completion.objects.counted().filter(teacher=teacher))
        post = teacher.assignments.select_related("school").get()
        counts = [
            items.overdue(on=coach.today).count(),
            items.due_soon(on=coach.today).count(),
            items.with_facts().filter(is_done=True).count(),
        ]
        found.append((teacher, post.school, post.subject, teacher.plans.get().state, *counts, minutes, visit))
    return found


def test_a_caseload_of_two_hundred(coach: User, reach_bar: Reach) -> None:
    client = Client()
    client.force_login(coach)
    page = partial(client.get, "/caseload/?ordering=last_contact")
    assert page().context["page"].paginator.count == len(one_by_one(coach)) == TEACHERS
    reach_bar("caseload of 200 teachers, CPU of one page", lambda: seconds(page, cpu), allowed=0.25, unit="s")
    reach_bar(
        "caseload, CPU against asking teacher by teacher", lambda: ratio(page, partial(one_by_one, coach)), allowed=0.5
    )
