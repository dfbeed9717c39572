"""Classroom fits from school sums, fixed effects and event studies against the usual way of computing them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from numpy.typing import NDArray

from pd_tracker.reports.estimators.event_study import event_study
from pd_tracker.reports.estimators.groups import Floats, Ints
from pd_tracker.reports.estimators.least_squares import fit, jackknife, level_columns, school_sums, within_sums
from pd_tracker.reports.estimators.shrinkage import forest
from tests.benchmarks.conftest import Reach
from tests.benchmarks.measuring import cpu, ratio, seconds, wall

TEACHERS, SCHOOLS, YEARS, COLUMNS = 60_000, 2_000, 5, 14
TOLERANCE = 1e-8


@dataclass(frozen=True, eq=False, slots=True)
class Classrooms:
    teacher: Ints
    school: Ints
    year: Ints
    cohort: Ints
    x: Floats
    y: Floats


@pytest.fixture(scope="module")
def classrooms() -> Classrooms:
    random = np.random.default_rng(1)
    teacher = np.repeat(np.arange(TEACHERS), YEARS)[random.random(TEACHERS * YEARS) < 0.85]
    year = random.integers(0, 2 * YEARS, len(teacher)) // 2 + 2020
    teacher, year = np.unique(np.column_stack([teacher, year]), axis=0).T
    x = random.normal(size=(len(teacher), COLUMNS))
    x[:, 0] = 1
    y = x @ random.normal(size=COLUMNS) + random.normal(size=TEACHERS)[teacher] + random.normal(size=len(teacher))
    cohort = random.choice([0, 2022, 2023, 2024], TEACHERS)[teacher]
    return Classrooms(teacher, teacher % SCHOOLS, year, cohort, x, y)


def library_fit(data: Classrooms) -> NDArray[np.float64]:
    model = sm.OLS(data.y, data.x)
    return np.asarray(model.fit(cov_type="cluster", cov_kwds={"groups": data.school}, use_t=True).bse)


def test_rows_are_fitted_faster_than_by_the_library(classrooms: Classrooms, reach_bar: Reach) -> None:
    data = classrooms

    def ours() -> NDArray[np.float64]:
        return np.array([one.se for one in fit(school_sums(data.x, data.y, None, data.school)).coefficients])

    np.testing.assert_allclose(ours(), library_fit(data), rtol=1e-8)
    reach_bar("clustered fit of rows / statsmodels", lambda: ratio(ours, lambda: library_fit(data)), allowed=0.5)


def test_other_schools_need_no_second_look_at_the_rows(classrooms: Classrooms, reach_bar: Reach) -> None:
    data, chosen = classrooms, range(0, SCHOOLS, 2)
    sums, mine = school_sums(data.x, data.y, None, data.school), np.isin(data.school, chosen)

    def library() -> NDArray[np.float64]:
        return library_fit(Classrooms(*(getattr(data, name)[mine] for name in Classrooms.__slots__)))

    ours = np.array([one.se for one in fit(sums.only(chosen)).coefficients])
    np.testing.assert_allclose(ours, library(), rtol=1e-8)

    def measure() -> float:
        return ratio(lambda: fit(sums.only(chosen)), library, clock=wall)

    reach_bar("refit of a region from sums / statsmodels", measure, allowed=0.1)


def test_leaving_out_each_school_costs_less_than_one_fit(classrooms: Classrooms, reach_bar: Reach) -> None:
    sums = school_sums(classrooms.x, classrooms.y, None, classrooms.school)

    def measure() -> float:
        return ratio(lambda: jackknife(sums), lambda: library_fit(classrooms))

    reach_bar(f"jackknife of {SCHOOLS:,} schools / one statsmodels fit", measure, allowed=0.2)


def alternating(data: Classrooms) -> Floats:
    """Teacher and year effects by taking out the means of both in turns, as libraries for fixed effects do."""
    table = np.column_stack([data.x[:, 1:4], data.y])
    before = np.inf
    while before > TOLERANCE:
        started = table.copy()
        for codes in (data.teacher, data.year - data.year.min()):
            size = np.bincount(codes)
            sums = np.column_stack([np.bincount(codes, weights=column) for column in table.T])
            table -= (sums / np.maximum(size, 1)[:, None])[codes]
        before = np.abs(table - started).max()
    return np.asarray(np.linalg.lstsq(table[:, :3], table[:, 3], rcond=None)[0])


def test_teacher_and_year_effects_need_no_iteration(classrooms: Classrooms, reach_bar: Reach) -> None:
    data = classrooms

    def ours() -> list[float]:
        table = np.column_stack([*level_columns("year", data.year).values(), data.x[:, 1:4]])
        found = fit(within_sums(table, data.y, None, data.teacher, data.school))
        return [one.value for one in found.coefficients[-3:]]

    np.testing.assert_allclose(ours(), alternating(data), atol=1e-7)
    reach_bar("teacher and year effects / means in turns", lambda: ratio(ours, lambda: alternating(data)), allowed=1)


def merged_pairs(data: Classrooms) -> dict[tuple[int, int], float]:
    """The same cells the textbook way: select, merge and average for each."""
    table = pd.DataFrame({"teacher": data.teacher, "year": data.year, "cohort": data.cohort, "y": data.y})
    cells = {}
    for cohort in (2022, 2023, 2024):
        for year in sorted(set(data.year.tolist()) - {cohort - 1}):
            later = max(year, cohort - 1)
            mine = table[(table["cohort"] == cohort) | (table["cohort"] == 0) | (table["cohort"] > later)]
            now, base = mine[mine["year"] == year], mine[mine["year"] == cohort - 1]
            pairs = now.merge(base, on="teacher", suffixes=("", "_base"))
            change = (pairs["y"] - pairs["y_base"]).groupby(pairs["cohort"] == cohort).mean()
            cells[cohort, year] = change[True] - change[False]
    return cells


def test_an_event_study_with_its_errors_costs_no_more_than_merging_pairs_without(
    classrooms: Classrooms, reach_bar: Reach
) -> None:
    data = classrooms

    def ours() -> dict[tuple[int, int], float | None]:
        columns = (data.teacher, data.school, data.year, data.y, data.cohort)
        found = event_study(*columns, seed=1, lead=1, symmetric=False)
        return {(cell.cohort, cell.time): cell.value for cell in found.cells}

    assert ours() == pytest.approx(merged_pairs(data))
    reach_bar("event study / merging pairs, no errors", lambda: ratio(ours, lambda: merged_pairs(data)), allowed=1.2)


def test_two_thousand_courses_in_a_second(reach_bar: Reach) -> None:
    random = np.random.default_rng(2)
    se = random.uniform(0.04, 0.2, 2_000)
    value = random.normal(0, 0.03, 2_000) + random.normal(size=2_000) * se

    def ours() -> object:
        return forest(value, se, scale=0.1, takers=np.full(2_000, 50), schools=np.full(2_000, 9))

    reach_bar("forest of 2,000 courses", lambda: seconds(ours, cpu), allowed=1, unit="s")
