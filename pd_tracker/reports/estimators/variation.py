"""Why results of classes differ: what stays with a teacher, what belongs to one class, and which students sat in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from pd_tracker.reports.estimators.groups import Floats, Ints, group_codes, sum_by

FEWEST_TEACHERS = 30  # seen in two years or more; with fewer the lasting part is a guess


@dataclass(frozen=True, slots=True)
class Parts:
    """Variances in the units of the results squared; `per_student` is that of one student's result in a class."""

    lasting: float
    passing: float
    per_student: float


def parts(
    teacher: ArrayLike, year: ArrayLike, distance: ArrayLike, students: ArrayLike, student_variance: ArrayLike
) -> Parts | None:
    """Split the variance of class results around their peers.

    Parameters
    ----------
    teacher, year
        Whose result it is, and of which school year, shape (results,).
    distance
        Results minus the mean of comparable ones, on one scale.
    students
        Students of the class; NaN where results are not made of students.
    student_variance
        Variance between students inside the class on the same scale; NaN where not on record, and then the median of
        the others stands for it.

    Returns
    -------
    Parts or None
        None with fewer than 30 teachers seen in two years: then nothing tells a teacher's results from luck.

    Raises
    ------
    ValueError
        When columns differ in length.

    Notes
    -----
    Lasting: mean product of a teacher's results of two different years, every teacher weighed by pairs of years. By
    students: mean of student_variance / n. Passing: the rest. Where no spread of students is on record, they are part
    of the passing rest. Source: Kane & Staiger (2008), NBER working paper 14607, section 4.
    """
    apart, n = np.asarray(distance, dtype=np.float64), np.asarray(students, dtype=np.float64)
    of_one = np.asarray(student_variance, dtype=np.float64)
    person, times = np.asarray(teacher, dtype=np.int64), np.asarray(year, dtype=np.int64)
    if len({len(column) for column in (apart, n, of_one, person, times)}) != 1:
        raise ValueError("Columns differ in length.")
    lasting = _lasting(person, times, apart)
    if lasting is None:
        return None
    per_student = float(np.median(of_one[~np.isnan(of_one)])) if not np.isnan(of_one).all() else 0.0
    by_students = np.where(np.isnan(of_one), per_student, of_one) / np.where(np.isnan(n), np.inf, np.maximum(n, 1))
    total, of_students = float(np.mean(apart**2)), float(np.mean(by_students))
    lasting = min(max(lasting, 0.0), max(total - of_students, 0.0))
    return Parts(lasting, max(total - lasting - of_students, 0.0), per_student)


def _lasting(teacher: Ints, year: Ints, distance: Floats) -> float | None:
    """Mean product of two years of one teacher; None with too few teachers."""
    codes, count = group_codes(teacher, year)
    first = np.unique(codes, return_index=True)[1]
    mean = sum_by(codes, distance, count) / np.bincount(codes, minlength=count)
    people, among = group_codes(teacher[first])
    years = np.bincount(people, minlength=among)
    if (years >= 2).sum() < FEWEST_TEACHERS:
        return None
    products = sum_by(people, mean, among) ** 2 - sum_by(people, mean**2, among)
    return float(products.sum() / (years * (years - 1)).sum())
