"""Shares who have left in each of several ways by tenure year: move, leave, retire. Each exit counts once."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from pd_tracker.reports.estimators.curves import Counts, count_cells, count_spells, limits
from pd_tracker.reports.estimators.groups import Floats, Ints, places
from pd_tracker.reports.estimators.life_table import LifeTable, from_counts


@dataclass(frozen=True, eq=False, slots=True)
class ExitCurve:
    """One way out, one entry per tenure year of the table beside it.

    `share` of those who began `year[0]` had left in this way by the end of the year; `hazard` is the share of those at
    risk who left in it that year.
    """

    way: Hashable
    exits: Ints
    hazard: Floats
    share: Floats
    se: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, eq=False, slots=True)
class CompetingExits:
    """Ways out in order, and the life table of those still here: shares of all ways and `stayed.survival` add to 1."""

    stayed: LifeTable
    ways: tuple[ExitCurve, ...]

    def while_at_risk(self, minimum: int = 10) -> CompetingExits:
        """The curves up to the last year before fewer than `minimum` people were at risk."""
        stayed = self.stayed.while_at_risk(minimum)
        return CompetingExits(stayed, tuple(_first(curve, len(stayed.year)) for curve in self.ways))


def competing_exits(
    entry: ArrayLike,
    exit: ArrayLike,
    way: Sequence[Hashable | None],
    cluster: ArrayLike | None = None,
    *,
    ways: Sequence[Hashable],
    max_t: int | None = None,
    level: float = 0.95,
) -> CompetingExits:
    """Cumulative incidence from one row per employment spell.

    Parameters
    ----------
    entry, exit
        Whole years of tenure when observation began, and last tenure year observed (see `life_table`).
    way
        How the person left in that year; None where observation merely ended.
    cluster
        School of each spell; None when schools are not known.
    ways
        All ways out, in the order of the result; a way nobody took stays in.
    max_t
        Last tenure year; None for all.
    level
        Confidence level of the intervals.

    Returns
    -------
    CompetingExits
        Empty arrays without spells.

    Raises
    ------
    ValueError
        When columns differ in length, a spell ends before it begins, or a way is not among `ways`.

    Notes
    -----
    See `competing_exits_from_cells` for the method.
    """
    codes = places([*way], [None, *ways]) - 1
    return _estimate(count_spells(entry, exit, codes, len(ways), cluster, max_t), ways, level)


def competing_exits_from_cells(
    year: ArrayLike,
    at_risk: ArrayLike,
    exits: Mapping[Hashable, ArrayLike],
    censored: ArrayLike,
    cluster: ArrayLike | None = None,
    *,
    max_t: int | None = None,
    level: float = 0.95,
) -> CompetingExits:
    """Cumulative incidence from counts grouped by tenure year and school.

    Parameters
    ----------
    year, at_risk, censored, cluster
        As in `life_table_from_cells`.
    exits
        For each way out, how many of the people at risk in the cell left in it.
    max_t
        Last tenure year; None for all.
    level
        Confidence level of the intervals.

    Returns
    -------
    CompetingExits
        One curve per key of `exits`, in its order.

    Raises
    ------
    ValueError
        When columns differ in length, a year is below 1, a count is negative, or more people left or were lost from
        view than were at risk.

    Notes
    -----
    CIF_k(t) = sum over years s to t of h_k(s) S(s - 1), the Aalen-Johansen estimator. One minus the life table of one
    way, with the other ways as ends of observation, answers what nobody asks: who would leave if there were no other
    way out. It is always more, and such shares add to more than 1.
    A year's exits move a later share in two ways: by those who leave in this way, and by all who are no longer there
    to do so. With 10 or more schools the variance sums that influence by school, factor G/(G-1); below that it is the
    delta method for the multinomial exits of each year, which for a single way is Greenwood's. Limits are log-log on
    the share who did not leave in this way, exact at 0 and 1, and equal those of the life table for a single way.
    Sources: Kalbfleisch & Prentice (2002), The Statistical Analysis of Failure Time Data, section 8.2; Marubini &
    Valsecchi (1995), Analysing Survival Data, section 10.2.
    """
    counts = count_cells(year, at_risk, [*exits.values()], censored, cluster, max_t)
    return _estimate(counts, [*exits], level)


def _estimate(counts: Counts, ways: Sequence[Hashable], level: float) -> CompetingExits:
    stayed = from_counts(counts, level)
    curves = (_curve(counts, stayed, way, out, level) for way, out in zip(ways, counts.exits, strict=True))
    return CompetingExits(stayed, tuple(curves))


def _curve(counts: Counts, stayed: LifeTable, way: Hashable, out: Floats, level: float) -> ExitCurve:
    exits = out.sum(axis=0)
    before = np.concatenate([[1.0], stayed.survival])[: len(exits)]
    hazard = exits / stayed.at_risk
    share = np.cumsum(hazard * before)
    variance = (
        _clustered(counts, stayed, out, before) if counts.clustered else _multinomial(stayed, exits, before, share)
    )
    low, high = _limits(stayed, exits, share, variance, level)
    return ExitCurve(way, exits.astype(np.int64), hazard, share, np.sqrt(variance), low, high)


def _clustered(counts: Counts, stayed: LifeTable, out: Floats, before: Floats) -> Floats:
    n, schools = counts.at_risk, len(counts.at_risk)
    total, gone, still = stayed.at_risk, stayed.events, stayed.at_risk - stayed.events
    here = (out - n * (out.sum(axis=0) / total)) / total
    others = (counts.exits.sum(axis=0) - n * (gone / total)) / np.where(still > 0, still, 1)
    missing = np.cumsum(others, axis=1) - others
    influence = np.cumsum(before * (here - missing * (out.sum(axis=0) / total)), axis=1)
    variance: Floats = schools / (schools - 1) * np.square(influence).sum(axis=0)
    return variance


def _multinomial(stayed: LifeTable, exits: Floats, before: Floats, share: Floats) -> Floats:
    n, gone, still = (
        column.astype(np.float64) for column in (stayed.at_risk, stayed.events, stayed.at_risk - stayed.events)
    )
    later = (
        share[:, None] - share
    )  # what the people still here after the year of the column have left by that of the row
    by_all = np.square(later) * np.divide(gone, n * still, out=np.zeros_like(n), where=still > 0)
    by_these = np.square(before) * exits * (n - exits) / n**3
    both = later * before * exits / n**2
    variance: Floats = np.maximum(np.tril(by_all + by_these - 2 * both).sum(axis=1), 0.0)
    return variance


def _limits(stayed: LifeTable, exits: Floats, share: Floats, variance: Floats, level: float) -> tuple[Floats, Floats]:
    left = np.cumsum(exits)
    all_left_so = (left == np.cumsum(stayed.events)) & (stayed.survival == 0)
    rest = np.where(left == 0, 1.0, np.where(all_left_so, 0.0, 1 - share))
    relative = np.divide(variance, np.square(rest), out=np.zeros_like(rest), where=rest > 0)
    low, high = limits(rest, relative, stayed.at_risk.astype(np.float64), level)
    return 1 - high, 1 - low


def _first(curve: ExitCurve, years: int) -> ExitCurve:
    columns = ("exits", "hazard", "share", "se", "low", "high")
    return replace(curve, **{name: getattr(curve, name)[:years] for name in columns})
