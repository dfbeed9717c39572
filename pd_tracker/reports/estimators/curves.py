"""What curves over tenure years share: counts by school and year, where they may begin and end, and their limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pd_tracker.reports.estimators.groups import Floats, Ints, group_codes, sum_by
from pd_tracker.reports.estimators.rates import normal_critical

MIN_CLUSTERS = 10  # below ten schools the clustered variance of a curve is itself too uncertain

VarianceKind: TypeAlias = Literal["school-clustered", "Greenwood"]


@dataclass(frozen=True, eq=False, slots=True)
class Counts:
    """People per school and tenure year: at risk, leaving in each of K ways, and not observed afterwards.

    Shapes (schools, years), (K, schools, years) and (schools, years); every school and year has somebody at risk.
    `year` numbers the years.
    """

    year: Ints
    at_risk: Floats
    exits: Floats
    censored: Floats

    @property
    def clustered(self) -> bool:
        """Whether there are schools enough for a variance that knows them."""
        return len(self.at_risk) >= MIN_CLUSTERS


def count_spells(
    entry: ArrayLike, exit: ArrayLike, way: ArrayLike, ways: int, cluster: ArrayLike | None, max_t: int | None
) -> Counts:
    """Counts of spells that end in tenure year `exit` in one of `ways` ways out, or in view still where `way` is -1.

    ValueError when columns differ in length, an entry is negative or an exit is not after its entry.
    """
    began, ended, out = (np.asarray(column, dtype=np.int64) for column in (entry, exit, way))
    schools, count = _schools(cluster, len(began))
    if not len(began) == len(ended) == len(out) == len(schools):
        raise ValueError("Columns of spells differ in length.")
    if (began < 0).any() or (ended <= began).any():
        raise ValueError("A spell needs an entry of 0 or more and an exit after it.")
    years = int(ended.max(initial=0))
    began_in = _table(schools, began + 1, np.ones(len(began)), count, years)
    exits = np.stack([_table(schools, ended, out == one, count, years) for one in range(ways)])
    censored = _table(schools, ended, out < 0, count, years)
    gone = exits.sum(axis=0) + censored
    return _counts(np.cumsum(began_in - gone, axis=1) + gone, exits, censored, max_t)


def count_cells(
    year: ArrayLike,
    at_risk: ArrayLike,
    exits: Sequence[ArrayLike],
    censored: ArrayLike,
    cluster: ArrayLike | None,
    max_t: int | None,
) -> Counts:
    """Counts of cells, added up where year and school are the same; `exits` has one column per way out.

    ValueError when columns differ in length, a year is below 1, a count is negative, or more people left or were lost
    from view than were at risk.
    """
    years = np.asarray(year, dtype=np.int64)
    columns = [np.asarray(column, dtype=np.int64) for column in (at_risk, censored, *exits)]
    schools, count = _schools(cluster, len(years))
    if any(len(column) != len(years) for column in (*columns, schools)):
        raise ValueError("Columns of cells differ in length.")
    if (years < 1).any() or any((column < 0).any() for column in columns):
        raise ValueError("Tenure years count from 1, and counts are never negative.")
    n, c, *out = (_table(schools, years, column, count, int(years.max(initial=0))) for column in columns)
    return _counts(n, np.stack(out), c, max_t)


def _counts(n: Floats, exits: Floats, c: Floats, max_t: int | None) -> Counts:
    if (exits.sum(axis=0) + c > n).any():
        raise ValueError("More people left or were lost from view than were at risk.")
    years = _unbroken(n.sum(axis=0)[:max_t])
    n, exits, c = n[:, years], exits[:, :, years], c[:, years]
    seen = n.any(axis=1)
    return Counts(np.arange(years.start + 1, years.stop + 1, dtype=np.int64), n[seen], exits[:, seen], c[seen])


def _schools(cluster: ArrayLike | None, rows: int) -> tuple[Ints, int]:
    return (np.zeros(rows, dtype=np.int64), 1) if cluster is None else group_codes(cluster)


def _table(school: Ints, year: Ints, values: ArrayLike, schools: int, years: int) -> Floats:
    """Sums of values as a school x year table; nothing may get lost on the way."""
    table = sum_by(school * years + year - 1, values, schools * years).reshape(schools, years)
    if table.sum() != np.sum(values, dtype=np.float64):
        raise ArithmeticError("Cells do not add up to their rows.")
    return table


def _unbroken(at_risk: Floats) -> slice:
    """The first run of years with anybody at risk: beyond a gap nothing ties the curve to what came before."""
    someone = np.flatnonzero(at_risk > 0)
    if not someone.size:
        return slice(0, 0)
    start = int(someone[0])
    empty = np.flatnonzero(at_risk[start:] == 0)
    return slice(start, start + int(empty[0]) if empty.size else len(at_risk))


def limits(survival: Floats, variance: Floats, at_risk: Floats, level: float) -> tuple[Floats, Floats]:
    """Log-log limits of a share still here from the variance of its logarithm, exact ones at 1 and 0."""
    low, high = np.zeros_like(survival), np.ones_like(survival)
    within = (survival > 0) & (survival < 1)
    curve = survival[within]
    reach = normal_critical(level) * np.sqrt(variance[within]) / -np.log(curve)
    low[within], high[within] = curve ** np.exp(reach), curve ** np.exp(-reach)
    exact = ((1 - level) / 2) ** (1 / at_risk)
    low[survival == 1] = exact[survival == 1]
    _close(high, survival == 0, exact)
    return low, high


def _close(high: Floats, gone: NDArray[np.bool_], exact: Floats) -> None:
    if gone.any():
        first = int(np.flatnonzero(gone)[0])
        high[first:] = (high[first - 1] if first else 1.0) * (1 - exact[first])
