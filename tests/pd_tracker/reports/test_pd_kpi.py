"""Classroom figures by training of the year before, at the same figure the year before."""

from __future__ import annotations

import random
from datetime import date

import numpy as np
import pytest
import statsmodels.api as sm
from django.db import connection
from django.test.utils import CaptureQueriesContext
from scipy.special import stdtrit

from pd_tracker.access import Role
from pd_tracker.reports.catalogue import run
from pd_tracker.reports.parameters import BadParameters
from teachers.models import Kpi, KpiValue, School
from tests.factories import CourseFactory, KpiValueFactory, RoleGrantFactory, SchoolFactory, user_with_role
from tests.pd_tracker.reports.classes import chosen, measure, measure_years, staff
from tests.pd_tracker.reports.conftest import OPERATOR, SINCE, TODAY, hired, roster, take_training

pytestmark = pytest.mark.django_db
TRAINED_IN_2022 = date(2023, 3, 1)


def pd_kpi(**given):
    return run("pd_kpi", OPERATOR, on=TODAY, given=given)


def bands(result):
    return {row["band"]: row for row in result.table("pd_kpi").as_dicts()}


@pytest.fixture
def planted(district):
    """240 classrooms in eight schools; 30 hours go with 4 scale points more at the same result the year before."""
    lot = random.Random(3)
    roster(district)
    course = CourseFactory(district=district)
    growth = Kpi.objects.get(code="growth")
    rows = []
    for number in range(8):
        school = SchoolFactory(district=district)
        people = hired(district, 30, since=SINCE, school=school, prefix=f"k{number}")
        hours = [(10, 35)[lot.random() < 0.5] for _ in people]
        prior = [lot.gauss(50, 10) for _ in people]
        now = [
            0.6 * before + 20 + 4 * (dose == 35) + lot.gauss(0, 6) for before, dose in zip(prior, hours, strict=True)
        ]
        measure(people, prior, growth, district.school_years.get(label="2022-23"))
        measure(people, now, growth, district.school_years.get(label="2023-24"))
        for dose in (10, 35):
            chosen = [person for person, took in zip(people, hours, strict=True) if took == dose]
            take_training(chosen, course, dose, TRAINED_IN_2022)
        rows += [(number, *row) for row in zip(hours, prior, now, strict=True)]
    return np.array(rows)


def test_planted_difference_agrees_with_least_squares_without_each_school_in_turn(planted):
    school, hours, prior, now = planted.T
    scaled = [(column - column.mean()) / column.std(ddof=1) for column in (now.round(6), prior.round(6))]
    design = np.column_stack([np.ones(len(now)), scaled[1], hours == 35])
    value = sm.OLS(scaled[0], design).fit().params[2]
    without = [sm.OLS(scaled[0][mine], design[mine]).fit().params[2] for mine in (school != one for one in range(8))]
    reach = stdtrit(7, 0.975) * np.sqrt(7 / 8 * np.square(np.array(without) - value).sum())
    result = pd_kpi(kpi="growth")
    found = bands(result)["30-49"]
    assert (found["difference"], found["low"], found["high"]) == pytest.approx(
        (value, value - reach, value + reach), abs=1e-6
    )
    assert bands(result)["1-14"]["n"] + found["n"] == 240
    estimate = next(made for made in result.estimates if made.key == "difference_30-49")
    assert (estimate.value, estimate.clusters) == (found["difference"], 8)
    slope = next(made for made in result.estimates if made.key == "per_10_hours")
    assert slope.value == pytest.approx(value / 2.5, abs=1e-6)
    assert result.answer.startswith("Student growth: classrooms of teachers with 30-49 hours the year before stood 0.")
    assert "classroom SD higher" in result.answer


def test_attendance_is_compared_in_its_own_unit(planted, district):
    Kpi.objects.filter(code="growth").update(code="old_growth")
    KpiValue.objects.update(kpi=Kpi.objects.get(code="attendance"))
    result = pd_kpi(kpi="attendance")
    assert bands(result)["30-49"]["difference"] == pytest.approx(4, abs=1.5)
    assert "percent higher" in result.answer


def test_small_groups_stay_in_the_unit_of_the_figure_and_say_so(planted):
    for number, value in enumerate(KpiValue.objects.order_by("pk")):
        KpiValue.objects.filter(pk=value.pk).update(grades=str(number % 12))
    result = pd_kpi()
    assert "scale points higher" in result.answer
    assert any("too few classrooms (under 30) share a subject" in sentence for sentence in result.definitions)


def test_without_a_figure_of_the_year_before_a_classroom_is_left_out(planted, district):
    teacher = KpiValue.objects.order_by("pk").first().teacher
    KpiValue.objects.filter(teacher=teacher, school_year__label="2022-23").delete()
    result = pd_kpi()
    assert result.warnings[0].startswith("1 classroom is left out")
    assert sum(row["n"] for row in bands(result).values()) == 239


def test_default_is_the_first_figure_with_values_and_all_are_listed(planted):
    result = pd_kpi()
    assert result.parameters["kpi"] == "growth"
    listed = {row["code"]: row["values"] for row in result.table("kpis").as_dicts()}
    assert listed["growth"] == 480
    assert listed["observation"] == 0
    assert len(listed) == 10


