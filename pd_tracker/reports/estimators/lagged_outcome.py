"""Classroom KPIs this year by last year's training, holding last year's KPI fixed."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pd_tracker.reports.estimators.groups import Floats, group_codes, places, sum_by
from pd_tracker.reports.estimators.least_squares import Coefficient, LinearFit, fit, school_sums

MIN_STUDENTS, MOST_STUDENTS = 5, 60


@dataclass(frozen=True, slots=True)
class BandOutcome:
    """One dose band: classrooms, weighted mean outcome, and difference to the reference (None where not estimable)."""

    band: Hashable
    n: int
    mean: float | None
    difference: Coefficient | None


@dataclass(frozen=True, eq=False, slots=True)
class LaggedOutcome:
    """Bands in order, the coefficient of the earlier outcome, the whole fit, and rows left out for missing values."""

    bands: tuple[BandOutcome, ...]
    prior: Coefficient | None
    fit: LinearFit
    excluded: int


def standardise(values: ArrayLike, groups: ArrayLike, min_group: int = 30) -> Floats:
    """Z-scores within groups (one KPI, test, grade, subject, year and term).

    Parameters
    ----------
    values
        Classroom results, shape (rows,); NaN where missing.
    groups
        Label of the scale each result is on; several columns become one with `group_codes(...)[0]`.
    min_group
        Classrooms a group needs for a mean and a spread worth using.

    Returns
    -------
    array of float, shape (rows,)
        (value - group mean) / group standard deviation (n - 1), in classroom standard deviations. NaN where the
        value is missing, the group has fewer than `min_group` results, or all results of the group are equal.

    Raises
    ------
    ValueError
        When the columns differ in length.

    Notes
    -----
    A classroom standard deviation is 2 to 4 times smaller than a student's: name the unit beside the number.
    """
    results = np.asarray(values, dtype=np.float64)
    codes, count = group_codes(groups)
    if len(results) != len(codes):
        raise ValueError("Values and groups differ in length.")
    known = ~np.isnan(results)
    size = sum_by(codes[known], np.ones(known.sum()), count)
    mean = sum_by(codes[known], results[known], count) / np.maximum(size, 1)
    centred = results - mean[codes]
    spread = np.sqrt(sum_by(codes[known], np.square(centred[known]), count) / np.maximum(size - 1, 1))
    usable = (size >= max(min_group, 2)) & (spread > 1e-12 * np.maximum(np.abs(mean), 1))
    return np.where(usable[codes], centred / np.where(usable, spread, 1)[codes], np.nan)


def classroom_weights(students: ArrayLike) -> Floats:
    """Weight of a classroom mean: its students, at most 60, and 0 below 5 (too few for a mean to say anything).

    The cap stands for variation between classrooms, which more students cannot reduce.
    """
    counts = np.asarray(students, dtype=np.float64)
    return np.where(counts >= MIN_STUDENTS, np.minimum(counts, MOST_STUDENTS), 0.0)


def lagged_outcome(
    outcome: ArrayLike,
    prior: ArrayLike,
    band: Sequence[Hashable],
    year: ArrayLike,
    weight: ArrayLike | None,
    school: ArrayLike,
    *,
    reference: Hashable,
    bands: Sequence[Hashable],
    level: float = 0.95,
) -> LaggedOutcome:
    """Difference in this year's KPI between dose bands at the same KPI the year before.

    Parameters
    ----------
    outcome, prior
        KPI of the classroom this year and of the same teacher the year before, on one scale; NaN where missing.
    band
        Dose band of training completed between the two results.
    year
        School year of the outcome; each year gets its own level.
    weight
        From `classroom_weights`; None for equal weights.
    school
        School of the classroom this year.
    reference, bands
        The band compared with, and all bands in order.
    level
        Confidence level of the intervals.

    Returns
    -------
    LaggedOutcome
        Differences are in the outcome's units. Rows with a missing outcome or prior, or weight 0, are left out and
        counted.

    Raises
    ------
    ValueError
        When columns differ in length, or a label is not among `bands`.

    Notes
    -----
    Weighted least squares of outcome on intercept, prior, year and band, clustered by school (see `least_squares`).
    Holding the prior result fixed removes regression to the mean when training was chosen after a bad year; it does
    not remove lasting differences between teachers who take training and those who do not. An association.
    Source: Angrist & Pischke (2009), Mostly Harmless Econometrics, section 5.4.
    """
    y, before = np.asarray(outcome, dtype=np.float64), np.asarray(prior, dtype=np.float64)
    weights = np.ones(len(y)) if weight is None else np.asarray(weight, dtype=np.float64)
    rows = (y, before, weights, group_codes(year)[0], places(band, bands), group_codes(school)[0])
    if len({len(column) for column in rows}) > 1:
        raise ValueError("Columns differ in length.")
    used = ~np.isnan(y) & ~np.isnan(before) & (weights > 0)
    y, before, weights = y[used], before[used], weights[used]
    years, dose, schools = (column[used] for column in rows[3:])
    columns = {"intercept": np.ones(len(y)), "prior": before}
    columns |= {f"year {code}": years == code for code in np.unique(years)[1:]}
    columns |= {f"band {place}": dose == place for place, label in enumerate(bands) if label != reference}
    table = np.column_stack([*columns.values()])
    found = fit(school_sums(table, y, weights, schools, names=[*columns]), level=level)
    compared = reference in bands and bool((dose == list(bands).index(reference)).any())
    outcomes = tuple(
        BandOutcome(label, *_mean(y, weights, dose == place), found[f"band {place}"] if compared else None)
        for place, label in enumerate(bands)
    )
    return LaggedOutcome(outcomes, found["prior"], found, int((~used).sum()))


def _mean(y: Floats, weights: Floats, chosen: NDArray[np.bool_]) -> tuple[int, float | None]:
    n = int(chosen.sum())
    return n, float(np.average(y[chosen], weights=weights[chosen])) if n else None
