"""Courses side by side: the planted one stands out, the others do not, and nothing is said about few takers."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from scipy.special import stdtr
from scipy.stats import false_discovery_control

from pd_tracker.access import Role
from pd_tracker.reports import courses_forest
from pd_tracker.reports.catalogue import run
from teachers.models import Kpi, School
from tests.factories import CourseFactory, user_with_role
from tests.pd_tracker.reports.classes import chosen, measure_years, staff
from tests.pd_tracker.reports.conftest import OPERATOR, TODAY, take_training

pytestmark = pytest.mark.django_db
THE_YEAR_BEFORE = date(2023, 3, 1)


def side_by_side(**given):
    return run("courses_forest", OPERATOR, on=TODAY, given={"kpi": "growth", **given})


def rows(result):
    return {row["code"]: row for row in result.table("courses_forest").as_dicts()}


@pytest.fixture
def made(district):
    """800 teachers in 20 schools, eight courses of 40 % of them each; after C0 results stand 6 points higher.

    The correction lets a course without any gain stand out in about one such district of ten; this is another one.
    """
    random = np.random.default_rng(7)
    people, school = staff(district, schools=20, each=40)
    taken = random.random((800, 8)) < 0.4
    prior = random.normal(50, 10, 800)
    now = 0.6 * prior + 20 + 6 * taken[:, 0] + random.normal(0, 6, 800)
    measure_years(people, np.column_stack([prior, now]), Kpi.objects.get(code="growth"), district, first=2022)
    for number in range(8):
        course = CourseFactory(district=district, code=f"C{number}", title=f"Course {number}")
        take_training(chosen(people, taken[:, number]), course, 2, THE_YEAR_BEFORE)
    return people, school, taken, prior, now


def test_the_planted_course_stands_out_and_no_other_does(made):
    result = side_by_side()
    assert result.answer == (
        "Student growth: 1 of 8 courses stands out after correction for testing 8 courses: Course 0 (higher results)."
    )
    assert {code for code, row in rows(result).items() if row["stands_out"]} == {"C0"}
    found = list(rows(result).values())
    assert found[0]["code"] == "C0"
    assert [row["shrunken"] for row in found] == sorted((row["shrunken"] for row in found), reverse=True)
    assert all(abs(row["shrunken"]) < abs(row["raw"]) for row in found if row["code"] == "C0")
    assert any("1 of 8 stand out after correction for testing 8 courses" in sentence for sentence in result.caveats)
    key, chart = result.charts[0]
    assert (key, len(chart.values)) == ("courses_forest", 8)


def test_a_chart_that_leaves_courses_out_says_how_many(made, monkeypatch):
    monkeypatch.setattr(courses_forest, "MOST_DRAWN", 3)
    ((_, chart),) = side_by_side().charts
    assert len(chart.values) == 3
    assert "3 of 8 courses" in chart.title


def test_raw_differences_and_corrected_p_agree_with_an_independent_computation(made):
    _people, school, taken, prior, now = made
    y, x = ((column.round(6) - column.round(6).mean()) / column.round(6).std(ddof=1) for column in (now, prior))
    table = np.column_stack([np.ones(800), x, taken])

    def fitted(mine):
        return np.linalg.lstsq(table[mine], y[mine], rcond=None)[0][2:]

    values = fitted(school >= 0)
    without = np.array([fitted(school != one) for one in range(20)])
    se = np.sqrt(19 / 20 * np.square(without - values).sum(axis=0))
    adjusted = false_discovery_control(2 * stdtr(19, -np.abs(values / se)))
    found = rows(side_by_side())
    assert [found[f"C{number}"]["raw"] for number in range(8)] == pytest.approx(values, abs=1e-6)
    assert [found[f"C{number}"]["adjusted_p"] for number in range(8)] == pytest.approx(adjusted, abs=1e-6)


def test_few_takers_get_no_number_and_the_page_counts_them(made, district):
    people = made[0]
    rare = CourseFactory(district=district, code="RARE")
    take_training(people[:9], rare, 2, THE_YEAR_BEFORE)
    result = side_by_side()
    row = rows(result)["RARE"]
    assert (row["teachers"], row["raw"], row["shrunken"]) == (9, None, None)
    assert row["note"] == "fewer than 10 teachers or 3 schools"
    assert list(rows(result))[-1] == "RARE"
    assert any(text.startswith("1 course has no number") for text in result.warnings)
    assert "course_RARE" not in {made.key for made in result.estimates}


def test_few_courses_are_not_pulled_together_and_the_page_says_so(made, district):
    district.courses.filter(code__in=["C3", "C4", "C5", "C6", "C7"]).first().completions.all().delete()
    for code in ("C4", "C5", "C6", "C7"):
        district.courses.get(code=code).completions.all().delete()
    result = side_by_side()
    assert len(rows(result)) == 3
    assert {row["shrunken"] for row in rows(result).values()} == {None}
    assert any("nothing is pulled toward an average" in text for text in result.warnings)
    assert result.answer.startswith("Student growth: 1 of 3 courses stands out")


def test_courses_of_another_year_do_not_count(made, district):
    district.courses.get(code="C0").completions.update(completed_on=date(2023, 10, 1))
    assert "none of 7 courses stands out after correction for testing 7" in side_by_side().answer


def test_empty_district_and_one_school_are_sentences(district):
    assert side_by_side().answer.startswith("No roster has been loaded yet")
    people, _school = staff(district, schools=1, each=60)
    assert side_by_side().answer.startswith("Not enough data: no classroom values")
    measure_years(people, np.arange(120).reshape(60, 2), Kpi.objects.get(code="growth"), district, first=2022)
    take_training(people[:30], CourseFactory(district=district), 2, THE_YEAR_BEFORE)
    result = side_by_side()
    assert result.answer.startswith("Not enough data on Student growth. Classrooms with a result")
    assert (rows(result), result.estimates, result.charts) == ({}, (), ())


def test_a_principal_gets_no_comparison_of_the_others(made):
    reader = user_with_role(Role.PRINCIPAL, School.objects.first())
    found = run("courses_forest", reader, on=TODAY, given={})
    assert "the year before: 40; schools: 1." in found.answer


def test_the_number_of_queries_does_not_grow(made, district):
    with CaptureQueriesContext(connection) as many:
        side_by_side()
    district.courses.exclude(code="C0").first().completions.all().delete()
    with CaptureQueriesContext(connection) as fewer:
        side_by_side()
    assert len(fewer) == len(many) <= 30
