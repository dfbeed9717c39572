"""Training of the year before and leaving: counted by hand, planted, and not fooled by staying longer."""

from __future__ import annotations

import random
from datetime import date

import pytest

from pd_tracker.reports.catalogue import run
from pd_tracker.reports.estimators.rates import wilson_rate
from tests.factories import CourseFactory, SchoolFactory
from tests.pd_tracker.reports.conftest import (
    LEFT_2024,
    OPERATOR,
    SINCE,
    TODAY,
    hired,
    roster,
    take_training,
    trained,
)

pytestmark = pytest.mark.django_db


def pd_retention(**given):
    return run("pd_retention", OPERATOR, on=TODAY, given=given)


def rows(result):
    return {row["band"]: row for row in result.table("pd_retention").as_dicts()}


def test_bands_hold_hours_of_the_year_before_the_census(staffed):
    stayer, other, edge = staffed["hill"]
    trained(staffed["left"], 20, date(2023, 6, 30))  # the last day that counts for October 2023
    trained(staffed["left"], 500, date(2023, 7, 1))  # after it
    trained(stayer, 14.99, date(2022, 7, 1))
    trained(other, 15, date(2023, 2, 1))
    trained(edge, 50, date(2023, 2, 1))
    found = rows(pd_retention(year="2023-24"))
    assert {band: (row["n"], row["left"]) for band, row in found.items()} == {
        "0": (1, 0),  # Lake's first-year teacher has no year before and is not here
        "1-14": (1, 0),
        "15-29": (2, 1),
        "30-49": (0, 0),
        "50+": (1, 0),
    }
    expected = wilson_rate(1, 2)
    assert (found["15-29"]["rate"], found["15-29"]["low"], found["15-29"]["high"]) == (
        expected.value,
        expected.low,
        expected.high,
    )
    assert found["30-49"]["rate"] is None


def test_too_little_data_gives_counts_and_a_sentence_and_no_estimate(staffed):
    result = pd_retention()
    assert result.estimates == ()
    assert result.table("adjusted") is None
    assert result.answer.startswith(
        "Not enough data to compare: 17 eligible person-years, of which 2 ended in leaving."
    )


def test_two_years_before_asks_for_membership_in_both(staffed):
    trained(staffed["hill"][0], 20, date(2022, 2, 1))
    found = rows(pd_retention(lag="2", year="2023-24"))
    assert {band: row["n"] for band, row in found.items()} == {"0": 4, "1-14": 0, "15-29": 1, "30-49": 0, "50+": 0}


@pytest.fixture
def planted(district):
    """Ten schools, each 20 teachers with 10 hours (4 or 6 leave) and 20 with 60 (1 or 3 leave): 15 points fewer."""
    roster(district)
    course = CourseFactory(district=district)
    for number in range(10):
        school = SchoolFactory(district=district)
        for hours, leave in ((10, 4 + number % 2 * 2), (60, 1 + number // 2 % 2 * 2 if number < 8 else 2)):
            label = f"{number}-{hours}"
            gone = hired(district, leave, since=SINCE, until=LEFT_2024, school=school, prefix=f"g{label}")
            stay = hired(district, 20 - leave, since=SINCE, school=school, prefix=f"s{label}")
            take_training(gone + stay, course, hours, date(2023, 3, 1))


def test_planted_difference_is_found_in_points_with_its_sentence(planted):
    result = pd_retention(year="2023-24")
    (difference,) = [made for made in result.estimates if made.value is not None]
    assert difference.key == "difference_50+"
    assert difference.value == pytest.approx(-15)
    assert (difference.n, difference.clusters) == (400, 10)
    assert result.answer.startswith(
        "Teachers with 50+ hours left 15.0 points less often than similar teachers with 1-14"
    )
    assert "As counted, 10.0% left, against 25.0%." in result.answer


def test_school_years_with_many_zeros_are_flagged_with_their_count(planted, district):
    school = SchoolFactory(district=district)
    hired(district, 5, since=SINCE, school=school, prefix="zero")
    warning = pd_retention(year="2023-24").warnings[-1]
    assert warning.startswith("In 1 of 11 school-years more than 20% of the teachers have no hours")
    assert "(5 person-years)" in warning


def test_a_difference_that_chance_can_make_says_so(district):
    roster(district)
    course = CourseFactory(district=district)
    for number in range(10):
        school = SchoolFactory(district=district)
        for hours, leave in ((10, 1 + number % 4), (60, 1 + (number + 1) % 4)):
            label = f"{number}-{hours}"
            gone = hired(district, leave, since=SINCE, until=LEFT_2024, school=school, prefix=f"g{label}")
            stay = hired(district, 12 - leave, since=SINCE, school=school, prefix=f"s{label}")
            take_training(gone + stay, course, hours, date(2023, 3, 1))
    result = pd_retention(year="2023-24")
    assert "This is an association, and the interval includes no difference at all." in result.caveats
    assert any(text.startswith("Differences smaller than") for text in result.caveats)


def test_staying_longer_alone_makes_no_association(district):
    """Everybody takes 5 or 20 hours a year by lot and leaves by lot: career totals would show stayers with far more."""
    lot = random.Random(7)
    roster(district)
    course = CourseFactory(district=district)
    schools = [SchoolFactory(district=district) for _ in range(6)]
    taken = {(year, hours): [] for year in range(2021, 2025) for hours in (5, 20)}
    for number, last_year in enumerate((2021, 2022, 2023, 2024, None)):
        until = date(last_year, 6, 30) if last_year else None
        for place, school in enumerate(schools):
            people = hired(district, 40, since=SINCE, until=until, school=school, prefix=f"{number}-{place}")
            for person in people:
                for year in range(2021, (last_year or 2024) + 1):
                    taken[year, lot.choice((5, 20))].append(person)
    for (year, hours), people in taken.items():
        take_training(people, course, hours, date(year, 3, 1))
    difference = next(made for made in pd_retention().estimates if made.key == "difference_15-29")
    assert difference.low < 0 < difference.high
    assert abs(difference.value) < 4
