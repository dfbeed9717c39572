"""Training comes from the sums that are kept; where a school year got other days since then, from the completions."""

from __future__ import annotations

from datetime import date

import pytest

from learning_plans.models import TrainingYear
from learning_plans.sums import move_days
from pd_tracker.reports.facts.person_years import person_years
from teachers.models import SchoolYear
from tests.pd_tracker.reports.conftest import OPERATOR, SINCE, employed, roster, trained

pytestmark = pytest.mark.django_db
IN_SUMMER, IN_AUTUMN = date(2023, 7, 10), date(2023, 9, 10)


@pytest.fixture
def teacher(district, hill):
    roster(district)
    teacher = employed(hill, since=SINCE)
    for hours, day in ((2, IN_SUMMER), (3, IN_AUTUMN)):
        trained(teacher, hours, day)
    return teacher


def hours_of_2023():
    rows = person_years(OPERATOR).rows
    return (rows.minutes[rows.year == 2023] / 60).tolist()


def test_the_sums_that_are_kept_are_read(teacher):
    assert hours_of_2023() == [5]
    TrainingYear.objects.update(minutes=60)
    assert hours_of_2023() == [sum(TrainingYear.objects.values_list("minutes", flat=True)) / 60]


def test_a_school_year_with_other_days_never_shows_its_old_sums(teacher, district):
    SchoolYear.objects.filter(label="2023-24").update(starts_on=date(2023, 8, 1))
    assert hours_of_2023() == [3]
    TrainingYear.objects.update(minutes=60)
    assert hours_of_2023() == [3]
    move_days(district)
    assert hours_of_2023() == [3]


def test_a_day_that_two_school_years_claim_counts_in_the_newer(teacher, district):
    SchoolYear.objects.filter(label="2022-23").update(ends_on=date(2023, 7, 31))
    assert hours_of_2023() == [5]
