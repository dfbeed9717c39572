"""Who gets training: sums counted by hand, and a planted difference against an independent library."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime

import numpy as np
import pytest
import statsmodels.api as sm

from learning_plans.models import Enrollment
from pd_tracker.access import Role
from pd_tracker.reports.catalogue import run
from tests.factories import (
    CompletionFactory,
    CourseFactory,
    SchoolFactory,
    SchoolYearProfileFactory,
    SessionFactory,
    user_with_role,
)
from tests.pd_tracker.reports.conftest import OPERATOR, SINCE, TODAY, hired, roster, take_training

pytestmark = pytest.mark.django_db
IN_2023 = date(2024, 3, 1)


def equity_access(reader=OPERATOR, on=TODAY, **given):
    return run("equity_access", reader, on=on, given=given)


def rows(result):
    return {(row["by"], row["group"]): row for row in result.table("equity_access").as_dicts()}


def profile(school, **fields):
    year = school.district.school_years.get(label="2023-24")
    SchoolYearProfileFactory(school=school, school_year=year, **fields)


@pytest.fixture
def small(staffed, hill, lake):
    """Hill is Title I: three of four took a course for $40; one Lake teacher a free one, and one waits for a seat."""
    profile(hill, title_i=True, frpm_percent=75)
    profile(lake, title_i=False, frpm_percent=None)
    priced, free = CourseFactory(cost=40), CourseFactory(cost=None)
    for teacher in staffed["hill"]:
        CompletionFactory(teacher=teacher, course=priced, minutes=240, completed_on=IN_2023)
    CompletionFactory(teacher=staffed["lake"][0], course=free, minutes=120, completed_on=IN_2023)
    start = datetime(2024, 2, 1, 16, tzinfo=UTC)
    session = SessionFactory(course=priced, starts_at=start, ends_at=start.replace(hour=18))
    states = ["registered", "waitlisted", "withdrawn"]
    Enrollment.objects.bulk_create(
        Enrollment(teacher=teacher, session=session, state=state)
        for teacher, state in zip([*staffed["hill"][:1], *staffed["lake"]], states, strict=True)
    )
    return staffed


def test_hours_cost_completion_and_waiting_as_counted_by_hand(small):
    found = rows(equity_access(year="2023-24"))
    hill, lake = found["Title I", "Title I"], found["Title I", "Not Title I"]
    assert (hill["n"], hill["hours_per_fte"], hill["rate"]) == (4, 3.0, 0.75)
    assert (hill["cost_per_fte"], hill["priced"], hill["waiting"]) == (30.0, 1.0, 0.0)
    assert (lake["n"], lake["hours_per_fte"], lake["rate"]) == (2, 1.0, 0.5)
    assert (lake["cost_per_fte"], lake["priced"], lake["waiting"]) == (None, 0.0, 1.0)
    assert found["Free or reduced-price meals", "above 50 to 75%"] == hill | {
        "by": "Free or reduced-price meals",
        "group": "above 50 to 75%",
    }
    assert ("Free or reduced-price meals", "Not recorded") in found
    assert ("Subject", "Mathematics") in found
    assert ("School level", "High") in found


def test_few_schools_are_shown_and_not_compared(small):
    result = equity_access(year="2023-24")
    assert result.estimates == result.charts == ()
    assert all(row["difference"] is None for row in rows(result).values())
    assert "There are fewer than 5 schools here, so groups are shown but not compared." in result.warnings
    assert any("25% of the completions are of courses without a price" in words for words in result.warnings)
    assert result.answer == (
        "In 2023-24, 6 teachers had 2.3 hours of training per FTE. No groups are large enough, in enough schools, to "
        "be compared. Differences describe access, not need."
    )


def test_the_newest_year_that_is_over_is_shown_first(small):
    assert equity_access(on=date(2025, 3, 1)).answer.startswith("In 2023-24")
    assert equity_access(on=date(2025, 7, 1)).answer.startswith("In 2024-25")
    running = equity_access(on=date(2025, 3, 1), year="2024-25")
    assert running.warnings[0] == "2024-25 is still running; its hours are those recorded so far."


def test_one_grouping_alone(small):
    assert {by for by, _group in rows(equity_access(group_by="title1"))} == {"Title I"}


def test_principal_sees_their_own_school_only(small, hill):
    found = rows(equity_access(user_with_role(Role.PRINCIPAL, hill), year="2023-24"))
    assert found["School level", "Elementary"]["n"] == 4
    assert ("School level", "High") not in found


@pytest.fixture
def planted(district):
    """240 teachers; 3 hours fewer where need is great; those schools have more beginners, who train 5 hours more."""
    lot = random.Random(5)
    roster(district)
    course = CourseFactory(district=district)
    made = []
    for number in range(12):
        needy = number % 2 == 0
        school = SchoolFactory(district=district, level="elementary" if number < 6 else "high")
        profile(school, title_i=needy, frpm_percent=80 if needy else 20)
        people = hired(district, 20, since=SINCE, school=school, prefix=f"e{number}")
        for person in people:
            person.experience_years = 0 if lot.random() < (0.6 if needy else 0.2) else 12
            person.save()
            hours = round(20 - 3 * needy + 5 * (person.experience_years == 0) + lot.gauss(0, 4), 1)
            take_training([person], course, max(hours, 0), IN_2023)
            made.append((number, needy, person.experience_years == 0, number >= 6, max(hours, 0)))
    return np.array(made, dtype=float)


def test_planted_difference_is_found_at_the_same_mix(planted):
    school, needy, beginner, high, hours = planted.T
    design = np.column_stack([np.ones(len(hours)), beginner, high, needy])
    oracle = sm.OLS(hours, design).fit()
    result = equity_access(year="2023-24")
    found = rows(result)["Title I", "Title I"]
    assert found["difference"] == pytest.approx(oracle.params[3], abs=0.02)
    assert found["low"] < -3 < found["high"] < 0
    without = [
        sm.OLS(hours[school != one], design[school != one]).fit().params[3] - oracle.params[3] for one in range(12)
    ]
    half = 2.2009851600829 * np.sqrt(11 / 12 * np.square(without).sum())  # t with 11 degrees of freedom
    assert found["high"] - found["difference"] == pytest.approx(half, rel=0.01)
    assert hours[needy == 1].mean() - hours[needy == 0].mean() > found["difference"] + 0.5  # the crude one is smaller
    assert " Title I: 3" in result.answer or " Title I: 2" in result.answer
    assert result.answer.endswith("Differences describe access, not need.")


def test_nothing_is_found_where_nothing_was_planted(planted):
    found = rows(equity_access(year="2023-24"))["School level", "High"]
    assert found["low"] < 0 < found["high"]


def test_what_is_shown_is_what_is_drawn_and_estimated(planted):
    result = equity_access(year="2023-24", group_by="meals")
    ((key, chart),) = result.charts
    compared = [row for row in rows(result).values() if row["difference"] is not None]
    assert (key, len(chart.labels), len(result.estimates)) == ("equity_access", len(compared), len(compared))
    assert [made.value for made in result.estimates] == [row["difference"] for row in compared]
    assert any(words.startswith("Differences smaller than ") for words in result.caveats)


def test_an_empty_district_says_so(district):
    assert equity_access().answer == "No roster has been loaded yet, so there is nobody to count."


def test_queries_do_not_grow_with_people(planted, django_assert_max_num_queries):
    with django_assert_max_num_queries(26):
        equity_access(year="2023-24")
