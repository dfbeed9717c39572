"""Which courses could serve a need, and what is known of each."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from learning_plans.models import Competency, CourseEstimate, CourseOpinion, KpiCompetency, Need
from learning_plans.querysets.candidates import recommended
from learning_plans.rules.recommending import Opinions, Ranked, Travel
from teachers.models import Teacher
from tests.factories import (
    CompetencyFactory,
    CompletionFactory,
    CourseFactory,
    DistrictFactory,
    EnrollmentFactory,
    KpiFactory,
    PlanFactory,
    PlanItemFactory,
    SchoolYearFactory,
    SessionFactory,
    employed,
    teacher_with_sign_in,
)

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def teacher() -> Teacher:
    SchoolYearFactory()
    return teacher_with_sign_in()


@pytest.fixture
def competency() -> Competency:
    return CompetencyFactory()


@pytest.fixture
def need(teacher, competency) -> Need:
    return Need.objects.create(teacher=teacher, competency=competency)


def about(*competencies: Competency, **fields: Any) -> Any:
    course = CourseFactory(**fields)
    course.competencies.set(competencies)
    return course


def found(need: Need) -> dict[str, Ranked]:
    user = need.teacher.user
    assert user is not None
    return {one.course.title: one for one in recommended(user, need, on=user.today, after=NOW)}


def test_a_course_fits_by_its_strongest_tie(need, competency):
    wider = CompetencyFactory(framework=competency.framework)
    competency.parent = wider
    competency.save()
    about(competency, wider, title="About")
    about(wider, title="Wider")
    touching = about(title="Touches")
    touching.also_touches.add(competency)
    about(CompetencyFactory(), title="Another matter")
    fits = {title: (one.course.fit, one.course.is_essential, one.course.is_exact) for title, one in found(need).items()}
    assert fits == {"About": (1.0, True, True), "Wider": (0.5, True, False), "Touches": (0.5, False, True)}


def test_what_is_done_planned_retired_or_elsewhere_is_left_out(need, competency, teacher):
    plan = PlanFactory(teacher=teacher)
    CompletionFactory(teacher=teacher, course=about(competency, title="Done"))
    CompletionFactory(teacher=teacher, course=about(competency, title="Waiting"), state="pending")
    PlanItemFactory(plan=plan, course=about(competency, title="Planned"))
    about(competency, title="Retired", state="retired")
    about(competency, title="Abroad", district=DistrictFactory(name="Birch Hills"))
    voided = about(competency, title="Voided")
    CompletionFactory(teacher=teacher, course=voided, state="voided", void_reason="Wrong person")
    PlanItemFactory(plan=plan, course=about(competency, title="Taken out"), withdrawn_at=NOW)
    long_ago = about(competency, title="Long ago")
    CompletionFactory(teacher=teacher, course=long_ago, completed_on=date(2016, 3, 1))
    CompletionFactory(course=about(competency, title="Done by somebody else"))
    assert set(found(need)) == {"Voided", "Taken out", "Long ago", "Done by somebody else"}


def test_sessions_with_their_seats_and_the_way_there(need, competency, teacher):
    course = about(competency, title="Course")
    school = teacher.assignments.get().school
    for number, (location, capacity) in enumerate([(f"{school.name}, library", 2), ("https://meet.example", None)]):
        start = NOW + timedelta(days=10 + number)
        session = SessionFactory(
            course=course, starts_at=start, ends_at=start + timedelta(hours=1), location=location, capacity=capacity
        )
        EnrollmentFactory(teacher=employed(), session=session)
    past = NOW - timedelta(days=1)
    SessionFactory(course=course, starts_at=past, ends_at=past + timedelta(hours=1))
    later = NOW + timedelta(days=3)
    SessionFactory(course=course, starts_at=later, ends_at=later + timedelta(hours=1), is_canceled=True)
    SessionFactory(
        course=course, starts_at=later, ends_at=later + timedelta(hours=1), capacity=1, seat_policy="lottery",
        draw_on=timezone.localdate(), seed_source="State lottery",
    )  # fmt: skip
    openings = sorted(found(need)["Course"].course.openings, key=lambda one: one.starts_on)
    assert [(one.seats_left, one.travel) for one in openings] == [(1, Travel.OWN_SCHOOL), (None, Travel.ONLINE)]


def test_own_results_of_the_competency_come_first(need, competency):
    course = about(competency, title="Course")
    made: dict[str, Any] = {"course": course, "unit": "points", "is_better": True, "low": 0.1, "high": 0.5}
    growth, mean = KpiFactory(code="growth"), KpiFactory(code="assessment_mean")
    CourseEstimate.objects.create(kpi=growth, value=0.3, teachers=90, made_on=date(2026, 9, 1), **made)
    CourseEstimate.objects.create(kpi=mean, value=0.2, teachers=40, made_on=date(2026, 9, 1), **made)
    local = found(need)["Course"].course.local
    assert local is not None
    assert local.teachers == 90
    KpiCompetency.objects.create(kpi=mean, competency=competency)
    local = found(need)["Course"].course.local
    assert local is not None
    assert (local.teachers, local.kpi) == (40, mean.name)


def test_opinions_count_people_and_stay_hidden_below_five(need, competency):
    well, badly = about(competency, title="Well known"), about(competency, title="Hardly known")
    for _ in range(5):
        CourseOpinion.objects.create(completion=CompletionFactory(course=well), stars=5, given_at=NOW)
    again = employed()
    for days in range(5):
        completion = CompletionFactory(
            course=badly, teacher=again, completed_on=timezone.localdate() - timedelta(days=days)
        )
        CourseOpinion.objects.create(completion=completion, stars=1, given_at=NOW)
    courses = found(need)
    assert courses["Well known"].course.opinions == Opinions(5, 5.0, 3.0)
    assert courses["Hardly known"].course.opinions is None


def test_more_courses_ask_no_more(need, competency, django_assert_max_num_queries, django_assert_num_queries):
    def fill(count: int) -> None:
        for _ in range(count):
            start = NOW + timedelta(days=5)
            SessionFactory(course=about(competency), starts_at=start, ends_at=start + timedelta(hours=1))

    fill(1)
    found(need)  # the reader's roles are known from here on
    with django_assert_max_num_queries(14) as asked:
        found(need)
    fill(20)
    with django_assert_num_queries(len(asked)):
        found(need)
