"""Small districts whose numbers can be counted by hand."""

from __future__ import annotations

from datetime import date

import pytest

from learning_plans.models import Completion
from learning_plans.sums import sum_up
from pd_tracker.access import Operator
from teachers.models import Assignment, Employment, RosterExtract, Teacher
from tests.factories import (
    CompletionFactory,
    CourseFactory,
    DistrictFactory,
    SchoolFactory,
    SchoolYearFactory,
    employed,
)

TODAY = date(2026, 11, 1)
OPERATOR = Operator(today=TODAY)
SINCE = date(2020, 8, 15)
LEFT_2023 = date(2023, 6, 30)
LEFT_2024 = date(2024, 6, 30)


def roster(district, as_of=date(2024, 11, 15)):
    return RosterExtract.objects.create(district=district, as_of=as_of, is_full=True)


def trained(teacher, hours, completed_on, **more):
    course = CourseFactory(district=teacher.district)
    return CompletionFactory(
        teacher=teacher, course=course, minutes=round(60 * hours), completed_on=completed_on, **more
    )


@pytest.fixture
def district():
    district = DistrictFactory()
    for start in range(2020, 2025):
        SchoolYearFactory(district=district, start=start)
    return district


@pytest.fixture
def hill(district):
    return SchoolFactory(district=district, school_id="0100", name="Hill", level="elementary")


@pytest.fixture
def lake(district):
    return SchoolFactory(district=district, school_id="0200", name="Lake", level="high")


@pytest.fixture
def staffed(district, hill, lake):
    """Hill: 3 stay and 1 leaves after 2023-24; Lake: 2 stay. One of Hill left the year before."""
    roster(district)
    people = {"hill": [employed(hill, since=SINCE) for _ in range(3)], "lake": [employed(lake, since=SINCE)]}
    people["lake"].append(employed(lake, since=date(2023, 8, 15)))
    people["left"] = employed(hill, since=SINCE, until=LEFT_2024)
    people["left_before"] = employed(hill, since=SINCE, until=LEFT_2023)
    return people


def hired(district, count, *, since, until=None, school, prefix):
    """Many teachers with the same days, in three statements."""
    people = Teacher.objects.bulk_create(
        Teacher(district=district, staff_id=f"{prefix}-{number}", given_name="A", family_name="B")
        for number in range(count)
    )
    days = {"started_on": since, "ended_on": until}
    Employment.objects.bulk_create(Employment(teacher=person, **days) for person in people)
    Assignment.objects.bulk_create(Assignment(teacher=person, school=school, **days) for person in people)
    return people


def take_training(people, course, hours, completed_on):
    Completion.objects.bulk_create(
        Completion(teacher=person, course=course, minutes=round(60 * hours), completed_on=completed_on)
        for person in people
    )
    sum_up((person.pk, completed_on) for person in people)
