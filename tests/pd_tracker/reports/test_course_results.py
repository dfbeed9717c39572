"""Courses that stand out on a classroom KPI are kept for recommendations, with their direction and interval."""

from __future__ import annotations

from io import StringIO

import numpy as np
import pytest
from django.core.management import call_command

from learning_plans.models import CourseEstimate
from pd_tracker.reports.course_results import compare_courses
from teachers.models import Kpi
from tests.factories import CourseFactory
from tests.pd_tracker.reports.classes import chosen, measure_years, staff
from tests.pd_tracker.reports.conftest import OPERATOR, TODAY, take_training
from tests.pd_tracker.reports.test_courses_forest import THE_YEAR_BEFORE

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(district):
    """After C0 of eight courses results stand 6 points higher."""
    random = np.random.default_rng(7)
    people, _school = staff(district, schools=20, each=40)
    taken = random.random((800, 8)) < 0.4
    prior = random.normal(50, 10, 800)
    now = 0.6 * prior + 20 + 6 * taken[:, 0] + random.normal(0, 6, 800)
    measure_years(people, np.column_stack([prior, now]), Kpi.objects.get(code="growth"), district, first=2022)
    for number in range(8):
        course = CourseFactory(district=district, code=f"C{number}", title=f"Course {number}")
        take_training(chosen(people, taken[:, number]), course, 2, THE_YEAR_BEFORE)


def test_what_stands_out_is_kept_and_nothing_else(made):
    assert compare_courses(OPERATOR, on=TODAY) == 1
    kept = CourseEstimate.objects.get()
    assert (kept.course.code, kept.kpi.code, kept.is_better, kept.made_on) == ("C0", "growth", True, TODAY)
    assert 0 < kept.low < kept.value < kept.high
    Kpi.objects.filter(code="growth").update(better="lower")
    compare_courses(OPERATOR, on=TODAY)
    assert not CourseEstimate.objects.get().is_better


def test_without_results_the_command_keeps_none(district):
    out = StringIO()
    call_command("compare_courses", stdout=out)
    assert "Results that stand out: 0." in out.getvalue()
    assert not CourseEstimate.objects.exists()
