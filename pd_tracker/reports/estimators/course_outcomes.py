"""Classroom results after each of many courses, in one model because teachers take several."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pd_tracker.reports.estimators.groups import Ints, group_codes, places
from pd_tracker.reports.estimators.lagged_outcome import LaggedRows, lagged_rows
from pd_tracker.reports.estimators.least_squares import Coefficient, LinearFit, estimate, inseparable, school_sums

MIN_TAKERS, MIN_SCHOOLS = 10, 3
OTHERS = "other courses"

Note: TypeAlias = Literal["", "few takers", "inseparable"]


@dataclass(frozen=True, slots=True)
class CourseOutcome:
    """One course: classrooms, teachers and schools behind it, and the difference (None where `note` says why)."""

    course: Hashable
    classrooms: int
    teachers: int
    schools: int
    difference: Coefficient | None
    note: Note


@dataclass(frozen=True, eq=False, slots=True)
class CourseOutcomes:
    """Courses in order, the whole fit, rows left out, and levels of covariates that count as "other"."""

    courses: tuple[CourseOutcome, ...]
    fit: LinearFit
    excluded: int
    merged: tuple[str, ...]


def course_outcomes(
    outcome: ArrayLike,
    prior: ArrayLike,
    year: ArrayLike,
    weight: ArrayLike | None,
    school: ArrayLike,
    teacher: ArrayLike,
    *,
    taken_row: ArrayLike,
    taken_course: Sequence[Hashable],
    courses: Sequence[Hashable],
    earlier: ArrayLike | None = None,
    covariates: Mapping[str, ArrayLike] | None = None,
    level: float = 0.95,
) -> CourseOutcomes:
    """Difference in this year's result between those who took a course and those who did not, for many courses.

    Parameters
    ----------
    outcome, prior, year, weight, school, earlier, covariates, level
        As in `lagged_outcome`.
    teacher
        Labels of the teachers, to count them.
    taken_row, taken_course
        One entry per course completed between the two results: the number of the row (from 0), and the course.
    courses
        All courses, in the order of the result.

    Returns
    -------
    CourseOutcomes
        Each difference compares with teachers who did not take the course but are alike in all other courses.

    Raises
    ------
    ValueError
        When columns differ in length, or an entry names a row or a course that is not there.

    Notes
    -----
    Weighted least squares as in `lagged_outcome`, with one column per course, jackknife below 50 schools. A course
    with fewer than 10 teachers or 3 schools has no column of its own; all such share one, so that their takers are
    not counted as untrained. Courses that only ever go together are "inseparable" and get no number.
    Keeps schools x columns^2 numbers: 200 courses in 100 schools are 35 MB. Give the differences to `forest` before
    anyone compares courses. Teachers choose courses: an association.
    """
    rows = lagged_rows(outcome, prior, year, weight, school, earlier=earlier, covariates=covariates)
    teachers = group_codes(teacher)[0]
    if len(teachers) != len(rows.used):
        raise ValueError("Columns differ in length.")
    taken = _taken(np.asarray(taken_row, dtype=np.int64), places(taken_course, courses), len(teachers), len(courses))
    taken = taken[rows.used]
    counts = [_counts(rows, teachers[rows.used], column) for column in taken.T]
    enough = np.array(
        [people >= MIN_TAKERS and schools >= MIN_SCHOOLS for _rows, people, schools in counts], dtype=bool
    )
    names = [f"course {place}" for place in np.flatnonzero(enough)]
    table = np.column_stack([*rows.columns.values(), taken[:, ~enough].any(axis=1), taken[:, enough]])
    titles = [*rows.columns, OTHERS, *names]
    sums = school_sums(table, rows.outcome, rows.weight, rows.school, names=titles)
    found, unclear = estimate(sums, level=level), set(inseparable(sums))
    results = tuple(
        CourseOutcome(course, *counts[place], *_difference(found, f"course {place}", bool(enough[place]), unclear))
        for place, course in enumerate(courses)
    )
    return CourseOutcomes(results, found, int((~rows.used).sum()), rows.merged)


def _taken(row: Ints, course: Ints, rows: int, courses: int) -> NDArray[np.bool_]:
    if len(row) != len(course):
        raise ValueError("Columns differ in length.")
    if ((row < 0) | (row >= rows)).any():
        raise ValueError("A course was taken by a row that is not there.")
    table = np.zeros((rows, courses), dtype=bool)
    table[row, course] = True
    return table


def _counts(rows: LaggedRows, teachers: Ints, column: NDArray[np.bool_]) -> tuple[int, int, int]:
    return int(column.sum()), len(np.unique(teachers[column])), len(np.unique(rows.school[column]))


def _difference(found: LinearFit, name: str, enough: bool, unclear: set[str]) -> tuple[Coefficient | None, Note]:
    if not enough:
        return None, "few takers"
    return (None, "inseparable") if name in unclear else (found[name], "")
