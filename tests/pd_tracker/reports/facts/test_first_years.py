"""Hours of new teachers from their hire to December 31, for those who were still employed on that day."""

from __future__ import annotations

from datetime import date

import pytest

from pd_tracker.reports.facts.first_years import first_year_minutes
from pd_tracker.reports.facts.person_years import person_years
from teachers.models import Employment
from tests.factories import AssignmentFactory, EmploymentFactory, employed
from tests.pd_tracker.reports.conftest import OPERATOR, roster, trained

pytestmark = pytest.mark.django_db
HIRED = date(2023, 8, 15)


def minutes(teacher):
    """By year, -1 where the year is no first one."""
    facts = person_years(OPERATOR)
    found = first_year_minutes(OPERATOR, facts)
    mine = facts.teacher_ids[facts.rows.teacher] == teacher.pk
    return dict(zip(facts.rows.year[mine].tolist(), found[mine].tolist(), strict=True))


@pytest.fixture
def new(hill):
    roster(hill.district)
    return employed(hill, since=HIRED)


def test_hours_count_from_the_hire_to_the_last_day_of_december(new):
    trained(new, 1, date(2023, 8, 14))
    trained(new, 2, HIRED)
    trained(new, 4, date(2023, 12, 31))
    trained(new, 8, date(2024, 1, 1))
    assert minutes(new) == {2023: 360, 2024: -1}


def test_nobody_counts_who_was_gone_by_then(new):
    Employment.objects.update(ended_on=date(2023, 12, 30))
    assert minutes(new) == {2023: -1}
    Employment.objects.update(ended_on=date(2023, 12, 31))
    assert minutes(new) == {2023: 0}


def test_a_break_between_contracts_divides_no_hours(hill):
    roster(hill.district)
    teacher = employed(hill, since=date(2023, 2, 1), until=date(2023, 6, 30))
    EmploymentFactory(teacher=teacher, started_on=HIRED)
    AssignmentFactory(teacher=teacher, school=hill, started_on=HIRED)
    trained(teacher, 1, date(2023, 3, 1))
    trained(teacher, 2, date(2023, 9, 1))
    assert minutes(teacher) == {2023: 180, 2024: -1}


def test_people_of_the_time_before_the_records_are_not_new(hill):
    roster(hill.district)
    veteran = employed(hill, since=date(2010, 8, 15))
    veteran.assignments.update(started_on=date(2022, 8, 15))
    assert set(minutes(veteran).values()) == {-1}
