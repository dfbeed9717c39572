"""Weighted least squares from sums per school, with school-clustered intervals."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pd_tracker.reports.estimators.groups import (
    MIN_CLUSTERS,
    Floats,
    Ints,
    group_codes,
    spread,
    sum_by,
    t_critical,
    two_sided_p,
    variance_kind,
)

COLLINEAR = 1e-10  # share of a column's sum of squares that the columns before it must leave unexplained
SHARED = 1e-6  # weight of a column in the sum that makes up a dropped one, above rounding


@dataclass(frozen=True, eq=False, slots=True)
class Sums:
    """All that a fit needs of G schools and k columns: shapes (G, k, k), (G, k), (G,) and (G,).

    `xx` is X'WX, `xy` is X'Wy, `yy` is y'Wy, `n` the rows with weight above 0; every school has at least one.
    `schools` holds the labels the rows came with.
    """

    names: tuple[str, ...]
    xx: Floats
    xy: Floats
    yy: Floats
    n: Ints
    schools: NDArray[Any]

    def only(self, schools: Collection[Hashable]) -> Sums:
        """The sums of some schools: a district or a region is fitted without going back to its rows."""
        wanted = set(schools)
        mine = np.array([label in wanted for label in self.schools.tolist()], dtype=bool)
        parts = (part[mine] for part in (self.xx, self.xy, self.yy, self.n, self.schools))
        return Sums(self.names, *parts)


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
    p: float | None = None


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
        One product per school over its own rows: schools x (k + 1)^2 numbers.

    Raises
    ------
    ValueError
        When shapes disagree, a weight is negative, or a value is missing or infinite.
    """
    titles, table, outcome, weights, labels = _checked(x, y, w, school, names)
    used = weights > 0
    return _sums(titles, table[used], outcome[used], weights[used], labels[used])


def within_sums(
    x: ArrayLike,
    y: ArrayLike,
    w: ArrayLike | None,
    unit: ArrayLike,
    school: ArrayLike,
    *,
    names: Sequence[str] | None = None,
) -> Sums:
    """Sums per school of what changes inside each unit: an intercept of its own for every teacher, without columns.

    Parameters
    ----------
    x, y, w, school, names
        As in `school_sums`, without an intercept.
    unit
        Labels of teachers, or of whatever is compared with itself only, shape (rows,).

    Returns
    -------
    Sums
        Of the differences to each unit's weighted mean. Units with one row are left out: they say nothing.
        A column that never changes inside a unit becomes 0, so that `fit` drops and names it.

    Raises
    ------
    ValueError
        As in `school_sums`.

    Notes
    -----
    Exact and in one pass: with H = sum x x' - sum_i T_i xbar_i xbar_i' over units i, fitting these sums is least
    squares with one intercept per unit (Frisch & Waugh 1933). Years go in as columns (`level_columns`), so two-way
    effects need no iteration. The intercepts are not counted in `fit`'s N - k, as usual where units lie inside
    schools: give a teacher who moved one school throughout (`first_label`), which also makes each jackknife refit
    leave out whole teachers.
    It compares a teacher with herself in other years. It does not remove what changed for her alone, and with
    adoption in different years and effects that grow it is biased (see `event_study`). Never together with the
    earlier outcome as a column (Nickell 1981, Econometrica 49:1417).
    """
    titles, table, outcome, weights, labels = _checked(x, y, w, school, names)
    codes, count = group_codes(unit)
    if len(codes) != len(outcome):
        raise ValueError("Columns, outcome, weights and units differ in length.")
    counted = sum_by(codes, weights > 0, count)
    used = (weights > 0) & (counted[codes] > 1)
    codes, weights = codes[used], weights[used]
    inside = np.column_stack([_inside(column, weights, codes, count) for column in table[used].T] or [table[used]])
    return _sums(titles, inside, _inside(outcome[used], weights, codes, count), weights, labels[used])


def _inside(column: Floats, weights: Floats, codes: Ints, count: int) -> Floats:
    """Differences to the weighted mean of the unit; 0 throughout where they are no more than rounding."""
    total = np.maximum(sum_by(codes, weights, count), np.finfo(np.float64).tiny)
    changed = column - (sum_by(codes, weights * column, count) / total)[codes]
    matters = np.square(changed).sum() > COLLINEAR * np.square(column).sum()
    return changed if matters else np.zeros_like(changed)


def level_columns(name: str, labels: ArrayLike) -> dict[str, Floats]:
    """One column of 0 and 1 per level of a label, named "name label", without the first level."""
    values = np.asarray(labels)
    codes, count = group_codes(values)
    first = [int(np.flatnonzero(codes == code)[0]) for code in range(count)]
    return {f"{name} {values[first[code]]}": (codes == code).astype(np.float64) for code in range(1, count)}


def _checked(
    x: ArrayLike, y: ArrayLike, w: ArrayLike | None, school: ArrayLike, names: Sequence[str] | None
) -> tuple[tuple[str, ...], Floats, Floats, Floats, NDArray[Any]]:
    table, outcome = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    weights = np.ones(len(outcome)) if w is None else np.asarray(w, dtype=np.float64)
    labels = np.asarray(school)
    if table.ndim != 2 or not len(table) == len(outcome) == len(weights) == len(labels):
        raise ValueError("Columns, outcome, weights and schools differ in length.")
    titles = tuple(names) if names is not None else tuple(f"x{number}" for number in range(table.shape[1]))
    if len(titles) != table.shape[1]:
        raise ValueError("Every column needs one name.")
    if not (np.isfinite(table).all() and np.isfinite(outcome).all() and np.isfinite(weights).all()):
        raise ValueError("Values must be known and finite.")
    if (weights < 0).any():
        raise ValueError("Weights are 0 or more.")
    return titles, table, outcome, weights, labels


