"""A course and the results before and after it: published numbers through the importers, planted gains, and none."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pd_tracker.access import Role
from pd_tracker.reports.catalogue import run
from teachers.models import Kpi, KpiValue, School
from tests.factories import CourseFactory, SchoolFactory, SchoolYearFactory, user_with_role
from tests.importing import loaded, totals
from tests.pd_tracker.reports.classes import chosen, measure_years, staff
from tests.pd_tracker.reports.conftest import OPERATOR, TODAY, hired, roster, take_training
from tests.pd_tracker.reports.estimators import mpdta

pytestmark = pytest.mark.django_db
FALL = {year: date(year, 10, 15) for year in range(2019, 2025)}
AS_PUBLISHED = {
    "kpi": "growth",
    "course": "wage",
    "scale": "raw",
    "cluster": "teacher",
    "base": "1",
    "controls": "never",
}


def study(**given):
    return run("event_study", OPERATOR, on=TODAY, given={"kpi": "growth", **given})


def aggregates(result, kind):
    return {row["at"]: row for row in result.table("aggregates").as_dicts() if row["kind"] == kind}


def cells(result):
    return {(row["cohort"], row["year"]): row for row in result.table("att_gt").as_dicts()}


# --- Published numbers --------------------------------------------------------------------------------------------


@pytest.fixture
def counties(district):
    """The published panel as files: 500 counties are teachers, log employment a KPI, a minimum wage a course."""
    for start in range(2003, 2008):
        SchoolYearFactory(district=district, start=start)
    CourseFactory(district=district, code="WAGE")
    people = hired(district, 500, since=date(1999, 8, 1), school=SchoolFactory(district=district), prefix="county")
    roster(district)
    data = mpdta.counties()
    values = [
        {
            "kpi": "growth",
            "school_year": f"{row.year}-{(row.year + 1) % 100:02d}",
            "level": "classroom",
            "staff_id": people[row.county].staff_id,
            "value": f"{row.y:.6f}",
        }
        for row in data.sort_values("county").itertuples()
    ]
    first = data.drop_duplicates("county")
    done = [
        {
            "staff_id": people[row.county].staff_id,
            "course_code": "WAGE",
            "completed_on": f"{row.first}-09-15",
            "hours": 6,
        }
        for row in first[first["first"] > 0].itertuples()
    ]
    assert totals(loaded("kpi_values", values).plan) == {"created": 2_500}
    assert totals(loaded("completions", done).plan) == {"created": 191}
    return data


def test_an_imported_panel_comes_out_with_its_published_numbers(counties):
    result = study(**AS_PUBLISHED)
    found = list(result.table("att_gt").as_dicts())
    assert [(row["cohort"][:4], row["year"][:4]) for row in found] == [(str(g), str(t)) for g, t, *_ in mpdta.ATT_GT]
    assert [row["att"] for row in found] == pytest.approx([row[2] for row in mpdta.ATT_GT], abs=6e-5)
    assert [row["se"] for row in found] == pytest.approx([row[3] for row in mpdta.ATT_GT], abs=2e-4)
    events = {at: row["att"] for at, row in aggregates(result, "dynamic").items()}
    assert events == pytest.approx(mpdta.BY_EVENT, abs=6e-5)
    cohorts = {int(at[:4]): row["att"] for at, row in aggregates(result, "group").items()}
    assert cohorts == pytest.approx(mpdta.BY_COHORT, abs=6e-5)
    assert aggregates(result, "simple")[None]["att"] == pytest.approx(-0.0400, abs=6e-5)
    assert [made.clusters for made in result.estimates] == [None] * 8  # teachers stand for themselves


def test_each_difference_is_two_by_two_means(counties):
    wide = counties.pivot(index="county", columns="year", values="y")
    first = counties.drop_duplicates("county").set_index("county")["first"]
    change = wide[2006] - wide[2003]
    by_hand = change[first == 2004].mean() - change[first == 0].mean()
    found = cells(study(**AS_PUBLISHED))["2004-05", "2006-07"]
    assert found["att"] == pytest.approx(by_hand, abs=1e-6)
    assert (found["base"], found["treated"], found["controls"]) == ("2003-04", 20, 309)


# --- Planted gains ------------------------------------------------------------------------------------------------


@pytest.fixture
def course(district):
    return CourseFactory(district=district, code="PD-7", title="Talk in class")


def planted(district, course, *, gain, lows=0.0, seed=11):
    """480 teachers in 12 schools: a third takes the course in the fall of 2022, a third in 2023, a third never.

    `lows` is how far a passing low result the year before pulls the first third into the course.
    """
    random = np.random.default_rng(seed)
    people, school = staff(district, schools=12, each=40)
    noise = random.normal(0, 8, (480, 5))
    wish = random.random((480, 2))
    wish[:, 0] -= lows * noise[:, 1] / 8
    first = np.where(wish[:, 0] > np.quantile(wish[:, 0], 2 / 3), 2022, 0)
    later = (first == 0) & (wish[:, 1] > np.quantile(wish[:, 1][first == 0], 1 / 2))
    first[later] = 2023
    values = random.normal(50, 6, 480)[:, None] + random.normal(0, 2, 12)[school][:, None] + noise
    values += gain * ((first > 0)[:, None] & (np.arange(2020, 2025) >= first[:, None]))
    measure_years(people, values, Kpi.objects.get(code="growth"), district)
    for year in (2022, 2023):
        take_training(chosen(people, first == year), course, 6, FALL[year])
    return values, first


def test_a_planted_gain_is_found_and_the_sentence_says_whom_it_compares(district, course):
    values, first = planted(district, course, gain=5)
    result = study(course="PD-7", scale="raw")
    headline = aggregates(result, "dynamic")[0]
    change, early, controls = values[:, 2] - values[:, 0], first == 2022, first == 0
    by_hand = change[early].mean() - change[controls].mean()
    assert cells(result)["2022-23", "2022-23"]["att"] == pytest.approx(by_hand, abs=1e-5)
    assert 0 < headline["low"] < 5 < headline["high"]
    assert headline["band_low"] < headline["low"] < headline["high"] < headline["band_high"]
    assert result.answer.startswith("Student growth: in the first results after “Talk in class”, classrooms of its")
    assert "higher than those of teachers who had not taken it by then, measured from two years before" in result.answer
    assert any("A flat line before does not prove" in sentence for sentence in result.caveats)
    assert [made.key for made in result.estimates if made.low > 0] == [
        "event_0",
        "event_1",
        "event_2",
        "simple",
    ]


def test_a_gain_on_the_common_scale_is_in_classroom_standard_deviations(district, course):
    planted(district, course, gain=5)
    result = study(course="PD-7")
    assert "classroom SD higher" in result.answer
    assert 0.2 < aggregates(result, "dynamic")[0]["att"] < 0.8


def test_nothing_planted_is_not_found_even_where_a_low_year_leads_to_the_course(district, course):
    """Measured from the low year itself, the same people seem to gain: that is why the base skips it."""
    planted(district, course, gain=0, lows=0.5)
    skipped = aggregates(study(course="PD-7", scale="raw"), "dynamic")[0]
    usual = aggregates(study(course="PD-7", scale="raw", base="1"), "dynamic")[0]
    assert skipped["low"] < 0 < skipped["high"]
    assert usual["low"] > 1


def test_a_course_of_the_spring_counts_for_the_next_results(district, course):
    planted(district, course, gain=5)
    course.completions.filter(completed_on__year=2022).update(completed_on=date(2023, 3, 1))
    found = cells(study(course="PD-7"))
    assert {cohort for cohort, _year in found} == {"2023-24"}


def test_people_trained_before_the_first_results_are_counted_and_left_out(district, course):
    planted(district, course, gain=0)
    course.completions.filter(completed_on__year=2022).update(completed_on=FALL[2019])
    assert any("160 teachers had the course before the second" in text for text in study(course="PD-7").warnings)


# --- Too little, and who may see ----------------------------------------------------------------------------------


def test_without_a_roster_or_a_course_a_sentence_says_so(district):
    assert run("event_study", OPERATOR, on=TODAY, given={}).answer.startswith("No roster has been loaded yet")
    people, _school = staff(district, schools=5, each=4)
    assert study().answer.startswith("Not enough data: no classroom values of Student growth")
    measure_years(people, [[50, 51]] * 20, Kpi.objects.get(code="growth"), district)
    assert study().answer == "Not enough data: nobody has completed a course yet."


def test_one_school_is_too_little(district, course):
    people, _school = staff(district, schools=1, each=60)
    measure_years(people, np.arange(240).reshape(60, 4), Kpi.objects.get(code="growth"), district)
    take_training(people[:30], course, 6, FALL[2022])
    result = study()
    assert result.parameters["course"] == "PD-7"
    assert result.answer.startswith("Not enough data on Student growth and Talk in class.")
    assert (result.estimates, result.charts) == ((), ())
    assert {row["note"] for row in result.table("att_gt").as_dicts()} == {"too few schools"}


def test_a_principal_sees_the_own_school_only(district, course):
    planted(district, course, gain=5)
    reader = user_with_role(Role.PRINCIPAL, School.objects.first())
    found = run("event_study", reader, on=TODAY, given={"kpi": "growth", "course": "PD-7"})
    assert found.answer.startswith("Not enough data")
    assert all(row["treated"] <= 40 for row in found.table("att_gt").as_dicts())


def test_the_number_of_queries_does_not_grow(district, course):
    planted(district, course, gain=0)
    with CaptureQueriesContext(connection) as all_years:
        study(course="PD-7")
    KpiValue.objects.filter(school_year__label="2024-25").delete()
    with CaptureQueriesContext(connection) as fewer:
        study(course="PD-7")
    assert len(fewer) == len(all_years) <= 30
