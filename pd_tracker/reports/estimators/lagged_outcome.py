"""Classroom KPIs this year by last year's training, holding last year's KPI fixed."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pd_tracker.reports.estimators.groups import Floats, Ints, group_codes, places, sum_by
from pd_tracker.reports.estimators.least_squares import (
    Coefficient,
    LinearFit,
    estimate,
    fit,
    level_columns,
    school_sums,
)

MIN_ROWS, MIN_SCHOOLS = 10, 3  # a level with fewer classrooms or schools says nothing of its own
UNKNOWN, OTHER = "unknown", "other"


@dataclass(frozen=True, slots=True)
class BandOutcome:
    """One dose band: classrooms, weighted mean outcome, and difference to the reference (None where not estimable)."""

    band: Hashable
    n: int
    mean: float | None
    difference: Coefficient | None


@dataclass(frozen=True, eq=False, slots=True)
class LaggedOutcome:
    """Bands in order, the coefficient of the earlier outcome, the whole fit, and rows left out for missing values.

    `merged` names the levels of covariates that were too small and count as "other".
    """

    bands: tuple[BandOutcome, ...]
    prior: Coefficient | None
    fit: LinearFit
    excluded: int
    merged: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False, slots=True)
class LaggedRows:
    """The classrooms a model of lagged outcomes can use (`used` among all rows), and its columns but the exposure."""

    columns: dict[str, Floats]
    outcome: Floats
    weight: Floats
    school: Ints
    used: NDArray[np.bool_]
    merged: tuple[str, ...]


def standardise(
    values: ArrayLike, groups: ArrayLike, min_group: int = 30, *, among: NDArray[np.bool_] | None = None
) -> Floats:
    """Z-scores within groups (one KPI, test, grade, subject, year and term).

    Parameters
    ----------
    values
        Classroom results, shape (rows,); NaN where missing.
    groups
        Label of the scale each result is on; several columns become one with `group_codes(...)[0]`.
    min_group
        Classrooms a group needs for a mean and a spread worth using.
    among
        Rows that make mean and spread, such as results of whole classes where groups of students stand beside them;
        default all.

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
    known = ~np.isnan(results) & (True if among is None else among)
    size = sum_by(codes[known], np.ones(known.sum()), count)
    mean = sum_by(codes[known], results[known], count) / np.maximum(size, 1)
    centred = results - mean[codes]
    spread = np.sqrt(sum_by(codes[known], np.square(centred[known]), count) / np.maximum(size - 1, 1))
    usable = (size >= max(min_group, 2)) & (spread > 1e-12 * np.maximum(np.abs(mean), 1))
    return np.where(usable[codes], centred / np.where(usable, spread, 1)[codes], np.nan)


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
    earlier: ArrayLike | None = None,
    covariates: Mapping[str, ArrayLike] | None = None,
    jackknife: bool = False,
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
        From `weights.classroom_weights`; None for equal weights.
    school
        School of the classroom this year.
    reference, bands
        The band compared with, and all bands in order.
    earlier
        KPI of the same teacher two years before, NaN where missing: holds fixed whether the last result was unusual.
    covariates
        Labels such as subject or experience band, each with its name. None and NaN become "unknown"; levels with
        fewer than 10 classrooms or 3 schools become "other".
    jackknife
        Whether fewer than 50 schools get jackknife intervals (`least_squares.estimate`).
    level
        Confidence level of the intervals.

    Returns
    -------
    LaggedOutcome
        Differences are in the outcome's units. Rows with a missing outcome, prior or earlier result, or weight 0, are
        left out and counted.

    Raises
    ------
    ValueError
        When columns differ in length, or a label is not among `bands`.

    Notes
    -----
    Weighted least squares of outcome on intercept, prior, earlier, year, covariates and band, clustered by school (see
    `least_squares`). Never with an intercept per teacher as well (Nickell 1981).
    Holding the prior result fixed removes regression to the mean when training was chosen after a bad year; it does
    not remove lasting differences between teachers who take training and those who do not. An association.
    Source: Angrist & Pischke (2009), Mostly Harmless Econometrics, section 5.4.
    """
    dose = places(band, bands)
    rows = lagged_rows(outcome, prior, year, weight, school, earlier=earlier, covariates=covariates)
    if len(dose) != len(rows.used):
        raise ValueError("Columns differ in length.")
    dose, compared = dose[rows.used], False
    columns = dict(rows.columns)
    for place, label in enumerate(bands):
        if label == reference:
            compared = bool((dose == place).any())
        else:
            columns[f"band {place}"] = (dose == place).astype(np.float64)
    table = np.column_stack([*columns.values()])
    sums = school_sums(table, rows.outcome, rows.weight, rows.school, names=[*columns])
    found = estimate(sums, level=level) if jackknife else fit(sums, level=level)
    outcomes = tuple(
        BandOutcome(
            label, *_mean(rows.outcome, rows.weight, dose == place), found[f"band {place}"] if compared else None
        )
        for place, label in enumerate(bands)
    )
    return LaggedOutcome(outcomes, found["prior"], found, int((~rows.used).sum()), rows.merged)


def lagged_rows(
    outcome: ArrayLike,
    prior: ArrayLike,
    year: ArrayLike,
    weight: ArrayLike | None,
    school: ArrayLike,
    *,
    earlier: ArrayLike | None = None,
    covariates: Mapping[str, ArrayLike] | None = None,
) -> LaggedRows:
    """What `lagged_outcome` and `course_outcomes` share: intercept, results before, years and covariates as columns."""
    y = np.asarray(outcome, dtype=np.float64)
    before = {"prior": np.asarray(prior, dtype=np.float64)}
    if earlier is not None:
        before["earlier"] = np.asarray(earlier, dtype=np.float64)
    weights = np.ones(len(y)) if weight is None else np.asarray(weight, dtype=np.float64)
    schools, years = group_codes(school)[0], group_codes(year)[0]
    labels = {name: _without_nan(values) for name, values in (covariates or {}).items()}
    if {len(column) for column in (weights, schools, years, *before.values(), *labels.values())} != {len(y)}:
        raise ValueError("Columns differ in length.")
    used = ~np.isnan(y) & (weights > 0)
    for column in before.values():
        used = used & ~np.isnan(column)
    columns = {"intercept": np.ones(int(used.sum()))} | {name: column[used] for name, column in before.items()}
    columns |= level_columns("year", years[used])
    merged = []
    for name, values in labels.items():
        levels, small = _levels(values[used], schools[used])
        columns |= level_columns(name, levels)
        merged += [f"{name} {label}" for label in small]
    return LaggedRows(columns, y[used], weights[used], schools[used], used, tuple(merged))


def _without_nan(values: ArrayLike) -> NDArray[Any]:
    """Every NaN is unlike every other, so that each would be a level of its own."""
    labels = np.array(values, dtype=object)
    labels[labels != labels] = None
    return labels


def _levels(values: NDArray[Any], schools: Ints) -> tuple[NDArray[np.str_], list[str]]:
    """Levels as text, the small ones in one, and which those were."""
    codes, count = group_codes(values)
    first, among = np.unique(codes, return_index=True)[1], int(schools.max(initial=0)) + 1
    names = [UNKNOWN if label is None else str(label) for label in values[first]]
    reached = np.bincount(np.unique(codes * among + schools) // among, minlength=count)
    small = (np.bincount(codes, minlength=count) < MIN_ROWS) | (reached < MIN_SCHOOLS)
    shown = np.array([OTHER if tiny else name for name, tiny in zip(names, small, strict=True)], dtype=str)
    return shown[codes], sorted(name for name, tiny in zip(names, small, strict=True) if tiny)


def _mean(y: Floats, weights: Floats, chosen: NDArray[np.bool_]) -> tuple[int, float | None]:
    n = int(chosen.sum())
    return n, float(np.average(y[chosen], weights=weights[chosen])) if n else None
