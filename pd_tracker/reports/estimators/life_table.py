"""Life tables by tenure year: how long people stay, with late entry and school-clustered intervals."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from pd_tracker.reports.estimators.curves import Counts, VarianceKind, count_cells, count_spells, limits
from pd_tracker.reports.estimators.groups import Floats, Ints


@dataclass(frozen=True, eq=False, slots=True)
class LifeTable:
    """One row per tenure year; all arrays have the same length (none at all when nobody was at risk).

    `survival` is the share still here at the end of the year among those who began `year[0]`; `se` is its standard
    error; `low` and `high` bound it. `clusters` counts the schools with anybody at risk.
    """

    year: Ints
    at_risk: Ints
    events: Ints
    censored: Ints
    hazard: Floats
    survival: Floats
    se: Floats
    low: Floats
    high: Floats
    clusters: int
    variance: VarianceKind

    @property
    def median(self) -> float | None:
        """Tenure in years at which half have left, by linear interpolation within the year.

        None while more than half are still here, and when the curve does not begin with year 1.
        """
        below = np.flatnonzero(self.survival <= 0.5)
        if not below.size or self.year[0] != 1:
            return None
        last = int(below[0])
        before = float(self.survival[last - 1]) if last else 1.0
        return last + (before - 0.5) / (before - float(self.survival[last]))

    def while_at_risk(self, minimum: int = 10) -> LifeTable:
        """The table up to the last year before fewer than `minimum` people were at risk."""
        few = np.flatnonzero(self.at_risk < minimum)
        stop = int(few[0]) if few.size else len(self.year)
        columns: dict[str, Any] = {field.name: getattr(self, field.name) for field in fields(self)}
        cut = {key: column[:stop] for key, column in columns.items() if isinstance(column, np.ndarray)}
        return LifeTable(**columns | cut)


def life_table(
    entry: ArrayLike,
    exit: ArrayLike,
    event: ArrayLike,
    cluster: ArrayLike | None = None,
    *,
    max_t: int | None = None,
    level: float = 0.95,
) -> LifeTable:
    """Life table from one row per employment spell.

    Parameters
    ----------
    entry
        Whole years of tenure when observation began: 0 for a hire that was seen, more for people already employed.
    exit
        Last tenure year that was observed, counted from 1, above `entry`.
    event
        True where the person left in that year, False where observation merely ended.
    cluster
        School of each spell; None when schools are not known.
    max_t
        Last tenure year of the table; None for all.
    level
        Confidence level of the interval.

    Returns
    -------
    LifeTable
        A person is at risk in year t when entry < t <= exit. Without spells the arrays are empty.

    Raises
    ------
    ValueError
        When columns differ in length, an entry is negative or an exit is not after its entry.

    Notes
    -----
    See `life_table_from_cells` for the method.
    """
    way = np.where(np.asarray(event, dtype=bool), 0, -1)
    return from_counts(count_spells(entry, exit, way, 1, cluster, max_t), level)


def life_table_from_cells(
    year: ArrayLike,
    at_risk: ArrayLike,
    events: ArrayLike,
    censored: ArrayLike,
    cluster: ArrayLike | None = None,
    *,
    max_t: int | None = None,
    level: float = 0.95,
) -> LifeTable:
    """Life table from counts grouped by tenure year and school, as a SQL group-by returns them.

    Parameters
    ----------
    year
        Tenure year of the cell, counted from 1.
    at_risk, events, censored
        People at risk in that year, how many of them left, and how many were not observed afterwards. Cells with
        the same year and school are added up.
    cluster
        School of the cell; None when schools are not known.
    max_t
        Last tenure year of the table; None for all.
    level
        Confidence level of the interval.

    Returns
    -------
    LifeTable
        From the first year with anybody at risk to the last before a year with nobody. When no hire was observed
        the table therefore begins later than year 1, and survival is conditional on having reached that year.

    Raises
    ------
    ValueError
        When columns differ in length, a year is below 1, a count is negative, or more people left or were lost
        from view than were at risk.

    Notes
    -----
    Hazard h = d / n and S = prod(1 - h) (Singer & Willett 2003, Applied Longitudinal Data Analysis, chapter 10).
    With 10 or more schools the variance of log S is clustered,
    G/(G-1) * sum over schools of (sum over years of (d_g - h n_g) / (n (1 - h)))^2,
    the influence function summed by school; below that Greenwood's. The interval is log-log (Kalbfleisch & Prentice).
    While nobody has left, S = 1 and the lower limit is Clopper-Pearson's (alpha/2)^(1/n). Once everybody at risk
    has left, S = 0 and the upper limit is the one before times 1 - (alpha/2)^(1/n) of the year that emptied.
    """
    return from_counts(count_cells(year, at_risk, [events], censored, cluster, max_t), level)


def from_counts(counts: Counts, level: float) -> LifeTable:
    """Life table in which all ways out are one."""
    n, d = counts.at_risk, counts.exits.sum(axis=0)
    at_risk, events = n.sum(axis=0), d.sum(axis=0)
    hazard = events / at_risk
    survival = np.cumprod(1 - hazard)
    variance = _clustered(n, d) if counts.clustered else _greenwood(at_risk, events)
    low, high = limits(survival, variance, at_risk, level)
    return LifeTable(
        year=counts.year,
        at_risk=at_risk.astype(np.int64),
        events=events.astype(np.int64),
        censored=counts.censored.sum(axis=0).astype(np.int64),
        hazard=hazard,
        survival=survival,
        se=survival * np.sqrt(variance),
        low=low,
        high=high,
        clusters=len(n),
        variance="school-clustered" if counts.clustered else "Greenwood",
    )


def _greenwood(n: Floats, d: Floats) -> Floats:
    stayed = n - d
    return np.cumsum(np.divide(d, n * stayed, out=np.zeros_like(n), where=stayed > 0))


def _clustered(n: Floats, d: Floats) -> Floats:
    total, gone = n.sum(axis=0), d.sum(axis=0)
    stayed = total - gone
    residual = d - n * (gone / total)
    influence = np.divide(residual, stayed, out=np.zeros_like(residual), where=stayed > 0)
    schools = len(n)
    variance: Floats = schools / (schools - 1) * np.square(np.cumsum(influence, axis=1)).sum(axis=0)
    return variance
