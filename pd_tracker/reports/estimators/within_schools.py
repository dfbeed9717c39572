"""A second opinion on leaving by dose: the same teachers compared inside their school and year only."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from pd_tracker.reports.estimators.cells import Cells
from pd_tracker.reports.estimators.design import Design, Refusal, design, refusal
from pd_tracker.reports.estimators.groups import Floats, Ints, Variance, group_codes, spread, sum_by, variance_kind
from pd_tracker.reports.estimators.intervals import Estimate, Interval
from pd_tracker.reports.estimators.least_squares import COLLINEAR, Solved, Sums, entangled, school_sums, solve
from pd_tracker.reports.estimators.levels import Merged, merge_thin, merged_name

Flags: TypeAlias = NDArray[np.bool_]
# Coefficients by column across schools and inside them, and which columns vary inside.
Compared: TypeAlias = tuple[dict[int, Estimate], dict[int, Estimate], Flags]


@dataclass(frozen=True, slots=True)
class BandWithin:
    """One dose band against the reference, in shares: across all schools, inside school and year, and the first minus
    the second; None for the reference, and where a comparison cannot tell the band from everything else.

    `schools_differ` says that the two are more than one standard error of their difference apart.
    """

    level: str
    pooled: Interval | None = None
    within: Interval | None = None
    difference: Interval | None = None
    schools_differ: bool = False


@dataclass(frozen=True, slots=True)
class WithinSchools:
    """Both comparisons for every band; no bands where `refusal` says why.

    `compared` counts person-years in a school and year with more than one band: the others say nothing inside schools.
    `absorbed` names columns that do not vary inside a school and year, `dropped` those that others explain.
    """

    n: int
    schools: int
    refusal: Refusal
    merged: tuple[Merged, ...] = ()
    compared: int = 0
    absorbed: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    variance: Variance = "none"
    bands: tuple[BandWithin, ...] = ()


def within_schools(cells: Cells, *, reference: str, year: str = "year", level: float = 0.95) -> WithinSchools:
    """Linear model of leaving, once as it is and once with an intercept for every school and year.

    Parameters
    ----------
    cells
        From `person_year_cells`, with the school year among the covariates.
    reference
        Band the others are compared with; when it is joined to another, the joined band.
    year
        Name of the covariate that holds the school year.
    level
        Confidence level of the intervals.

    Returns
    -------
    WithinSchools
        Refused for the same reasons as `dose_response`.

    Raises
    ------
    KeyError
        When there is no covariate of that name.

    Notes
    -----
    Least squares of left (0/1) on bands and covariates, pooled, and after subtracting the mean of the school and year
    from every column, which is exact. Both are linear, so that their difference is about schools and not about the
    form of the model. Schools are resampled in both at once: sums of scores from 50 schools on, fits without one
    school after the other from 5 on. What a climate shared by a school does to both training and leaving cancels
    inside it; what sets colleagues apart does not, and training that spreads to colleagues is understated.
    Source: Cameron & Miller (2015), J. Human Resources 50:317, section III; Wooldridge (2010), Econometric Analysis of
    Cross Section and Panel Data, section 10.5.
    """
    cells, merged = merge_thin(cells)
    reference = merged_name(merged, cells.dose.name, reference)
    why = refusal(cells, reference)
    found = WithinSchools(int(cells.n.sum()), cells.schools, why, merged, variance=variance_kind(cells.schools))
    if why:
        return found
    made, code = design(cells, reference), _school_years(cells, year)
    compare = _clustered if found.variance == "school-clustered" else _refitted
    across, within, varies = compare(cells, made, code, found.variance)
    constant = [name for name, changes in zip(made.names, varies.tolist(), strict=True) if not changes]
    explained = (made.names[column] for column in range(len(made.names)) if column not in within)
    return replace(
        found,
        compared=_compared(cells, code),
        absorbed=tuple(name for name in constant if name != "intercept" and not name.startswith(f"{year}: ")),
        dropped=(*made.dropped, *(name for name in explained if name not in constant)),
        bands=tuple(
            _band(name, across.get(column), within.get(column), level)
            for name, column in zip(cells.dose.levels, made.levels[cells.dose.name].column.tolist(), strict=True)
        ),
    )


def _school_years(cells: Cells, year: str) -> Ints:
    return group_codes(cells.factor(year).codes[cells.pattern], cells.school)[0]


def _compared(cells: Cells, code: Ints) -> int:
    """Person-years in a school and year with more than one band."""
    seen = np.zeros((int(code.max()) + 1, len(cells.dose.levels)), dtype=bool)
    seen[code, cells.dose.codes[cells.pattern]] = True
    return int(cells.n[seen.sum(axis=1)[code] > 1].sum())


def _clustered(cells: Cells, made: Design, code: Ints, kind: Variance) -> Compared:
    """Rows of many schools are never spread out into columns: sums of patterns and of groups say the same."""
    x, n = made.x, cells.people_of_pattern
    xx, xy = x.T @ (n[:, None] * x), x.T @ cells.left_of_pattern
    people, left = (sum_by(code, values, int(code.max()) + 1) for values in (cells.n, cells.left))
    of_group = cells.by_group(code, len(people), x, cells.n)
    inside, inside_y = xx - of_group.T @ (of_group / people[:, None]), xy - of_group.T @ (left / people)
    varies = np.asarray(np.diagonal(inside) > COLLINEAR * np.diagonal(xx), dtype=np.bool_)
    both = np.outer(varies, varies)

    def scores(found: Solved, *, less_mean: bool) -> Floats:
        rest = cells.left - cells.n * (x[:, found.keep] @ found.values)[cells.pattern]
        if less_mean:
            rest = rest - cells.n * (sum_by(code, rest, len(people)) / people)[code]
        return cells.by_school(x[:, found.keep], rest)

    across, within = _whole(xx, xy), _whole(np.where(both, inside, 0.0), np.where(varies, inside_y, 0.0))
    return (
        _alone(xx, across, spread(scores(across, less_mean=False) @ across.inverse, kind)),
        _alone(np.where(both, inside, 0.0), within, spread(scores(within, less_mean=True) @ within.inverse, kind)),
        varies,
    )


def _whole(xx: Floats, xy: Floats) -> Solved:
    """The fit of everybody, without the parts of schools."""
    together = Sums((), xx[None], xy[None], np.zeros(1), np.ones(1, dtype=np.int64), np.zeros(1))
    return solve(together)


def _refitted(cells: Cells, made: Design, code: Ints, kind: Variance) -> Compared:
    rows, share = made.x[cells.pattern], cells.left / cells.n
    inside = _inside(rows, cells.n, code)
    across, within = (_own(school_sums(x, share, cells.n, cells.school), kind) for x in (rows, inside))
    return across, within, np.asarray(inside.any(axis=0), dtype=np.bool_)


def _inside(x: Floats, n: Ints, code: Ints) -> Floats:
    """Columns less their mean in each group; what varied by rounding alone is 0."""
    groups = int(code.max()) + 1
    people = sum_by(code, n, groups)
    means = np.column_stack([sum_by(code, n * column, groups) / people for column in x.T])
    left = x - means[code]
    varies = n @ np.square(left) > COLLINEAR * (n @ np.square(x))
    return np.where(varies, left, 0.0)


def _own(sums: Sums, kind: Variance) -> dict[int, Estimate]:
    found = solve(sums)
    deviations = None if kind == "none" else spread(_without_each(sums, found), kind)
    return _alone(sums.xx.sum(axis=0), found, deviations)


def _alone(total: Floats, found: Solved, deviations: Floats | None) -> dict[int, Estimate]:
    """Coefficient of every column that stands for itself alone."""
    shared = entangled(total, found.keep)
    return {
        column: Estimate(float(found.values[place]), None if deviations is None else deviations[:, place])
        for place, column in enumerate(found.keep)
        if column not in shared
    }


def _without_each(sums: Sums, found: Solved) -> Floats:
    xx = sums.xx[:, found.keep][:, :, found.keep]
    scale = 1 / np.sqrt(np.diagonal(xx.sum(axis=0)))
    others = np.linalg.pinv((xx.sum(axis=0) - xx) * np.outer(scale, scale), rcond=COLLINEAR, hermitian=True)
    without_each: Floats = -np.einsum("gij,gj->gi", others, found.scores * scale) * scale
    return without_each


def _band(name: str, across: Estimate | None, within: Estimate | None, level: float) -> BandWithin:
    if across is None or within is None:
        pooled, inside = (one.interval(level) if one else None for one in (across, within))
        return BandWithin(name, pooled, inside)
    apart = (across - within).interval(level)
    differ = apart.se is not None and abs(apart.value) > apart.se
    return BandWithin(name, across.interval(level), within.interval(level), apart, differ)
