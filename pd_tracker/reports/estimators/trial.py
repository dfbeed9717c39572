"""A lottery for scarce seats as evidence: whether the draw was fair, and winners against losers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import sqrt
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pd_tracker.reports.estimators.groups import (
    MIN_CLUSTERS,
    Floats,
    Ints,
    group_codes,
    sum_by,
    t_critical,
    two_sided_p,
)
from pd_tracker.reports.estimators.verdict import Losses, losses

MIN_PEOPLE = 10  # winners, and losers
WEAK = 10.0  # a smaller first-stage F makes the ratio of two differences a matter of chance
PERMUTATIONS = 999
TINY = 1e-12  # less than this is rounding

Note: TypeAlias = Literal["", "few winners", "few losers", "few drawn", "outcome does not vary", "weak instrument"]


@dataclass(frozen=True, slots=True)
class TrialEffect:
    """A difference in the outcome's units (shares for yes and no) with its interval; None where `note` says why.

    `winners`, `losers` and `drawn` (people or schools the lottery drew) count those with an outcome in sessions that
    have both. `lost` compares who has no outcome. `compliers` and `first_stage` belong to `complier_effect`: how much
    winning raised participation, as a share, and the F of that.
    """

    winners: int
    losers: int
    drawn: int
    sessions: int
    lost: Losses
    value: float | None = None
    se: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    compliers: float | None = None
    first_stage: float | None = None
    note: Note = ""


@dataclass(frozen=True, slots=True)
class Balance:
    """Standardized differences between winners and losers by covariate, and the joint permutation test."""

    differences: dict[str, float | None]
    statistic: float
    p: float


def offered_effect(
    outcome: ArrayLike, won: ArrayLike, session: ArrayLike, drawn: ArrayLike, *, level: float = 0.95
) -> TrialEffect:
    """Winners against losers as drawn, whether or not they took part.

    Parameters
    ----------
    outcome
        Result afterwards, or 0 and 1 such as still teaching; NaN where missing.
    won
        Whether the lottery gave a seat at once: true or false. Seats passed on later do not count.
    session
        Label of the draw: only people of one draw are compared with each other.
    drawn
        Label of what was drawn, the teacher or her school; all rows of it in one session win or lose together.
    level
        Confidence level of the interval.

    Returns
    -------
    TrialEffect
        Risk difference for 0 and 1, else difference of means.

    Raises
    ------
    ValueError
        When columns differ in length, or those drawn together neither won nor lost together.

    Notes
    -----
    Least squares of the outcome on winning with an intercept per session, which weighs sessions by n p (1 - p).
    Standard errors clustered by what was drawn, factor G/(G-1) (N-1)/(N-S-1), Student's t with G - S - 1 degrees of
    freedom for S sessions. No covariates are needed: the draw made both groups alike. What it says holds for those
    who applied. People without an outcome are outside the protection of the draw: see `lost`.
    Source: Angrist & Pischke (2009), Mostly Harmless Econometrics, chapter 2; Cameron & Miller (2015).
    """
    trial = _trial(outcome, won, won, session, drawn)
    return trial.row if trial.row.note else _reported(trial, *_ratio(trial, trial.won), level)


def complier_effect(
    outcome: ArrayLike,
    took: ArrayLike,
    won: ArrayLike,
    session: ArrayLike,
    drawn: ArrayLike,
    *,
    level: float = 0.95,
) -> TrialEffect:
    """Effect of taking part on those who took part because they won.

    Parameters
    ----------
    took
        Whether the person took part, in this session or by another way: true or false.
    outcome, won, session, drawn, level
        As in `offered_effect`.

    Returns
    -------
    TrialEffect
        The difference as offered divided by how much winning raised participation. Refused ("weak instrument") when
        the F of that first stage is below 10.

    Raises
    ------
    ValueError
        As in `offered_effect`, or when it is not known who took part.

    Notes
    -----
    Two-stage least squares with an intercept per session, clustered by what was drawn (Wald's ratio with one
    session). Assumes that winning changes the outcome through taking part only, and made nobody stay away.
    Sources: Imbens & Angrist (1994), Econometrica 62:467; Staiger & Stock (1997), Econometrica 65:557, for F >= 10.
    """
    trial = _trial(outcome, took, won, session, drawn)
    if trial.row.note:
        return trial.row
    compliers, error = _ratio(replace(trial, outcome=trial.took), trial.won)
    strength = (compliers / error) ** 2 if error > 0 else float("inf") if compliers else 0.0
    row = replace(trial.row, compliers=compliers, first_stage=strength)
    if strength < WEAK:
        return replace(row, note="weak instrument")
    return _reported(replace(trial, row=row), *_ratio(trial, trial.took), level)


def balance(
    covariates: Mapping[str, ArrayLike], won: ArrayLike, session: ArrayLike, drawn: ArrayLike, *, seed: int
) -> Balance:
    """Whether winners and losers were alike before, as a fair draw leaves them.

    Parameters
    ----------
    covariates
        Numbers known before the draw, by name: NaN where missing; a category as columns of 0 and 1.
    won, session, drawn
        As in `offered_effect`.
    seed
        Of the 999 permutations.

    Returns
    -------
    Balance
        Differences within sessions in standard deviations (None where a covariate never varies), and the share of
        permuted draws that look at least as uneven as the real one.

    Raises
    ------
    ValueError
        As in `offered_effect`.

    Notes
    -----
    The joint statistic is T' (X'X)^+ T with covariates X centered within sessions (missing values at the center) and
    T = X' won; permutations keep sessions and what was drawn together. One of twenty fair draws has p below .05.
    Source: Hansen & Bowers (2008), Statistical Science 23:219.
    """
    arms, sessions = np.asarray(won, dtype=np.float64), group_codes(session)[0]
    units, count = group_codes(session, drawn)
    table = {name: np.asarray(values, dtype=np.float64) for name, values in covariates.items()}
    _same_length(arms, sessions, units, *table.values())
    _drawn_together(arms, units, count)
    centered = np.column_stack([_filled(column, sessions) for column in table.values()] or [np.empty((len(arms), 0))])
    inverse = np.linalg.pinv(centered.T @ centered, hermitian=True)
    by_unit = np.column_stack([sum_by(units, column, count) for column in centered.T] or [np.empty((count, 0))])
    first = np.unique(units, return_index=True)[1]
    draws = _permuted(arms[first], sessions[first], seed)
    uneven = draws @ by_unit
    statistics = np.einsum("ij,jk,ik->i", uneven, inverse, uneven)
    extreme = (statistics[1:] >= statistics[0] * (1 - 1e-9)).sum()
    differences = {name: _standardized(column, arms, sessions) for name, column in table.items()}
    return Balance(differences, float(statistics[0]), float((1 + extreme) / (1 + PERMUTATIONS)))


@dataclass(frozen=True, eq=False, slots=True)
class _Trial:
    """Columns of everybody with an outcome in sessions that have both, centered within sessions."""

    outcome: Floats
    took: Floats
    won: Floats
    unit: Ints
    row: TrialEffect


def _trial(outcome: ArrayLike, took: ArrayLike, won: ArrayLike, session: ArrayLike, drawn: ArrayLike) -> _Trial:
    y, d, z = (np.asarray(column, dtype=np.float64) for column in (outcome, took, won))
    sessions, units = group_codes(session)[0], group_codes(drawn)[0]
    _same_length(y, d, z, sessions, units)
    if not np.isin(d, (0, 1)).all():
        raise ValueError("Whether somebody took part must be known.")
    _drawn_together(z, *group_codes(sessions, units))
    contested, seen = _contested(z, sessions), ~np.isnan(y)
    used = seen.copy()
    used[seen] = _contested(z[seen], sessions[seen])
    arm = z[contested] > 0
    lost = losses(*(int(count) for mine in (arm, ~arm) for count in (mine.sum(), (mine & seen[contested]).sum())))
    winners, everyone = int(z[used].sum()), int(used.sum())
    codes, count = group_codes(sessions[used])
    row = TrialEffect(winners, everyone - winners, group_codes(units[used])[1], count, lost)
    y, d, z = (_centered(column[used], codes) for column in (y, d, z))
    trial = _Trial(y, d, z, group_codes(units[used])[0], row)
    return replace(trial, row=replace(row, note=_too_small(trial)))


def _same_length(*columns: NDArray[np.float64] | Ints) -> None:
    if len({len(column) for column in columns}) > 1:
        raise ValueError("Columns differ in length.")


def _drawn_together(won: Floats, units: Ints, count: int) -> None:
    wins = sum_by(units, won, count)
    if not np.isin(won, (0, 1)).all() or not ((wins == 0) | (wins == np.bincount(units, minlength=count))).all():
        raise ValueError("Whoever is drawn together wins or loses together in one session.")


def _contested(won: Floats, sessions: Ints) -> NDArray[np.bool_]:
    """Rows of sessions with winners and losers."""
    count = int(sessions.max(initial=-1)) + 1
    wins, people = sum_by(sessions, won, count), np.bincount(sessions, minlength=count)
    both: NDArray[np.bool_] = ((wins > 0) & (wins < people))[sessions]
    return both


def _centered(column: Floats, codes: Ints) -> Floats:
    count = int(codes.max(initial=-1)) + 1
    moved = column - (sum_by(codes, column, count) / np.maximum(np.bincount(codes, minlength=count), 1))[codes]
    return np.where(np.abs(moved) > TINY * np.abs(column).max(initial=0), moved, 0)


def _too_small(trial: _Trial) -> Note:
    if trial.row.winners < MIN_PEOPLE:
        return "few winners"
    if trial.row.losers < MIN_PEOPLE:
        return "few losers"
    if trial.row.drawn - trial.row.sessions < MIN_CLUSTERS:
        return "few drawn"
    return "" if np.square(trial.outcome).sum() > 0 else "outcome does not vary"


def _ratio(trial: _Trial, regressor: Floats) -> tuple[float, float]:
    """Coefficient of the regressor with winning as its instrument, and its standard error."""
    shared = float(trial.won @ regressor)
    value = float(trial.won @ trial.outcome) / shared
    scores = sum_by(trial.unit, trial.won * (trial.outcome - value * regressor), trial.row.drawn)
    people, drawn = len(trial.won), trial.row.drawn
    factor = drawn / (drawn - 1) * (people - 1) / (people - trial.row.sessions - 1)
    return value, sqrt(factor * float(scores @ scores)) / abs(shared)


def _reported(trial: _Trial, value: float, se: float, level: float) -> TrialEffect:
    if se <= TINY * max(1.0, abs(value)):
        return replace(trial.row, value=value)
    freedom = trial.row.drawn - trial.row.sessions  # one more than the degrees of freedom
    reach = t_critical(freedom, level) * se
    return replace(
        trial.row, value=value, se=se, low=value - reach, high=value + reach, p=two_sided_p(value, se, freedom)
    )


def _filled(column: Floats, sessions: Ints) -> Floats:
    """Centered within sessions, missing values at the center."""
    known, filled = ~np.isnan(column), np.zeros_like(column)
    filled[known] = _centered(column[known], sessions[known])
    return filled


def _standardized(column: Floats, won: Floats, sessions: Ints) -> float | None:
    known = ~np.isnan(column)
    arms = _centered(won[known], sessions[known])
    groups = [column[known & (won == arm)] for arm in (1, 0)]
    if min(map(len, groups)) < 2 or not arms.any():
        return None
    spread = sqrt(sum(float(group.var(ddof=1)) for group in groups) / 2)
    return float(arms @ column[known] / (arms @ arms)) / spread if spread > 0 else None


def _permuted(won: Floats, sessions: Ints, seed: int) -> Floats:
    """The real draw and 999 like it, shape (1000, drawn)."""
    random, place = np.random.default_rng(seed), np.argsort(sessions, kind="stable")
    draws = np.empty((PERMUTATIONS + 1, len(won)))
    draws[0] = won
    for row in draws[1:]:
        row[np.lexsort((random.random(len(won)), sessions))] = won[place]
    return draws
