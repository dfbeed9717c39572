"""What could help with a need, found among all courses of a large catalog."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from learning_plans.models import Completion, Course, CourseOpinion, Enrollment, Need, Session
from learning_plans.querysets.candidates import recommended
from learning_plans.rules.recommending import CourseFacts, Opinions, PartName, Ranked, nearness, ranked
from learning_plans.views.recommendations import Recommendations
from teachers.models import User
from tests.benchmarks.conftest import Reach
from tests.benchmarks.measuring import cpu, ratio, seconds
from tests.factories import CompetencyFactory, SchoolYearFactory, TeacherFactory, teacher_with_sign_in

pytestmark = pytest.mark.django_db
COURSES, SESSIONS, COLLEAGUES = 2_000, 1_000, 30
MOST_MS = 150
NOW = timezone.now()


@pytest.fixture
def need() -> Need:
    """Every course fits; half of them have a session with some seats taken, and a tenth have opinions."""
    SchoolYearFactory()
    teacher = teacher_with_sign_in()
    competency = CompetencyFactory()
    made: dict[str, Any] = {"district": teacher.district, "minutes": 120, "category": "Science", "cost": 40}
    courses = Course.objects.bulk_create(
        Course(code=f"C-{number}", title=f"Course {number}", evidence_tier="promising", **made)
        for number in range(COURSES)
    )
    links = Course.competencies.through
    links._default_manager.bulk_create(links(course=course, competency=competency) for course in courses)
    starts = [NOW + timedelta(days=1 + number % 90) for number in range(SESSIONS)]
    sessions = Session.objects.bulk_create(
        Session(course=course, starts_at=start, ends_at=start + timedelta(hours=2), time_zone="UTC", capacity=20)
        for course, start in zip(courses, starts, strict=False)
    )
    colleagues = TeacherFactory.create_batch(COLLEAGUES, district=teacher.district)
    Enrollment.objects.bulk_create(
        Enrollment(teacher=colleague, session=session) for session in sessions for colleague in colleagues[:3]
    )
    completions = Completion.objects.bulk_create(
        Completion(teacher=colleague, course=course, completed_on=NOW.date(), minutes=120)
        for course in courses[:200]
        for colleague in colleagues
    )
    CourseOpinion.objects.bulk_create(
        CourseOpinion(completion=completion, stars=1 + number % 5, given_at=NOW)
        for number, completion in enumerate(completions)
    )
    return Need.objects.create(teacher=teacher, competency=competency)


def page(need: Need) -> str:
    request = RequestFactory().get(f"/my-growth/{need.pk}/help/")
    request.user = User.objects.get(pk=need.teacher.user_id)  # as each request finds it
    request.session = {}  # type: ignore[assignment]
    response: Any = Recommendations.as_view()(request, pk=need.pk)
    return str(response.render().text)


def course_by_course(need: Need) -> list[Ranked]:
    """The usual way: every course asked for its ties, sessions and opinions in turn."""
    near = nearness(need.competency_id, {need.competency_id: None})
    found = []
    for course in Course.objects.filter(competencies=need.competency):
        ties = [near[row.pk] for row in course.competencies.all() if row.pk in near]
        for session in course.sessions.filter(starts_at__gte=NOW):
            session.enrollments.filter(state="registered").count()
        stars = list(CourseOpinion.objects.filter(completion__course=course).values_list("stars", flat=True))
        known = Opinions(len(stars), sum(stars) / len(stars), 3.0) if stars else None
        found.append(CourseFacts(key=course.pk, title=course.title, fit=max(ties), tier="promising", opinions=known))
    return ranked(found, dict.fromkeys(PartName, 1.0))


def ours(need: Need) -> list[Ranked]:
    user = need.teacher.user
    assert user is not None
    return recommended(user, need, on=user.today, after=NOW)


def test_the_page_is_quick_over_a_large_catalog(need: Need, reach_bar: Reach) -> None:
    assert len(ours(need)) == len(course_by_course(need)) == COURSES
    assert page(need).count("% match") == 10
    with CaptureQueriesContext(connection) as asked:
        page(need)
    assert len(asked) <= 22

    def measure() -> float:
        return min(seconds(partial(page, need), cpu) for _ in range(3)) * 1000

    reach_bar("recommendations of 2,000 courses, CPU of the page", measure, allowed=MOST_MS, unit=" ms")
    reach_bar(
        "recommendations of 2,000 courses, CPU against course by course",
        lambda: ratio(partial(ours, need), partial(course_by_course, need), rounds=1),
        allowed=0.2,
    )
