"""Logistic likelihood on counts, maximised as it is or with Firth's penalty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from scipy.special import expit, log_expit, logit

from pd_tracker.reports.estimators.groups import Floats

Method: TypeAlias = Literal["maximum likelihood", "Firth"]

MOST_STEPS, LONGEST_STEP, MOST_HALVINGS, SETTLED = 100, 5.0, 8, 1e-10
PATIENCE = 6  # steps one by one before they are taken together
NOTHING = 1e-11  # share of the largest eigenvalue below which a direction says nothing
CERTAIN = 1e-8  # no model of leaving may be that sure of anybody: a coefficient is on its way to infinity


@dataclass(frozen=True, eq=False, slots=True)
class Solution:
    """Coefficients, and what turns scores into them.

    `expected` is what to subtract per person of a pattern before multiplying with its columns, so that the sum is 0;
    `bread` has shape (k, k): scores @ bread.T is the influence on the coefficients.
    """

    values: Floats
    expected: Floats
    bread: Floats


def solve(x: Floats, n: Floats, left: Floats, method: Method, start: Floats | None = None) -> Solution | None:
    """Logistic regression of `left` out of `n` on the columns of x.

    Parameters
    ----------
    x
        Shape (patterns, k); the first column is 1 throughout.
    n, left
        People and leavers per pattern, shape (patterns,); patterns of nobody count nowhere.
    method
        Firth's always has a solution; likelihood has none when some combination of columns tells who left.
    start
        Coefficients to begin from; default is the overall rate. What the counts leave open stays as it begins.

    Returns
    -------
    Solution or None
        None when steps did not settle below 1e-10, or chances ran to 0 or 1.

    Notes
    -----
    Newton: b + H^-1 X'(e - np), H = X' diag(np(1-p)) X, halved while the (penalised) likelihood falls. Firth's score is
    X'(e - np + h(1/2 - p)) with h the diagonal of the hat matrix: half a leaver and half a stayer per coefficient.
    That pulls chances toward one half, so the intercept is moved until as many leave as did (FLIC), unless nobody or
    everybody did; `bread` follows.
    Sources: Firth (1993), Biometrika 80:27; Heinze & Schemper (2002), Statistics in Medicine 21:2409; Puhr et al.
    (2017), Statistics in Medicine 36:2302.
    """
    here = n > 0
    table, people, gone = x[here], n[here], left[here]
    overall = logit((gone.sum() + 0.5) / (people.sum() + 1))
    first = np.append(overall, np.zeros(x.shape[1] - 1)) if start is None else start
    top = _climb(table, people, gone, first, method)
    if top is None or (method != "Firth" and (top.chance * (1 - top.chance) < CERTAIN).any()):
        return None
    expected = np.zeros(len(n))
    expected[here] = (gone - top.residual) / people
    if method != "Firth" or not 0 < gone.sum() < people.sum():
        return Solution(top.values, expected, top.inverse)
    values = _as_many(table, people, gone, top.values)
    return Solution(values, expected, _turn(table, people, values) @ top.inverse)


@dataclass(frozen=True, eq=False, slots=True)
class _Place:
    """A point on the likelihood; `rise` is the Newton step from here."""

    values: Floats
    chance: Floats
    residual: Floats
    inverse: Floats
    rise: Floats
    height: float


def _climb(x: Floats, n: Floats, left: Floats, start: Floats, method: Method) -> _Place | None:
    path = [_place(x, n, left, start, method)]
    for _ in range(MOST_STEPS):
        place = path[-1]
        longest = np.abs(place.rise).max(initial=0)
        if longest < SETTLED:
            return place
        ahead = _place(x, n, left, place.values + _straighter(path), method) if len(path) > PATIENCE else place
        if ahead.height <= place.height:
            step = place.rise * min(1, LONGEST_STEP / longest)
            ahead = _higher(x, n, left, place, step, method)
        path = [*path[-PATIENCE:], ahead]
    return None


def _straighter(path: Sequence[_Place]) -> Floats:
    """Step to where the last steps together lead (Anderson's), since Firth's alone can take hundreds."""
    rises, moves = (np.diff([getattr(place, name) for place in path], axis=0).T for name in ("rise", "values"))
    rise = path[-1].rise
    step: Floats = rise - (rises + moves) @ np.linalg.lstsq(rises, rise, rcond=1e-8)[0]
    return step


def _higher(x: Floats, n: Floats, left: Floats, place: _Place, step: Floats, method: Method) -> _Place:
    slack = 1e-9 * (1 + abs(place.height))  # below that a fall is rounding
    for halving in range(MOST_HALVINGS + 1):
        reached = _place(x, n, left, place.values + step / 2**halving, method)
        if reached.height >= place.height - slack:
            break
    return reached


def _place(x: Floats, n: Floats, left: Floats, values: Floats, method: Method) -> _Place:
    odds = x @ values
    chance = expit(odds)
    weight = n * chance * (1 - chance)
    inverse, size = _inverse(x.T @ (weight[:, None] * x), n @ np.square(x))
    residual = left - n * chance
    height = float(left @ log_expit(odds) + (n - left) @ log_expit(-odds))
    if method == "Firth":
        residual = residual + weight * np.einsum("ij,ij->i", x @ inverse, x) * (0.5 - chance)
        height += size / 2
    return _Place(values, chance, residual, inverse, inverse @ (x.T @ residual), height)


def _inverse(information: Floats, squares: Floats) -> tuple[Floats, float]:
    """Inverse over the directions that say anything, and their log determinant but for a constant."""
    scale = 1 / np.sqrt(np.where(squares > 0, squares, 1))
    roots, directions = np.linalg.eigh(information * np.outer(scale, scale))
    telling = roots > NOTHING * roots[-1]
    directions = scale[:, None] * directions[:, telling]
    inverse: Floats = (directions / roots[telling]) @ directions.T
    return inverse, float(np.log(roots[telling]).sum())


def _as_many(x: Floats, n: Floats, left: Floats, values: Floats) -> Floats:
    """The coefficients with the intercept moved until as many are expected to leave as did."""
    odds, more = x @ values, 0.0
    for _ in range(MOST_STEPS):
        chance = expit(odds + more)
        step = float((left - n * chance).sum() / (n @ (chance * (1 - chance))))
        more += step
        if abs(step) < SETTLED:
            break
    return np.append(values[0] + more, values[1:])


def _turn(x: Floats, n: Floats, values: Floats) -> Floats:
    """How the coefficients with the moved intercept follow those without."""
    chance = expit(x @ values)
    weight = n * chance * (1 - chance)
    turn = np.eye(len(values))
    turn[0] -= weight @ x / weight.sum()
    return turn
