"""Life tables by tenure year: how long people stay, with late entry and school-clustered intervals."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pd_tracker.reports.estimators.groups import Floats, Ints, group_codes, sum_by
from pd_tracker.reports.estimators.rates import normal_critical

MIN_CLUSTERS = 10  # below ten schools the clustered variance of a curve is itself too uncertain

VarianceKind = Literal["school-clustered", "Greenwood"]


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
    began, ended = np.asarray(entry, dtype=np.int64), np.asarray(exit, dtype=np.int64)
    left = np.asarray(event, dtype=bool)
    schools, count = _schools(cluster, len(began))
    if not len(began) == len(ended) == len(left) == len(schools):
        raise ValueError("Columns of spells differ in length.")
    if (began < 0).any() or (ended <= began).any():
        raise ValueError("A spell needs an entry of 0 or more and an exit after it.")
    years = int(ended.max(initial=0))
    began_in = _grid(schools, began + 1, np.ones(len(began)), count, years)
    events = _grid(schools, ended, left, count, years)
    censored = _grid(schools, ended, ~left, count, years)
    gone_before = np.cumsum(events + censored, axis=1) - events - censored
    return _estimate(np.cumsum(began_in, axis=1) - gone_before, events, censored, max_t, level)


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
    years = np.asarray(year, dtype=np.int64)
    counts = [np.asarray(column, dtype=np.int64) for column in (at_risk, events, censored)]
    schools, count = _schools(cluster, len(years))
    if any(len(column) != len(years) for column in (*counts, schools)):
        raise ValueError("Columns of cells differ in length.")
    if (years < 1).any() or any((column < 0).any() for column in counts):
        raise ValueError("Tenure years count from 1, and counts are never negative.")
    n, d, c = (_grid(schools, years, column, count, int(years.max(initial=0))) for column in counts)
    return _estimate(n, d, c, max_t, level)


def _schools(cluster: ArrayLike | None, rows: int) -> tuple[Ints, int]:
    return (np.zeros(rows, dtype=np.int64), 1) if cluster is None else group_codes(cluster)


def _grid(school: Ints, year: Ints, values: ArrayLike, schools: int, years: int) -> Floats:
    """Sums of values as a school x year table; nothing may get lost on the way."""
    grid = sum_by(school * years + year - 1, values, schools * years).reshape(schools, years)
    if grid.sum() != np.sum(values, dtype=np.float64):
        raise ArithmeticError("Cells do not add up to their rows.")
    return grid


def _estimate(n: Floats, d: Floats, c: Floats, max_t: int | None, level: float) -> LifeTable:
    if (d + c > n).any():
        raise ValueError("More people left or were lost from view than were at risk.")
    years = _unbroken(n.sum(axis=0)[:max_t])
    n, d, c = n[:, years], d[:, years], c[:, years]
    n, d, c = (table[n.any(axis=1)] for table in (n, d, c))
    at_risk, events = n.sum(axis=0), d.sum(axis=0)
    hazard = events / at_risk
    survival = np.cumprod(1 - hazard)
    clustered = len(n) >= MIN_CLUSTERS
    variance = _clustered(n, d) if clustered else _greenwood(at_risk, events)
    low, high = _interval(survival, variance, at_risk, level)
    return LifeTable(
        year=np.arange(years.start + 1, years.stop + 1, dtype=np.int64),
        at_risk=at_risk.astype(np.int64),
        events=events.astype(np.int64),
        censored=c.sum(axis=0).astype(np.int64),
        hazard=hazard,
        survival=survival,
        se=survival * np.sqrt(variance),
        low=low,
        high=high,
        clusters=len(n),
        variance="school-clustered" if clustered else "Greenwood",
    )


def _unbroken(at_risk: Floats) -> slice:
    """The first run of years with anybody at risk: beyond a gap nothing ties the curve to what came before."""
    someone = np.flatnonzero(at_risk > 0)
    if not someone.size:
        return slice(0, 0)
    start = int(someone[0])
    empty = np.flatnonzero(at_risk[start:] == 0)
    return slice(start, start + int(empty[0]) if empty.size else len(at_risk))


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


def _interval(survival: Floats, variance: Floats, at_risk: Floats, level: float) -> tuple[Floats, Floats]:
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
