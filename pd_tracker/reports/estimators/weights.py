"""How much the mean of a classroom says, by how many students are behind it."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from pd_tracker.reports.estimators.groups import Floats

MIN_STUDENTS, MOST_STUDENTS = 5, 60


def classroom_weights(students: ArrayLike, *, between: float | None = None, within: ArrayLike | None = None) -> Floats:
    """Weight of a classroom mean; 0 below 5 students, too few for a mean to say anything, and where n is unknown.

    Parameters
    ----------
    students
        Students behind each mean, n, shape (classrooms,); NaN where unknown.
    between
        Variance of classroom results that more students would not reduce, from `between_variance`.
    within
        Variance between students inside the classroom on the scale of the means, one or one for each.

    Returns
    -------
    array of float, shape (classrooms,)
        1 / (between + within / n), the inverse of the variance of each mean, times the mean of those variances, so
        that weights are near 1 whatever the scale. Without `between` and `within`: n, at most 60, where the cap
        stands for what more students cannot reduce.

    Raises
    ------
    ValueError
        When only one of the variances is given, or one is negative.
    """
    n = np.asarray(students, dtype=np.float64)
    enough = n >= MIN_STUDENTS
    if between is None and within is None:
        return np.where(enough, np.minimum(n, MOST_STUDENTS), 0.0)
    if between is None or within is None:
        raise ValueError("Both variances are needed, or none.")
    of_one = np.asarray(within, dtype=np.float64)
    if between < 0 or (of_one < 0).any():
        raise ValueError("A variance cannot be negative.")
    variance = np.broadcast_to(between + of_one / np.where(enough, n, 1), n.shape)
    usual = float(variance[enough].mean()) if enough.any() else 0.0
    if usual == 0:
        return enough.astype(np.float64)
    return np.where(enough, usual / np.maximum(variance, usual * 1e-6), 0.0)


def between_variance(outcome: ArrayLike, prior: ArrayLike, students: ArrayLike, within: ArrayLike) -> float:
    """Variance of classroom means around what the result before foretells, beyond that of their students.

    Parameters
    ----------
    outcome, prior
        Classroom means of this year and the year before, shape (classrooms,); NaN where missing.
    students
        Students behind each mean of this year, NaN where unknown.
    within
        Variance between students inside the classroom on the scale of the means, one or one for each; NaN where
        missing.

    Returns
    -------
    float
        Mean square of the residuals of least squares on the prior result, minus the mean of within / n; at least 0.
        Classrooms that lack something or have fewer than 5 students are left out; 0 with fewer than 3.

    Notes
    -----
    The method of moments with equal weights. What makes the prior result noisy is part of it, as it is of the residual
    of the model that the weights are for. Source: Hedges & Olkin (1985), Statistical Methods for Meta-Analysis, ch. 9.
    """
    y, x, n = (np.asarray(column, dtype=np.float64) for column in (outcome, prior, students))
    of_one = np.broadcast_to(np.asarray(within, dtype=np.float64), y.shape)
    used = ~np.isnan(y + x + of_one) & (n >= MIN_STUDENTS)
    if used.sum() < 3:
        return 0.0
    columns = np.column_stack([np.ones(used.sum()), x[used]])
    found, _rest, rank, _sizes = np.linalg.lstsq(columns, y[used], rcond=None)
    residual = y[used] - columns @ found
    square = float(residual @ residual) / (int(used.sum()) - int(rank))
    return max(square - float(np.mean(of_one[used] / n[used])), 0.0)
