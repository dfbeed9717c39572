"""Leaving by dose of training before it, adjusted by a logit on cells: bands, one slope, and yardsticks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import expit, fdtrc

from pd_tracker.reports.estimators.cells import Cells
from pd_tracker.reports.estimators.design import Design, Levels, Refusal, design, refusal
from pd_tracker.reports.estimators.groups import Floats, Variance, sum_by
from pd_tracker.reports.estimators.intervals import Estimate, Interval
from pd_tracker.reports.estimators.levels import Merged, merge_thin, merged_name
from pd_tracker.reports.estimators.likelihood import Method
from pd_tracker.reports.estimators.logit import Fit, fit
from pd_tracker.reports.estimators.standardised import Standardised, standardised

HOURS = 10.0  # what one step of the slope is
MIN_SCHOOLS_TO_TEST = 10  # a joint test of several bands asks more of the schools than one interval


@dataclass(frozen=True, slots=True)
class Slope:
    """Leaving per 10 hours more: in shares at everybody's covariates, and as an odds ratio.

    `wald` is the F statistic of the bands against a straight line through them, with `bends` and schools - 1 degrees
    of freedom, and `p` its probability; None with fewer than 10 schools or fewer than three bands.
    """

    difference: Interval
    odds_ratio: Interval
    bends: int
    wald: float | None = None
    p: float | None = None


@dataclass(frozen=True, eq=False, slots=True)
class DoseResponse:
    """What was compared, how, and what was found; no bands where `refusal` says why.

    `covariates` compares the levels of each covariate in the same way: yardsticks for the size of a difference.
    `slope` is None without hours, or where the covariates leave the hours no room of their own.
    """

    n: int
    left: int
    schools: int
    excluded: int
    refusal: Refusal
    merged: tuple[Merged, ...] = ()
    dropped: tuple[str, ...] = ()
    method: Method | None = None
    variance: Variance = "none"
    bands: tuple[Standardised, ...] = ()
    covariates: Mapping[str, tuple[Standardised, ...]] | None = None
    slope: Slope | None = None


def dose_response(cells: Cells, *, reference: str, level: float = 0.95) -> DoseResponse:
    """Leaving by band of training the year before, at the same covariates.

    Parameters
    ----------
    cells
        From `person_year_cells`: eligible person-years, exposure wholly before the outcome.
    reference
        Band the others are compared with; when it is joined to another, the joined band.
    level
        Confidence level of the intervals.

    Returns
    -------
    DoseResponse
        Refused with a reason below 200 person-years, below 20 leavers or stayers, or without two bands.

    Notes
    -----
    See `logit.fit` for the model and its uncertainty and `standardised` for rates and comparisons. The slope is the
    same model with the mean hours of a pattern (cut at 100) in place of the bands. An association: a lag removes the
    bias of dividing by time served, not that of who takes training or already means to go.
    """
    cells, merged = merge_thin(cells)
    reference = merged_name(merged, cells.dose.name, reference)
    why = refusal(cells, reference)
    found = DoseResponse(int(cells.n.sum()), int(cells.left.sum()), cells.schools, cells.excluded, why, merged)
    if why:
        return found
    made = design(cells, reference)
    fitted = fit(cells, made.x)
    compared = {one.name: standardised(cells, made, fitted, one.name, level=level) for one in cells.factors}
    return replace(
        found,
        dropped=made.dropped,
        method=fitted.method,
        variance=fitted.variance,
        bands=compared.pop(cells.dose.name),
        covariates=compared,
        slope=_slope(cells, reference, made, fitted, level),
    )


def _slope(cells: Cells, reference: str, bands: Design, fitted: Fit, level: float) -> Slope | None:
    if cells.hours is None:
        return None
    hours, people = cells.by_pattern(cells.hours), cells.people_of_pattern
    mean = hours / people
    made = design(cells, reference, dose=mean / HOURS)
    if cells.dose.name in made.dropped:
        return None
    line = fit(cells, made.x)
    mean_of_band = _by_band(cells, hours) / _by_band(cells, people)
    wald, bends = _bent(fitted, bands.levels[cells.dose.name], mean_of_band)
    return Slope(
        difference=_marginal(cells, made.x, line).interval(level),
        odds_ratio=line.coefficient(-1).exponential(level),
        bends=bends,
        wald=wald,
        p=None if wald is None else float(fdtrc(bends, cells.schools - 1, wald)),
    )


def _marginal(cells: Cells, x: Floats, line: Fit) -> Estimate:
    """Average change of the rate per step of the last column."""
    weight = cells.people_of_pattern / cells.n.sum()
    chance = expit(x @ line.values)
    steep = weight * chance * (1 - chance)
    per_step = line.values[-1]
    gradient = per_step * ((steep * (1 - 2 * chance)) @ x)
    gradient[-1] += steep.sum()
    return line.combined(gradient, float(per_step * steep.sum()))


def _by_band(cells: Cells, values: Floats) -> Floats:
    return sum_by(cells.dose.codes, values, len(cells.dose.levels))


def _bent(fitted: Fit, place: Levels, hours: Floats) -> tuple[float | None, int]:
    """Wald's F for bands that lie on no straight line over their mean hours, and how many ways they can bend."""
    compared = place.separable & (place.column >= 0)
    columns = place.column[compared]
    bends = max(len(columns) - 1, 0)
    if fitted.deviations is None or not bends or len(fitted.deviations) < MIN_SCHOOLS_TO_TEST:
        return None, bends
    distance = hours[compared] - hours[place.baseline]
    across = np.linalg.svd(distance[None, :])[2][1:]
    off, deviations = across @ fitted.values[columns], fitted.deviations[:, columns] @ across.T
    return float(off @ np.linalg.solve(deviations.T @ deviations, off)) / bends, bends
