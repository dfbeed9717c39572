"""Who moved last year, and which school-years look incomplete."""

from __future__ import annotations

from datetime import date

import pytest

from pd_tracker.reports.facts.ages import ages
from pd_tracker.reports.facts.person_years import person_years
from pd_tracker.reports.pd_retention.people import alike, complete, eligible, moved_last_year
from tests.factories import AssignmentFactory, employed
from tests.pd_tracker.reports.conftest import OPERATOR, SINCE, roster, trained

pytestmark = pytest.mark.django_db


def test_a_move_counts_in_the_year_after_it(hill, lake):
    roster(hill.district)
    mover = employed(lake, since=SINCE)
    mover.assignments.update(ended_on=date(2022, 6, 30))
    AssignmentFactory(teacher=mover, school=hill, started_on=date(2022, 8, 15))
    rows = person_years(OPERATOR).rows
    assert dict(zip(rows.year.tolist(), moved_last_year(rows).tolist(), strict=True)) == {
        2020: -1,  # no year before
        2021: 0,
        2022: 1,
        2023: 0,
        2024: 0,
    }


def test_nobody_moves_where_nobody_is(hill):
    assert len(moved_last_year(person_years(OPERATOR).rows)) == 0


def test_age_is_that_of_the_calendar_year_of_the_census(hill):
    roster(hill.district)
    employed(hill, since=date(2023, 8, 15), birth_year=1963)
    employed(hill, since=date(2024, 8, 15), birth_year=None)
    facts = person_years(OPERATOR)
    assert sorted(zip(facts.rows.year.tolist(), ages(facts).tolist(), strict=True)) == [
        (2023, 60),
        (2024, -1),
        (2024, 61),
    ]
    factor = {made.name: made for made in alike(facts, moved_last_year(facts.rows)).everybody}["Age"]
    assert factor.levels == ("below 55", "55-59", "60 or older")
    assert sorted(factor.codes.tolist()) == [-1, 2, 2]


def _eligible(facts):
    return eligible(facts, facts.rows.minutes_before)


@pytest.mark.parametrize(("without", "flagged"), [(1, 0), (2, 1)])
def test_a_school_year_is_incomplete_when_more_than_a_fifth_have_no_hours(hill, lake, without, flagged):
    roster(hill.district)
    for place in range(5):
        teacher = employed(hill, since=date(2022, 8, 15))
        if place >= without:
            trained(teacher, 10, date(2023, 3, 1))
    trained(employed(lake, since=date(2022, 8, 15)), 10, date(2023, 3, 1))
    left, found = complete(_eligible(person_years(OPERATOR)))
    assert (found.flagged, found.school_years, found.people) == (flagged, 2, 5 * flagged)
    assert len(left) == 6 - 5 * flagged
