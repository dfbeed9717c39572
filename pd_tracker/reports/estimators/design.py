"""From cells to the columns of a model: one for every level but the one compared with, none that carry nothing new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from pd_tracker.reports.estimators.cells import Cells, Factor
from pd_tracker.reports.estimators.groups import Floats, Ints, sum_by
from pd_tracker.reports.estimators.least_squares import entangled, independent
from pd_tracker.reports.estimators.levels import MIN_SCHOOLS
from pd_tracker.reports.estimators.stratified import MIN_LEFT, MIN_ROWS

Refusal: TypeAlias = Literal[
    "", "nobody", "nobody left", "everybody left", "few person-years", "few leavers", "few stayers",
    "few schools", "no reference", "one band",
]  # fmt: skip


@dataclass(frozen=True, eq=False, slots=True)
class Levels:
    """Where the levels of a factor stand in a design.

    `baseline` is the place of the level without a column, `column` the column of each level (-1 for the baseline and
    for dropped ones), `separable` whether the level can be told apart from everything else in the model.
    """

    baseline: int
    column: Ints
    separable: NDArray[np.bool_]


@dataclass(frozen=True, eq=False, slots=True)
class Design:
    """Columns of a model and their names, one row per pattern; the first is 1 throughout.

    `dropped` names the columns that the ones before them already explain.
    """

    x: Floats
    names: tuple[str, ...]
    levels: Mapping[str, Levels]
    dropped: tuple[str, ...]


def refusal(cells: Cells, reference: str) -> Refusal:
    """Why no model may be fitted to these cells, after thin levels were merged; empty when one may."""
    people, left = int(cells.n.sum()), int(cells.left.sum())
    reasons: dict[Refusal, bool] = {
        "nobody": people == 0,
        "nobody left": left == 0,
        "everybody left": left == people,
        "few person-years": people < MIN_ROWS,
        "few leavers": left < MIN_LEFT,
        "few stayers": people - left < MIN_LEFT,
        "few schools": cells.schools < MIN_SCHOOLS,
        "no reference": reference not in cells.dose.levels,
        "one band": len(cells.dose.levels) < 2,
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def design(cells: Cells, reference: str, *, dose: Floats | None = None) -> Design:
    """Columns for an intercept, the covariates and the dose, in that order.

    Parameters
    ----------
    cells
        From `merge_thin`.
    reference
        Level of the dose that the others are compared with.
    dose
        One number per pattern to stand for the dose instead of its bands, for a slope.

    Returns
    -------
    Design
        Covariates are coded against their most frequent level. Where columns repeat each other the later is dropped,
        so a dose that covariates explain is given up rather than credited with what may be theirs.

    Notes
    -----
    A kept column that takes part in the sum that makes up a dropped one stands for both; its level is not separable.
    """
    people = cells.people_of_pattern
    baselines = {one.name: _most(one, people) for one in cells.covariates}
    coded = list(cells.covariates)
    if dose is None:
        baselines[cells.dose.name] = cells.dose.levels.index(reference)
        coded.append(cells.dose)
    wanted = [(one, level) for one in coded for level in range(len(one.levels)) if level != baselines[one.name]]
    columns = [np.ones(len(people)), *(one.codes == level for one, level in wanted), *([] if dose is None else [dose])]
    x = np.column_stack(columns).astype(np.float64)
    total = x.T @ (people[:, None] * x)
    keep = independent(total)
    shared = entangled(total, keep)
    names = ["intercept", *(f"{one.name}: {one.levels[level]}" for one, level in wanted), cells.dose.name]
    return Design(
        x=x[:, keep],
        names=tuple(names[column] for column in keep),
        levels=_levels(coded, baselines, wanted, keep, shared),
        dropped=tuple(names[column] for column in range(x.shape[1]) if column not in keep),
    )


def _most(factor: Factor, people: Floats) -> int:
    return int(sum_by(factor.codes, people, len(factor.levels)).argmax())


def _levels(
    coded: Sequence[Factor],
    baselines: Mapping[str, int],
    wanted: Sequence[tuple[Factor, int]],
    keep: Sequence[int],
    shared: set[int],
) -> dict[str, Levels]:
    found = {}
    for factor in coded:
        column = np.full(len(factor.levels), -1)
        separable = np.arange(len(factor.levels)) == baselines[factor.name]
        for number, (one, level) in enumerate(wanted, start=1):
            if one is factor and number in keep:
                column[level] = keep.index(number)
                separable[level] = number not in shared
        found[factor.name] = Levels(baselines[factor.name], column, separable)
    return found
