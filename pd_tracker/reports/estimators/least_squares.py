"""Weighted least squares from sums per school, with school-clustered intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike

from pd_tracker.reports.estimators.groups import MIN_CLUSTERS, Floats, Ints, group_codes, sum_by, t_critical

COLLINEAR = 1e-10  # share of a column's sum of squares that the columns before it must leave unexplained
SHARED = 1e-6  # weight of a column in the sum that makes up a dropped one, above rounding


@dataclass(frozen=True, eq=False, slots=True)
class Sums:
    """All that a fit needs of G schools and k columns: shapes (G, k, k), (G, k), (G,) and (G,).

    `xx` is X'WX, `xy` is X'Wy, `yy` is y'Wy, `n` the rows with weight above 0; every school has at least one.
    """

    names: tuple[str, ...]
    xx: Floats
    xy: Floats
    yy: Floats
    n: Ints


@dataclass(frozen=True, eq=False, slots=True)
class Solved:
    """Coefficients of the kept columns, (X'WX)^-1, and the score of each school, shape (schools, kept columns)."""

    keep: list[int]
    values: Floats
    inverse: Floats
    scores: Floats


@dataclass(frozen=True, slots=True)
class Coefficient:
    """One coefficient in units of the outcome per unit of its column; None where no interval may be given."""

    name: str
    value: float
    se: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, eq=False, slots=True)
class LinearFit:
    """A fit: coefficients in column order, and their covariance matrix in the same order (None without interval).

    `n` counts rows, `clusters` schools, `dropped` names the columns that carried nothing new.
    """

    coefficients: tuple[Coefficient, ...]
    covariance: Floats | None
    n: int
    clusters: int
    dropped: tuple[str, ...]

    def __getitem__(self, name: str) -> Coefficient | None:
        """The coefficient of a column; None when the column was dropped or never there."""
        return next((found for found in self.coefficients if found.name == name), None)


def school_sums(
    x: ArrayLike, y: ArrayLike, w: ArrayLike | None, school: ArrayLike, *, names: Sequence[str] | None = None
) -> Sums:
    """Reduce rows to the sums per school that least squares needs.

    Parameters
    ----------
    x
        Columns of the model, shape (rows, k); the intercept is a column of ones of the caller's.
    y
        Outcome, shape (rows,).
    w
        Weights of 0 or more, shape (rows,); None for 1 each. Rows of weight 0 count nowhere.
    school
        Labels, shape (rows,).
    names
        Names of the k columns; default x0, x1, ...

    Returns
    -------
    Sums
        k (k + 1) / 2 passes over the rows, none of them larger than one column.

    Raises
    ------
    ValueError
        When shapes disagree, a weight is negative, or a value is missing or infinite.
    """
    table, outcome = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    weights = np.ones(len(outcome)) if w is None else np.asarray(w, dtype=np.float64)
    labels = group_codes(school)[0]
    if table.ndim != 2 or not len(table) == len(outcome) == len(weights) == len(labels):
        raise ValueError("Columns, outcome, weights and schools differ in length.")
    titles = tuple(names) if names is not None else tuple(f"x{number}" for number in range(table.shape[1]))
    if len(titles) != table.shape[1]:
        raise ValueError("Every column needs one name.")
    if not (np.isfinite(table).all() and np.isfinite(outcome).all() and np.isfinite(weights).all()):
        raise ValueError("Values must be known and finite.")
    if (weights < 0).any():
        raise ValueError("Weights are 0 or more.")
    used = weights > 0
    return _sums(titles, table[used], outcome[used], weights[used], labels[used])


def _sums(names: tuple[str, ...], x: Floats, y: Floats, w: Floats, labels: Ints) -> Sums:
    school, schools = group_codes(labels)
    k = x.shape[1]
    xx, xy = np.zeros((schools, k, k)), np.zeros((schools, k))
    for first in range(k):
        weighted = w * x[:, first]
        xy[:, first] = sum_by(school, weighted * y, schools)
        for second in range(first, k):
            xx[:, first, second] = xx[:, second, first] = sum_by(school, weighted * x[:, second], schools)
    return Sums(names, xx, xy, sum_by(school, w * y * y, schools), np.bincount(school, minlength=schools))


