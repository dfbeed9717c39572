"""Logistic regression on cells: maximum likelihood, Firth's where that has no solution, and what schools do to it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pd_tracker.reports.estimators.cells import Cells, Factor
from pd_tracker.reports.estimators.groups import Floats, Ints, Variance, group_codes, spread, sum_by, variance_kind
from pd_tracker.reports.estimators.intervals import Estimate
from pd_tracker.reports.estimators.likelihood import Method, Solution, solve


@dataclass(frozen=True, eq=False, slots=True)
class Fit:
    """Coefficients of the columns, and how they vary with the schools.

    `deviations` has shape (schools, columns): D'D is the covariance matrix (see `groups.spread`); None with fewer
    than 5 schools. `method` tells whether likelihood or Firth's was maximised.
    """

    values: Floats
    deviations: Floats | None
    method: Method
    variance: Variance

    @property
    def covariance(self) -> Floats | None:
        return None if self.deviations is None else self.deviations.T @ self.deviations

    def coefficient(self, column: int) -> Estimate:
        """Log odds per unit of one column."""
        return self.combined(np.eye(len(self.values))[column])

    def combined(self, gradient: Floats, value: float | None = None) -> Estimate:
        """A function of the coefficients with this gradient; default is the linear one."""
        found = float(gradient @ self.values) if value is None else value
        return Estimate(found, None if self.deviations is None else self.deviations @ gradient)


def fit(cells: Cells, x: Floats) -> Fit:
    """Log odds of leaving as a linear function of the columns.

    Parameters
    ----------
    cells
        Person-years and leavers; some left and some stayed.
    x
        One row per pattern, no column a sum of others, the first one throughout.

    Returns
    -------
    Fit
        Clustered by school: sums of scores from 50 schools on, refits without one school after the other from 5 on.

    Raises
    ------
    ArithmeticError
        When even Firth's likelihood has no maximum within 100 steps; not known to happen with bounded columns.

    Notes
    -----
    The same digits as on rows (Wong et al. 2021, arXiv 2102.11297). Likelihood has no maximum when some level has no
    leaver or no stayer; where that is so, or would be once some school is set aside, or chances run to 0 or 1, all
    fits are Firth's (see `likelihood`). Standard errors know schools and nothing beside; all are for associations.
    Source: Cameron & Miller (2015), J. Human Resources 50:317.
    """
    kind = variance_kind(cells.schools)
    certain = separated(cells, without_one=kind == "school jackknife")
    found = (None if certain else _fit(cells, x, kind, "maximum likelihood")) or _fit(cells, x, kind, "Firth")
    if found is None:
        raise ArithmeticError("The model of leaving did not settle.")
    return found


def separated(cells: Cells, *, without_one: bool = False) -> bool:
    """Whether in some level all left or all stayed, or would once some school is set aside."""
    if not without_one:
        ends = cells.left_of_pattern, cells.people_of_pattern - cells.left_of_pattern
        return any(_lacks_a_level(factor, ending) for factor in cells.factors for ending in ends)
    return any(
        (counts.sum(axis=1) - counts.max(axis=1) <= 0).any()
        for factor in cells.factors
        for counts in (_by_level(cells, factor, cells.left), _by_level(cells, factor, cells.n - cells.left))
    )


def _lacks_a_level(factor: Factor, people: Floats) -> bool:
    level, levels = group_codes(factor.codes)
    return bool((sum_by(level, people, levels) <= 0).any())


def _by_level(cells: Cells, factor: Factor, values: Ints) -> Floats:
    """Sums per level with anybody in it, shape (levels, schools)."""
    present, level = np.unique(factor.codes, return_inverse=True)
    code = level[cells.pattern] * cells.schools + cells.school
    return sum_by(code, values, len(present) * cells.schools).reshape(len(present), cells.schools)


def _fit(cells: Cells, x: Floats, kind: Variance, method: Method) -> Fit | None:
    n, left = cells.people_of_pattern, cells.left_of_pattern
    whole = solve(x, n, left, method)
    if whole is None:
        return None
    if kind == "none":
        return Fit(whole.values, None, method, kind)
    deviations = _influence(cells, x, whole) if kind == "school-clustered" else _without_each(cells, x, whole, method)
    return None if deviations is None else Fit(whole.values, spread(deviations, kind), method, kind)


def _influence(cells: Cells, x: Floats, whole: Solution) -> Floats:
    scores = cells.by_school(x, cells.left - cells.n * whole.expected[cells.pattern])
    return scores @ whole.bread.T


def _without_each(cells: Cells, x: Floats, whole: Solution, method: Method) -> Floats | None:
    n, left = cells.people_of_pattern, cells.left_of_pattern
    deviations = np.empty((cells.schools, x.shape[1]))
    for school in range(cells.schools):
        its = cells.school == school
        others = solve(
            x, n - cells.by_pattern(cells.n * its), left - cells.by_pattern(cells.left * its), method, whole.values
        )
        if others is None:
            return None
        deviations[school] = others.values - whole.values
    return deviations
