"""Rows of teachers and years as tables with a row per teacher."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pd_tracker.reports.estimators.groups import Floats, Ints, first_label, group_codes, sum_by


@dataclass(frozen=True, eq=False, slots=True)
class Panel:
    """Results and weights of shape (teachers, years), NaN and 0 where there is none."""

    years: tuple[int, ...]
    y: Floats
    weight: Floats
    cohort: Floats
    cluster: Ints
    clusters: int
    excluded: int

    def share(self, cohort: int) -> tuple[float, Floats]:
        """The cohort's share of all teachers, and what each school contributes to that share's uncertainty."""
        mine = self.cohort == cohort
        share = float(mine.mean())
        return share, sum_by(self.cluster, mine - share, self.clusters) / len(mine)

    def schools(self, chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Which schools the chosen teachers come from."""
        seen: NDArray[np.bool_] = np.bincount(self.cluster[chosen], minlength=self.clusters) > 0
        return seen


def read_panel(
    unit: ArrayLike,
    cluster: ArrayLike,
    time: ArrayLike,
    outcome: ArrayLike,
    cohort: ArrayLike,
    weight: ArrayLike | None,
) -> Panel:
    """Arrange rows by teacher and year; the columns are those of `event_study`, which also names the errors."""
    y, when = np.asarray(outcome, dtype=np.float64), np.asarray(time, dtype=np.int64)
    weights = np.ones(len(y)) if weight is None else np.asarray(weight, dtype=np.float64)
    groups = np.asarray(cohort, dtype=np.float64)
    teachers, schools = group_codes(unit)[0], group_codes(cluster)[0]
    if not len(teachers) == len(schools) == len(when) == len(y) == len(groups) == len(weights):
        raise ValueError("Columns differ in length.")
    if np.isnan(groups).any():
        raise ValueError("The first year of training must be known; 0 stands for never.")
    home, groups = first_label(teachers, when, schools), np.where(groups == 0, np.inf, groups)
    if (first_label(teachers, when, groups) != groups).any():
        raise ValueError("A teacher has more than one first year of training.")
    used = ~np.isnan(y) & (weights > 0)
    row, count = group_codes(teachers[used])
    years, column = np.unique(when[used], return_inverse=True)
    if np.bincount(row * max(len(years), 1) + column).max(initial=0) > 1:
        raise ValueError("A teacher has more than one result in a year; average them first.")
    results, weighed = np.full((count, len(years)), np.nan), np.zeros((count, len(years)))
    results[row, column], weighed[row, column] = y[used], weights[used]
    first = np.unique(row, return_index=True)[1]
    clusters, number = group_codes(home[used][first])
    return Panel(tuple(years.tolist()), results, weighed, groups[used][first], clusters, number, int((~used).sum()))
