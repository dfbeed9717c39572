"""Differences in leaving between dose bands, adjusted by comparing like with like inside strata."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pd_tracker.reports.estimators.groups import MIN_CLUSTERS, Floats, Ints, group_codes, places, sum_by, t_critical
from pd_tracker.reports.estimators.rates import Rate, normal_critical, wilson_rate

MIN_ROWS, MIN_LEFT = 200, 20
TINY = 1e-9  # a narrower interval is rounding, not knowledge

Note: TypeAlias = Literal["", "reference", "no shared stratum", "outcome does not vary"]
VarianceKind: TypeAlias = Literal["", "school-clustered", "Sato"]


@dataclass(frozen=True, slots=True)
class BandDifference:
    """One dose band: its crude rate, and how much more often (in shares, not points) it left than the reference.

    `clusters` and `compared` count schools and people (this band and the reference) in the strata that hold both.
    `weight_lost` is the share of all eligible people who stand in strata where this band or the reference has
    nobody: what the comparison cannot speak for. `difference` is None where `note` says why.
    """

    band: Hashable
    crude: Rate
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    compared: int = 0
    clusters: int = 0
    weight_lost: float = 0.0
    variance: VarianceKind = ""
    note: Note = ""


def enough_to_adjust(n: int, left: int) -> bool:
    """Whether an adjusted difference may be shown beside crude rates: 200 person-years and 20 leavers."""
    return n >= MIN_ROWS and left >= MIN_LEFT


def adjusted_differences(
    band: Sequence[Hashable],
    stratum: ArrayLike,
    school: ArrayLike,
    n: ArrayLike,
    left: ArrayLike,
    *,
    reference: Hashable,
    bands: Sequence[Hashable] | None = None,
    level: float = 0.95,
) -> tuple[BandDifference, ...]:
    """Risk difference of every band against the reference band, adjusted by stratification.

    Parameters
    ----------
    band, stratum, school
        Labels of each cell. A stratum of several variables is made with `group_codes(year, experience_band)[0]`.
    n, left
        Eligible person-years in the cell, and how many of them ended in leaving.
    reference
        Label of the band the others are compared with.
    bands
        Labels in the order of the result; default is the order of first appearance. Bands without people stay in.
    level
        Confidence level of the intervals.

    Returns
    -------
    tuple of BandDifference
        One per band, the reference included (note "reference").

    Raises
    ------
    ValueError
        When columns differ in length, a label is not among `bands`, or a cell has more leavers than people.

    Notes
    -----
    Mantel-Haenszel: d = sum_k w_k (p1_k - p0_k) / sum_k w_k with w_k = n1_k n0_k / (n1_k + n0_k). Chosen over direct
    standardization because year x experience strata are small: a stratum with two people in a band then counts
    little instead of being blown up to its share of the district, and a stratum lacking one of the two bands has
    weight 0 by construction (`weight_lost` reports how many people that leaves out). It equals least squares of
    leaving on the band with one intercept per stratum, and its weighted average equals the standardized difference
    when the difference is the same in all strata.
    From 5 schools on the interval is clustered by school: residual scores summed by school, factor
    G/(G-1) (N-1)/(N-K) with K strata + 1, Student's t with G - 1. Below that it is Sato's, which is consistent for
    few large and many small strata alike but knows nothing of schools; `variance` says which. No interval is given
    when the variance is 0. This is an association: strata remove what they name and nothing else.
    Sources: Greenland & Robins (1985), Biometrics 41:55; Sato (1989), Biometrics 45:1323; Cameron & Miller (2015),
    J. Human Resources 50:317.
    """
    order = list(dict.fromkeys(band)) if bands is None else list(bands)
    cells = _cells(places(band, order), stratum, school, n, left)
    base = order.index(reference) if reference in order else -1
    return tuple(_row(cells, label, place, base, level) for place, label in enumerate(order))


@dataclass(frozen=True, slots=True)
class _Cells:
    band: Ints
    stratum: Ints
    school: Ints
    n: Floats
    left: Floats

    def only(self, rows: NDArray[np.bool_]) -> _Cells:
        """Some of the cells, with strata and schools numbered anew."""
        stratum, school = group_codes(self.stratum[rows])[0], group_codes(self.school[rows])[0]
        return _Cells(self.band[rows], stratum, school, self.n[rows], self.left[rows])

    def by_stratum(self, values: Floats) -> Floats:
        return sum_by(self.stratum, values, int(self.stratum.max(initial=-1)) + 1)


def _cells(band: Ints, stratum: ArrayLike, school: ArrayLike, n: ArrayLike, left: ArrayLike) -> _Cells:
    strata, schools = group_codes(stratum)[0], group_codes(school)[0]
    people, leavers = np.asarray(n, dtype=np.float64), np.asarray(left, dtype=np.float64)
    if not len(band) == len(strata) == len(schools) == len(people) == len(leavers):
        raise ValueError("Columns of cells differ in length.")
    if (leavers < 0).any() or (leavers > people).any():
        raise ValueError("A cell has more leavers than people.")
    return _Cells(band, strata, schools, people, leavers).only(people > 0)


def _row(cells: _Cells, label: Hashable, place: int, base: int, level: float) -> BandDifference:
    mine = cells.band == place
    crude = wilson_rate(round(cells.left[mine].sum()), round(cells.n[mine].sum()), level=level)
    if place == base:
        return BandDifference(label, crude, note="reference")
    pair, lost = _shared(cells, mine, cells.band == base)
    people, leavers, clusters = pair.n.sum(), pair.left.sum(), len(np.unique(pair.school))
    row = BandDifference(label, crude, compared=round(people), clusters=clusters, weight_lost=lost)
    if not people:
        return replace(row, note="no shared stratum")
    if leavers in (0, people):
        return replace(row, note="outcome does not vary")
    return _difference(row, pair, (pair.band == place).astype(np.float64), level)


def _shared(cells: _Cells, mine: NDArray[np.bool_], theirs: NDArray[np.bool_]) -> tuple[_Cells, float]:
    """The two bands in the strata that hold both, and the share of everybody in the other strata."""
    both = (cells.by_stratum(cells.n * mine) > 0) & (cells.by_stratum(cells.n * theirs) > 0)
    inside = both[cells.stratum]
    everybody = cells.n.sum()
    lost = 1 - cells.n[inside].sum() / everybody if everybody else 0.0
    return cells.only((mine | theirs) & inside), float(lost)


def _difference(row: BandDifference, pair: _Cells, mine: Floats, level: float) -> BandDifference:
    n1, n = pair.by_stratum(pair.n * mine), pair.by_stratum(pair.n)
    contrast = mine - (n1 / n)[pair.stratum]
    weight = float((np.square(contrast) * pair.n).sum())  # = sum of n1 n0 / n over strata
    value = float((contrast * pair.left).sum()) / weight
    kind: VarianceKind = "school-clustered" if row.clusters >= MIN_CLUSTERS else "Sato"
    if kind == "Sato":
        left1 = pair.by_stratum(pair.left * mine)
        reach = normal_critical(level) * sqrt(_sato(n1, n - n1, left1, pair.by_stratum(pair.left) - left1, value))
    else:
        residual = pair.left - pair.n * ((pair.by_stratum(pair.left) / n)[pair.stratum] + value * contrast)
        reach = t_critical(row.clusters, level) * sqrt(_clustered(pair, contrast * residual, row.clusters)) / weight
    row = replace(row, difference=value)
    return replace(row, low=max(value - reach, -1), high=min(value + reach, 1), variance=kind) if reach > TINY else row


def _clustered(pair: _Cells, score: Floats, clusters: int) -> float:
    people, parameters = pair.n.sum(), int(pair.stratum.max()) + 2
    if people <= parameters:
        return 0.0
    factor = clusters / (clusters - 1) * (people - 1) / (people - parameters)
    return float(factor * np.square(sum_by(pair.school, score, clusters)).sum())


def _sato(n1: Floats, n0: Floats, left1: Floats, left0: Floats, value: float) -> float:
    n = n1 + n0
    p = (n1**2 * left0 - n0**2 * left1 + n1 * n0 * (n0 - n1) / 2) / n**2
    q = (left1 * (n0 - left0) + left0 * (n1 - left1)) / (2 * n)
    return max(float((value * p.sum() + q.sum()) / (n1 * n0 / n).sum() ** 2), 0.0)