@pytest.mark.parametrize("kpi", ["", "proficiency"])
def test_too_little_is_a_sentence_without_a_number(staffed, kpi):
    KpiValueFactory(teacher=staffed["hill"][0], district=staffed["hill"][0].district, school=None)
    result = pd_kpi(kpi=kpi)
    assert result.answer.startswith("Not enough data")
    assert (result.estimates, result.charts, list(result.table("pd_kpi").rows)) == ((), (), [])


def test_subgroups_and_other_levels_are_not_classroom_results(planted):
    KpiValue.objects.filter(school_year__label="2022-23").update(student_group="el")
    assert pd_kpi(kpi="growth").answer.startswith("Not enough data on Student growth: 0 classrooms")


def test_unknown_figure_is_refused(staffed):
    with pytest.raises(BadParameters, match="kpi: “happiness” is not one of the choices"):
        pd_kpi(kpi="happiness")


def test_a_principal_in_hr_reads_the_figures_of_the_own_school_only(planted):
    """HR reads reports of the district, but not its classroom figures."""
    school = School.objects.first()
    reader = user_with_role(Role.HR)
    RoleGrantFactory(user=reader, role=Role.PRINCIPAL.value, district=school.district, school=school)
    alone = run("pd_kpi", user_with_role(Role.PRINCIPAL, school), on=TODAY, given={})

    assert run("pd_kpi", reader, on=TODAY, given={}).to_json() == alone.to_json()
    assert pd_kpi().estimates
    assert not alone.estimates


# --- Two designs side by side -------------------------------------------------------------------------------------


def five_years(district, *, gain, seed=5):
    """400 teachers in ten schools; half get 20 hours in the fall of 2022 and gain so much for good."""
    random = np.random.default_rng(seed)
    people, school = staff(district, schools=10, each=40)
    trained = random.random(400) < 0.5
    quality = random.normal(50, 6, 400) + random.normal(0, 2, 10)[school]
    values = quality[:, None] + random.normal(0, 8, (400, 5))
    values[trained, 2] += gain
    values[trained, 3:] += 2 * gain
    measure_years(people, values, Kpi.objects.get(code="growth"), district)
    course = CourseFactory(district=district)
    take_training(chosen(people, trained), course, 20, date(2022, 11, 1))
    take_training(chosen(people, ~trained), course, 5, date(2022, 11, 1))
    for year in (2020, 2021, 2023):
        take_training(people, course, 5, date(year, 11, 1))
    return people, trained, values


def designs(result):
    return {row["design"]: row for row in result.table("designs").as_dicts()}


def test_a_planted_gain_is_found_by_both_designs(district):
    _people, trained, values = five_years(district, gain=6)
    result = pd_kpi(kpi="growth")
    assert result.answer.endswith("a consistent association in the same direction.")
    scaled = (values.round(6) - values.round(6).mean(axis=0)) / values.round(6).std(axis=0, ddof=1)
    change = scaled[:, 2] - scaled[:, 0]
    skipped = designs(result)["Skip a year"]
    assert skipped["difference"] == pytest.approx(change[trained].mean() - change[~trained].mean(), abs=1e-6)
    assert (skipped["n"], skipped["clusters"]) == (trained.sum(), 10)
    keys = {made.key: made for made in result.estimates}
    assert keys["skip_a_year"].value == skipped["difference"]
    assert keys["lagged_outcome"].low > 0
    assert keys["two_lags"].low > 0
    assert {key for key, _chart in result.charts} == {"pd_kpi", "designs"}


def test_nothing_planted_is_inconclusive(district):
    five_years(district, gain=0)
    assert pd_kpi(kpi="growth").answer.endswith("do not agree on a difference for 15 or more hours: inconclusive.")


def test_one_year_before_leaves_one_design_and_says_so(planted):
    result = pd_kpi(kpi="growth")
    assert "it rests on one design alone" in result.answer
    assert designs(result)["Skip a year"]["difference"] is None


def test_many_trained_teachers_without_a_later_result_are_a_warning(district):
    people, trained, _values = five_years(district, gain=0)
    gone = [person.pk for person in chosen(people, trained)[:40]]
    KpiValue.objects.filter(teacher__in=gone, school_year__label="2023-24").delete()
    result = pd_kpi(kpi="growth")
    lost = {row["group"]: row for row in result.table("lost").as_dicts()}
    assert lost["15 or more hours that year"]["n"] == trained.sum()
    assert lost["15 or more hours that year"]["lost"] == 40
    assert lost["Fewer hours"]["lost"] == 0
    assert any("have no result the year after" in sentence for sentence in result.warnings)


def test_the_number_of_queries_does_not_grow(district):
    five_years(district, gain=0)
    with CaptureQueriesContext(connection) as all_years:
        pd_kpi(kpi="growth")
    KpiValue.objects.filter(school_year__label__gt="2021").exclude(school_year__label="2022-23").delete()
    with CaptureQueriesContext(connection) as fewer:
        pd_kpi(kpi="growth", year="2022-23")
    assert len(all_years) <= 30
    assert len(fewer) <= len(all_years)