def _sums(names: tuple[str, ...], x: Floats, y: Floats, w: Floats, labels: NDArray[Any]) -> Sums:
    codes, schools = group_codes(labels)
    n = np.bincount(codes, minlength=schools)
    order, ends = np.argsort(codes, kind="stable"), np.cumsum(n)
    k = x.shape[1]
    products = np.empty((schools, k + 1, k + 1))
    for school, rows in enumerate(np.split(order, ends[:-1]) if schools else ()):
        both = np.column_stack([x[rows], y[rows]]) * np.sqrt(w[rows])[:, None]
        products[school] = both.T @ both
    first = labels[order[ends - n]]
    return Sums(names, products[:, :k, :k], products[:, :k, k], products[:, k, k], n, first)


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
    keep, n, clusters = found.keep, int(sums.n.sum()), len(sums.n)
    covariance = _cluster_robust(found.inverse, found.scores, n) if clusters >= MIN_CLUSTERS and n > len(keep) else None
    names = tuple(sums.names[column] for column in keep)
    dropped = tuple(name for column, name in enumerate(sums.names) if column not in set(keep))
    return LinearFit(_coefficients(names, found.values, covariance, clusters, level), covariance, n, clusters, dropped)


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
    return tuple(
        _coefficient(name, value, variance, clusters, level)
        for name, value, variance in zip(names, values.tolist(), np.diagonal(covariance).tolist(), strict=True)
    )


def _coefficient(name: str, value: float, variance: float, clusters: int, level: float) -> Coefficient:
    if np.isnan(variance):
        return Coefficient(name, value, None, None, None)
    se = sqrt(max(variance, 0.0))
    reach = t_critical(clusters, level) * se
    return Coefficient(name, value, se, value - reach, value + reach, two_sided_p(value, se, clusters))


def jackknife(sums: Sums, *, level: float = 0.95) -> LinearFit:
    """Least squares with standard errors from leaving out one school at a time.

    Parameters
    ----------
    sums
        From `school_sums` or `within_sums`.
    level
        Confidence level of the intervals.

    Returns
    -------
    LinearFit
        The coefficients of `fit`. A coefficient that cannot be estimated once a certain school is left out has no
        interval, and NaN in the covariance matrix: one school alone would decide.

    Notes
    -----
    V = (G-1)/G sum_g (b_g - b)(b_g - b)' with b_g from A - A_g and q - q_g; no row is read again. Student's t with
    G - 1 degrees of freedom. Covers as often as it says from about 10 schools on, where the clustered variance is
    too small. Source: MacKinnon, Nielsen & Webb (2023), J. Applied Econometrics 38:671 (CV3J there; centered at b).
    """
    whole = fit(sums, level=level)
    if whole.covariance is None:
        return whole
    keep = [sums.names.index(one.name) for one in whole.coefficients]
    xx, xy = sums.xx[:, keep][:, :, keep], sums.xy[:, keep]
    without = _solved(xx.sum(axis=0) - xx, xy.sum(axis=0) - xy)
    names, values = [one.name for one in whole.coefficients], np.array([one.value for one in whole.coefficients])
    moved = spread(without - values, "school jackknife")
    covariance: Floats = moved.T @ moved
    found = _coefficients(names, values, covariance, whole.clusters, level)
    return replace(whole, covariance=covariance, coefficients=found)


def estimate(sums: Sums, *, level: float = 0.95) -> LinearFit:
    """The fit to print: jackknife below 50 schools, clustered from 50 on, no interval below 5 (see `fit`)."""
    return jackknife(sums, level=level) if variance_kind(len(sums.n)) == "school jackknife" else fit(sums, level=level)


def inseparable(sums: Sums) -> tuple[str, ...]:
    """Names of all columns that are sums of others, or part of such a sum: whose share is whose cannot be said.

    `fit` drops only the last of them, which leaves the others with what belongs to all.
    """
    total = sums.xx.sum(axis=0)
    keep = independent(total)
    clear = set(keep) - entangled(total, keep)
    return tuple(name for column, name in enumerate(sums.names) if column not in clear)


def _solved(xx: Floats, xy: Floats) -> Floats:
    """Solutions of many systems at once, shape (G, k); NaN for a column that adds nothing to the ones before it."""
    squares = np.diagonal(xx, axis1=1, axis2=2)
    scale = 1 / np.sqrt(np.where(squares > 0, squares, 1))
    left = np.concatenate([xx * scale[:, :, None] * scale[:, None], (xy * scale)[:, :, None]], axis=2)
    keep = np.empty(xy.shape, dtype=bool)
    for column in range(xy.shape[1]):
        pivot = left[:, column, column]
        keep[:, column] = pivot > COLLINEAR
        row = left[:, column] * np.where(keep[:, column], 1 / np.where(keep[:, column], pivot, 1), 0)[:, None]
        left = left - left[:, :, column, None] * row[:, None]
        left[:, column] = row
    return np.where(keep, left[:, :, -1] * scale, np.nan)
