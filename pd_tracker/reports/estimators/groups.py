"""Codes for group labels, and what the number of schools allows."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from math import sqrt
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtr, stdtrit

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Codes: TypeAlias = NDArray[np.integer[Any]]  # in whatever type holds them

DENSE = 2  # so many numbers may lie between the smallest and the largest label, for every row
MIN_CLUSTERS = 5  # with fewer schools a clustered interval covers far less often than it says
MANY_CLUSTERS = 50  # below that, refitting without one school after the other covers better than sums of scores

Variance: TypeAlias = Literal["none", "school jackknife", "school-clustered"]


def group_codes(*columns: ArrayLike) -> tuple[Ints, int]:
    """Number the distinct combinations of one or more label columns.

    Parameters
    ----------
    *columns
        Equally long one-dimensional sequences of labels: numbers, text, None or a mix.

    Returns
    -------
    codes, count
        int64 codes from 0 to count - 1, one per row, and how many there are. Codes are renumbered after every
        column and never kept in a narrow type, so combining columns cannot overflow.

    Raises
    ------
    ValueError
        Without a column, or when columns differ in length.
    """
    if not columns:
        raise ValueError("At least one column of labels is needed.")
    codes = _codes(columns[0])
    for column in columns[1:]:
        more = _codes(column)
        if len(more) != len(codes):
            raise ValueError("Label columns differ in length.")
        codes = _codes(codes * (more.max(initial=0) + 1) + more)
    return codes, int(codes.max(initial=-1)) + 1


def _codes(column: ArrayLike) -> Ints:
    labels: NDArray[Any] = np.asarray(column)
    if labels.ndim != 1:
        raise ValueError("Labels must be a one-dimensional column.")
    if labels.dtype.kind in "bui" and len(labels) and _is_dense(labels):
        return _places_of(labels)
    if labels.dtype != object:
        return np.unique(labels, return_inverse=True)[1].astype(np.int64)
    seen: dict[Hashable, int] = {}
    return np.fromiter((seen.setdefault(label, len(seen)) for label in labels), dtype=np.int64, count=len(labels))


def bands_of(values: NDArray[Any], starts: Sequence[int]) -> NDArray[np.int8]:
    """How many of the ascending starts each value has reached, in the smallest type: its place among the bands."""
    found = np.zeros(len(values), dtype=np.int8)
    for start in starts:
        found += values >= start
    return found


def as_places(rows: NDArray[np.bool_] | Ints) -> Ints:
    """Flags as the places that are set: many columns are cut quicker by these."""
    return np.flatnonzero(rows) if rows.dtype == np.bool_ else rows.astype(np.int64, copy=False)


def _is_dense(labels: NDArray[Any]) -> bool:
    """Whether marking the numbers that occur is quicker than sorting them."""
    return int(labels.max()) - int(labels.min()) < DENSE * len(labels)


def _places_of(labels: NDArray[Any]) -> Ints:
    """Places among the numbers that occur, in ascending order."""
    lowest = int(labels.min())
    number = labels.astype(np.int64) - lowest
    occurs = np.zeros(int(labels.max()) - lowest + 1, dtype=np.int64)
    occurs[number] = 1
    found: Ints = (np.cumsum(occurs) - 1)[number]
    return found


def places(labels: Sequence[Hashable], order: Sequence[Hashable]) -> Ints:
    """Place of every label in `order`, counted from 0; ValueError for a label that is not there."""
    place = {label: number for number, label in enumerate(order)}
    unknown = set(labels) - place.keys()
    if unknown:
        raise ValueError(f"Labels not in the list: {', '.join(sorted(map(str, unknown)))}.")
    return np.fromiter((place[label] for label in labels), dtype=np.int64, count=len(labels))


def two_sided_p(value: float, se: float, clusters: int) -> float:
    """Two-sided p-value of value / se by Student's t with clusters - 1 degrees of freedom; 1 for a standard error of 0.

    A standard error of 0 is rounding, not certainty.
    """
    return float(2 * stdtr(clusters - 1, -abs(value / se))) if se > 0 else 1.0


def first_label(unit: ArrayLike, time: ArrayLike, labels: ArrayLike) -> NDArray[Any]:
    """For every row the label its unit had first: teachers who move stay in the school where they were first seen."""
    codes, count = group_codes(unit)
    when, places = np.asarray(time), np.asarray(labels)
    if not len(codes) == len(when) == len(places):
        raise ValueError("Units, times and labels differ in length.")
    order = np.lexsort((when, codes))
    first = order[np.searchsorted(codes[order], np.arange(count))]
    home: NDArray[Any] = places[first][codes]
    return home


def sum_by(codes: Codes, values: ArrayLike, count: int) -> Floats:
    """Sums of `values` per code, a float64 array of length `count`."""
    sums: Floats = np.bincount(codes, weights=np.asarray(values, dtype=np.float64), minlength=count).astype(np.float64)
    return sums


def t_critical(clusters: float, level: float = 0.95) -> float:
    """Two-sided critical value of Student's t with clusters - 1 degrees of freedom.

    Source: Cameron & Miller (2015), "A practitioner's guide to cluster-robust inference", J. Human Resources 50(2).
    """
    return float(stdtrit(clusters - 1, (1 + level) / 2))


def variance_kind(clusters: int) -> Variance:
    """How the uncertainty of an estimate is found with so many schools; "none" where no interval may be given."""
    if clusters < MIN_CLUSTERS:
        return "none"
    return "school-clustered" if clusters >= MANY_CLUSTERS else "school jackknife"


def spread(deviations: Floats, kind: Variance) -> Floats:
    """Scale what each school does to the estimates so that D'D is their covariance matrix.

    Parameters
    ----------
    deviations
        Shape (schools, estimates): influence of the school on each estimate ("school-clustered"), or the estimates
        without the school minus those with all schools ("school jackknife").
    kind
        From `variance_kind`, not "none".

    Returns
    -------
    array of float, shape (schools, estimates)
        Any linear function of the estimates has the same function of the columns as its deviation, and the length of
        that column as its standard error; estimates of two models on the same schools may be subtracted.

    Notes
    -----
    Factors G/(G-1) and (G-1)/G. Sources: Cameron & Miller (2015), J. Human Resources 50:317; Efron & Tibshirani
    (1993), An Introduction to the Bootstrap, section 11.5.
    """
    clusters = len(deviations)
    factor = clusters / (clusters - 1) if kind == "school-clustered" else (clusters - 1) / clusters
    return sqrt(factor) * deviations
