"""A teacher's results and training, year by year."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from pd_tracker.access import Capability, Role
from pd_tracker.reports.facts.classroom_years import (
    classroom_years,
    completed_courses,
    courses_taken,
    first_year_of_course,
    first_year_of_hours,
    scaled,
    teacher_years,
)
from pd_tracker.reports.facts.classrooms import classrooms
from pd_tracker.reports.facts.person_years import person_years
from teachers.models import Kpi, KpiValue, School
from tests.factories import CourseFactory, SchoolYearFactory, user_with_role
from tests.pd_tracker.reports.classes import measure, staff
from tests.pd_tracker.reports.conftest import OPERATOR, TODAY, take_training

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(district):
    return staff(district, schools=2, each=2)[0]


def results(reader, *, everywhere=True):
    facts = person_years(reader, capability=Capability.REPORTS_KPI)
    found = classrooms(reader, "growth")
    made = teacher_years(reader, facts, found, scaled(found, "growth"), everywhere=everywhere)
    return dict(zip(zip(made.teacher.tolist(), made.year.tolist(), strict=True), made.value.tolist(), strict=True))


def test_a_result_is_the_mean_over_sections_by_students_and_tiny_classes_say_nothing(district, people):
    year, growth = district.school_years.get(label="2023-24"), Kpi.objects.get(code="growth")
    for section, value, n in (("A", 50, 10), ("B", 56, 20), ("C", 90, 4)):
        measure(people[:1], [value], growth, year, section=section, n=n)
    measure(people[1:2], [44], growth, year, n=None)
    measure(people[2:3], [44], growth, year, n=4)
    assert results(OPERATOR) == {(people[0].pk, 2023): 54, (people[1].pk, 2023): 44}


def test_years_without_a_snapshot_count_for_the_whole_district_only(district, people):
    year = SchoolYearFactory(district=district, start=2015)
    measure(people, [1, 2, 3, 4], Kpi.objects.get(code="growth"), year)
    assert len(results(OPERATOR)) == 4
    assert results(OPERATOR, everywhere=False) == {}
    principal = user_with_role(Role.PRINCIPAL, School.objects.first())
    principal.today = TODAY
    assert results(principal) == {}


def test_a_classroom_weighs_by_the_spread_of_its_students_where_that_is_known(district, people):
    growth = Kpi.objects.get(code="growth")
    for label, values in (("2022-23", (40, 50, 60, 70)), ("2023-24", (42, 49, 63, 66))):
        for person, value, n in zip(people, values, (4, 10, 20, 60), strict=True):
            measure([person], [value], growth, district.school_years.get(label=label), n=n)
    facts = person_years(OPERATOR, capability=Capability.REPORTS_KPI)

    def sample():
        made = classroom_years(facts, classrooms(OPERATOR, "growth"), "growth")
        newest = made.year == 2023
        return made, made.weight[newest]

    made, weight = sample()
    assert not made.weighed_by_spread
    assert weight.tolist() == [0, 10, 20, 60]
    KpiValue.objects.update(sd=8)
    made, weight = sample()
    assert made.weighed_by_spread
    assert weight[0] == 0
    assert 1 < weight[3] / weight[1] < 6
    KpiValue.objects.update(n=None)
    assert classroom_years(facts, classrooms(OPERATOR, "growth"), "growth").weight is None


def test_training_of_a_calendar_year_counts_for_the_school_year_that_begins_in_it(district, people):
    course = CourseFactory(district=district, code="C1")
    take_training(people[:1], course, 8, date(2022, 3, 1))
    take_training(people[:1], course, 8, date(2022, 10, 1))
    take_training(people[:1], course, 30, date(2023, 10, 1))
    take_training(people[1:2], course, 8, date(2022, 10, 1))
    take_training(people[1:2], course, 8, date(2023, 3, 1))
    assert first_year_of_course(OPERATOR, "C1") == {people[0].pk: 2022, people[1].pk: 2022}
    assert first_year_of_hours(OPERATOR, 15) == {people[0].pk: 2022}


def test_pending_and_voided_completions_are_no_training(district, people):
    course = CourseFactory(district=district, code="C1")
    take_training(people, course, 20, date(2022, 10, 1))
    course.completions.filter(teacher=people[0]).update(state="pending")
    course.completions.filter(teacher=people[1]).update(state="voided", void_reason="Wrong person")
    assert set(first_year_of_course(OPERATOR, "C1")) == {people[2].pk, people[3].pk}
    assert set(first_year_of_hours(OPERATOR, 15)) == {people[2].pk, people[3].pk}
    assert [(found.code, found.takers) for found in completed_courses(OPERATOR)] == [("C1", 2)]


def test_courses_are_taken_in_the_school_year_that_holds_their_day(district, people):
    course = CourseFactory(district=district)
    take_training(people[:2], course, 2, date(2022, 7, 1))
    take_training(people[:2], course, 2, date(2023, 6, 30))
    take_training(people[:2], course, 2, date(2023, 7, 1))
    only = {people[0].pk}
    assert courses_taken(OPERATOR, only, {2022}) == [(people[0].pk, 2022, course.pk)]
    assert sorted(courses_taken(OPERATOR, only, {2022, 2023})) == [
        (people[0].pk, 2022, course.pk),
        (people[0].pk, 2023, course.pk),
    ]
    assert courses_taken(OPERATOR, set(), {2022}) == []


def test_a_scale_needs_thirty_classrooms(district, people):
    year, growth = district.school_years.get(label="2023-24"), Kpi.objects.get(code="growth")
    measure(people, [40, 50, 60, 70], growth, year)
    few = classrooms(OPERATOR, "growth")
    assert not scaled(few, "growth").standardised
    for section in range(8):
        measure(people, [40, 50, 60, 70], growth, year, section=str(section))
    many = classrooms(OPERATOR, "growth")
    found = scaled(many, "growth")
    assert found.standardised
    assert (found.value.mean(), found.value.std(ddof=1)) == pytest.approx((0, 1))
    assert found.in_student_sds is None
    KpiValue.objects.update(sd=20)
    share = scaled(classrooms(OPERATOR, "growth"), "growth").in_student_sds
    assert share == pytest.approx(many.value.std(ddof=1) / 20)
    assert not scaled(many, "attendance").standardised
    assert np.array_equal(scaled(many, "growth", raw=True).value, many.value)
