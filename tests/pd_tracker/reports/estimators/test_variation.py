"""The parts of the variance of class results, against what they were drawn with and against an analysis of variance."""

from __future__ import annotations

import numpy as np
import pytest

from pd_tracker.reports.estimators.variation import FEWEST_TEACHERS, parts


def drawn(teachers=4000, years=3, lasting=0.3, passing=0.5, per_student=4.0, seed=7):
    rng = np.random.default_rng(seed)
    teacher, year = np.repeat(np.arange(teachers), years), np.tile(np.arange(years), teachers)
    students = rng.integers(10, 31, teachers * years).astype(float)
    noise = rng.normal(0, np.sqrt(passing + per_student / students))
    apart = np.repeat(rng.normal(0, np.sqrt(lasting), teachers), years) + noise
    return teacher, year, apart, students, np.full(len(apart), per_student)


def test_parts_are_found_again():
    found = parts(*drawn())
    assert found.lasting == pytest.approx(0.3, abs=0.03)
    assert found.passing == pytest.approx(0.5, abs=0.03)
    assert found.per_student == 4.0


def test_lasting_and_rest_are_those_of_an_analysis_of_variance():
    """Balanced and centered results: mean squares between and within teachers give the same two numbers."""
    teacher, year, apart, students, _of_one = drawn(teachers=500, years=3)
    apart -= apart.mean()
    found = parts(teacher, year, apart, students, np.full(len(apart), np.nan))
    table = apart.reshape(500, 3)
    within = table.var(axis=1, ddof=1).mean()
    around_zero = 3 * (table.mean(axis=1) ** 2).sum() / 500
    assert found.lasting == pytest.approx((around_zero - within) / 3)
    assert found.lasting + found.passing == pytest.approx((apart**2).mean())
    assert found.per_student == 0


def test_several_classes_of_one_year_do_not_count_as_lasting():
    teacher, year, apart, students, of_one = drawn()
    twice = [np.concatenate([column, column]) for column in (teacher, year, apart, students, of_one)]
    once, double = parts(teacher, year, apart, students, of_one), parts(*twice)
    assert double.lasting == pytest.approx(once.lasting)


def test_nothing_lasts_where_nothing_was_planted_and_no_part_is_below_zero():
    found = parts(*drawn(lasting=0, passing=0))
    assert found.lasting == pytest.approx(0, abs=0.01)
    assert found.passing == pytest.approx(0, abs=0.01)
    assert min(found.lasting, found.passing) >= 0


def test_a_spread_that_is_missing_is_that_of_the_others():
    teacher, year, apart, students, of_one = drawn(teachers=100)
    missing = np.where(np.arange(len(of_one)) % 2, np.nan, of_one)
    assert parts(teacher, year, apart, students, missing) == parts(teacher, year, apart, students, of_one)


def test_too_few_teachers_with_two_years_say_nothing():
    assert parts(*drawn(teachers=FEWEST_TEACHERS - 1)) is None
    assert parts(*drawn(teachers=FEWEST_TEACHERS)) is not None
    assert parts(*drawn(teachers=100, years=1)) is None


def test_columns_of_different_length_are_refused():
    with pytest.raises(ValueError, match="differ in length"):
        parts([1, 2], [1, 2], [0.0], [20, 20], [1, 1])
