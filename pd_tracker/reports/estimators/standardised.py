"""Rates everybody would have at each level of a factor, and how they differ, from a logit on cells."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import numpy as np
from scipy.special import expit

from pd_tracker.reports.estimators.cells import Cells, Factor
from pd_tracker.reports.estimators.design import Design
from pd_tracker.reports.estimators.groups import Floats, group_codes, sum_by
from pd_tracker.reports.estimators.intervals import Estimate, Interval
from pd_tracker.reports.estimators.logit import Fit

MOST_UNSUPPORTED = 0.1

Note: TypeAlias = Literal["", "reference", "not separable"]


@dataclass(frozen=True, slots=True)
class Standardised:
    """One level: its people as counted, its rate if everybody were at it, and that rate beside the reference's.

    Shares from 0 to 1; `difference` is in shares, level minus reference. `unsupported` is the share of everybody in
    combinations of the other factors in which nobody is at this level: there the rate is the model's word alone.
    Rate and comparisons are None where `note` says why.
    """

    level: str
    n: int
    left: int
    unsupported: float
    rate: Interval | None = None
    difference: Interval | None = None
    risk_ratio: Interval | None = None
    odds_ratio: Interval | None = None
    note: Note = ""

    @property
    def supported(self) -> bool:
        """Whether the comparison rests on people, but for a tenth at most."""
        return self.unsupported <= MOST_UNSUPPORTED


def standardised(cells: Cells, made: Design, fit: Fit, factor: str, *, level: float = 0.95) -> tuple[Standardised, ...]:
    """Compare the levels of a factor with its baseline at the mix of everybody's other factors (g-computation).

    Parameters
    ----------
    cells, made, fit
        Cells, their design and the logit fitted on it.
    factor
        Name of the dose or of a covariate; covariates have their most frequent level as baseline.
    level
        Confidence level of the intervals.

    Returns
    -------
    tuple of Standardised
        One per level, in order, the baseline with note "reference".

    Notes
    -----
    R_d = sum (N_x/N) expit(x(d)'b) over everybody; differences R_d - R_ref, ratios R_d/R_ref, odds ratios exp(b_d).
    Delta method with gradient sum w p(1-p) x(d), applied to each school's influence on b; t with G - 1 degrees of
    freedom; ratios on the log scale. It assumes that a level shifts log odds alike for everybody. The comparison is
    of groups alike in what the model names and in nothing else: an association.
    Source: Hernan & Robins (2020), Causal Inference: What If, chapter 13.
    """
    its, place = cells.factor(factor), made.levels[factor]
    people, left = (
        sum_by(its.codes, column, len(its.levels)) for column in (cells.people_of_pattern, cells.left_of_pattern)
    )
    counted = zip(its.levels, people, left, _unsupported(cells, its), strict=True)
    rows = [Standardised(name, round(n), round(gone), float(empty)) for name, n, gone, empty in counted]
    rates = _rates(cells, made, fit, factor)
    found = []
    for code, row in enumerate(rows):
        column = int(place.column[code])
        if not place.separable[code]:
            found.append(replace(row, note="not separable"))
        elif column < 0:
            found.append(replace(row, rate=rates[code].interval(level), note="reference"))
        else:
            found.append(_compared(row, rates[code], rates[place.baseline], fit.coefficient(column), level))
    return tuple(found)


def _compared(row: Standardised, rate: Estimate, other: Estimate, odds: Estimate, level: float) -> Standardised:
    return replace(
        row,
        rate=rate.interval(level),
        difference=(rate - other).interval(level),
        risk_ratio=(rate.log() - other.log()).exponential(level),
        odds_ratio=odds.exponential(level),
    )


def _unsupported(cells: Cells, factor: Factor) -> Floats:
    others = [one.codes for one in cells.factors if one is not factor]
    people = cells.people_of_pattern
    mix, mixes = group_codes(*others) if others else (np.zeros(len(people), dtype=np.int64), 1)
    seen = np.zeros((len(factor.levels), mixes), dtype=bool)
    seen[factor.codes, mix] = True
    share: Floats = ~seen @ sum_by(mix, people, mixes) / people.sum()
    return share


def _rates(cells: Cells, made: Design, fit: Fit, factor: str) -> list[Estimate]:
    """Rate of everybody at each level."""
    columns = made.levels[factor].column
    weight = cells.people_of_pattern / cells.n.sum()
    bare = made.x.copy()
    bare[:, columns[columns >= 0]] = 0
    odds = bare @ fit.values
    return [_rate(fit, bare, odds, weight, int(column)) for column in columns]


def _rate(fit: Fit, bare: Floats, odds: Floats, weight: Floats, column: int) -> Estimate:
    chance = expit(odds + fit.values[column]) if column >= 0 else expit(odds)
    slope = weight * chance * (1 - chance)
    gradient = slope @ bare
    if column >= 0:
        gradient[column] = slope.sum()
    return fit.combined(gradient, float(weight @ chance))