def fit(sums: Sums, *, level: float = 0.95) -> LinearFit:
    """Least squares with standard errors clustered by school.

    Parameters
    ----------
    sums
        From `school_sums`; any union of schools of one table will do.
    level
        Confidence level of the intervals.

    Returns
    -------
    LinearFit
        Intervals are None with fewer than 5 schools or no more rows than coefficients. Empty sums give a fit without
        coefficients.

    Notes
    -----
    b = (sum A_g)^-1 sum q_g; school scores s_g = q_g - A_g b; covariance A^-1 (sum s_g s_g') A^-1 times
    G/(G-1) (N-1)/(N-k), known as CR1 and as Stata's vce(cluster); Student's t with G - 1 degrees of freedom.
    A column that the ones before it explain to 1 part in 10^10 is dropped: the diagonal of a Cholesky factor of the
    scaled X'WX, which is R of the QR factorization of X. Earlier columns win, so intercept and adjustment stay put.
    Sources: Cameron & Miller (2015), J. Human Resources 50:317; sufficient sums as in Wong et al. (2021),
    "You only compress once", arXiv 2102.11297.
    """
    found = solve(sums)
    keep, values = found.keep, found.values
    n, clusters = int(sums.n.sum()), len(sums.n)
    covariance = _cluster_robust(found.inverse, found.scores, n) if clusters >= MIN_CLUSTERS and n > len(keep) else None
    names = tuple(sums.names[column] for column in keep)
    dropped = tuple(name for column, name in enumerate(sums.names) if column not in set(keep))
    return LinearFit(_coefficients(names, values, covariance, clusters, level), covariance, n, clusters, dropped)


def solve(sums: Sums) -> Solved:
    """Least squares on the columns that carry something new."""
    total = sums.xx.sum(axis=0)
    keep = independent(total)
    scale = 1 / np.sqrt(np.diagonal(total)[keep])
    inverse = np.linalg.inv(total[np.ix_(keep, keep)] * np.outer(scale, scale)) * np.outer(scale, scale)
    values = inverse @ sums.xy.sum(axis=0)[keep]
    scores = sums.xy[:, keep] - sums.xx[:, keep][:, :, keep] @ values
    return Solved(keep, values, inverse, scores)


def independent(total: Floats) -> list[int]:
    """Columns of X that add something to the ones before them, found from X'WX."""
    squares = np.diagonal(total).copy()
    scale = 1 / np.sqrt(np.where(squares > 0, squares, 1))
    left = total * np.outer(scale, scale)
    keep = []
    for column in range(len(left)):
        pivot = left[column, column]
        if pivot > COLLINEAR:
            keep.append(column)
            left = left - np.outer(left[:, column], left[column]) / pivot
    return keep


def entangled(total: Floats, keep: Sequence[int]) -> set[int]:
    """Kept columns whose coefficients depend on which column was dropped: they stand for more than their name."""
    dropped = sorted(set(range(len(total))) - set(keep))
    explained = np.linalg.solve(total[np.ix_(keep, keep)], total[np.ix_(keep, dropped)])
    return {column for column, parts in zip(keep, explained, strict=True) if (np.abs(parts) > SHARED).any()}


def _cluster_robust(inverse: Floats, scores: Floats, n: int) -> Floats:
    clusters, k = scores.shape
    factor = clusters / (clusters - 1) * (n - 1) / (n - k)
    covariance: Floats = factor * inverse @ (scores.T @ scores) @ inverse
    return covariance


def _coefficients(
    names: Sequence[str], values: Floats, covariance: Floats | None, clusters: int, level: float
) -> tuple[Coefficient, ...]:
    if covariance is None:
        bare = zip(names, values.tolist(), strict=True)
        return tuple(Coefficient(name, value, None, None, None) for name, value in bare)
    critical = t_critical(clusters, level)
    errors = [sqrt(max(variance, 0.0)) for variance in np.diagonal(covariance)]
    return tuple(
        Coefficient(name, value, error, value - critical * error, value + critical * error)
        for name, value, error in zip(names, values.tolist(), errors, strict=True)
    )
