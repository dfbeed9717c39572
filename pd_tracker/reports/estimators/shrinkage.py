"""Many courses side by side: estimates pulled toward their average by their noise, corrected for looking often."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

from pd_tracker.reports.estimators.groups import Floats, Ints
from pd_tracker.reports.estimators.rates import normal_critical

MIN_COURSES = 5  # with fewer, the spread between courses cannot be told from noise
GRID, REACH = 400, 5  # points between 0 and so many scales of the half-normal prior
MIN_TAKERS, MIN_SCHOOLS = 30, 5
ALPHA = 0.05
NEGLIGIBLE = 1e-12  # weight of a grid point that no digit of a result depends on


@dataclass(frozen=True, slots=True)
class Shrunken:
    """One course: raw estimate with standard error, its p-value and the adjusted one, and the shrunken estimate.

    The shrunken numbers are None without pooling (fewer than 5 courses). `promising` never says why a course stands
    out.
    """

    value: float
    se: float
    p: float
    adjusted_p: float
    mean: float | None
    sd: float | None
    low: float | None
    high: float | None
    promising: bool


@dataclass(frozen=True, slots=True)
class Forest:
    """Courses in the order given, and the mean over courses and the spread between them (None without pooling)."""

    courses: tuple[Shrunken, ...]
    mean: float | None
    spread: float | None


@dataclass(frozen=True, eq=False, slots=True)
class _Posterior:
    """A mixture of normals per course, one for each possible spread; shapes (points, courses) and (points,)."""

    mean: Floats
    sd: Floats
    weight: Floats
    tau: Floats
    centre: Floats


def benjamini_hochberg(p: ArrayLike) -> Floats:
    """P-values adjusted so that rejecting those below alpha keeps the expected share of false finds below alpha.

    Parameters
    ----------
    p
        P-values from 0 to 1, shape (tests,): the whole family, before anybody filters or sorts it.

    Returns
    -------
    array of float, shape (tests,)
        min over j >= i of p_(j) m / j, at most 1, in the order given.

    Raises
    ------
    ValueError
        When a p-value is missing or not between 0 and 1.

    Notes
    -----
    Holds for independent and positively dependent tests. Source: Benjamini & Hochberg (1995), J. Royal Statistical
    Society B 57:289.
    """
    values = np.asarray(p, dtype=np.float64)
    if not ((values >= 0) & (values <= 1)).all():
        raise ValueError("P-values lie between 0 and 1.")
    order = np.argsort(values)[::-1]
    steps = values[order] * len(values) / np.arange(len(values), 0, -1)
    adjusted = np.empty_like(values)
    adjusted[order] = np.minimum(np.minimum.accumulate(steps), 1)
    return adjusted


def forest(
    value: ArrayLike,
    se: ArrayLike,
    *,
    scale: float,
    takers: ArrayLike,
    schools: ArrayLike,
    p: ArrayLike | None = None,
    level: float = 0.95,
) -> Forest:
    """Shrunken estimates of many courses on one outcome.

    Parameters
    ----------
    value, se
        Estimate and standard error of each course, shape (courses,).
    scale
        Scale of the half-normal prior of the spread between courses, in the outcome's units: 0.10 for classroom
        results in standard deviations, 0.03 for shares of teachers retained.
    takers, schools
        Teachers behind each estimate, and the schools they work in.
    p
        P-values of the raw estimates, where they come from Student's t; default is the normal value / se.
    level
        Probability of the shrunken intervals.

    Returns
    -------
    Forest
        A course is promising when its adjusted p is below .05, its shrunken interval leaves out 0, and at least 30
        teachers from 5 schools took it. Below 5 courses nothing is pooled and only the adjusted p decides.

    Raises
    ------
    ValueError
        When columns differ in length, a standard error is not above 0, or the scale is not.

    Notes
    -----
    b_j ~ N(theta_j, s_j^2), theta_j ~ N(mu, tau^2), flat mu, half-normal tau, on 400 points of tau. With V_j = s_j^2 +
    tau^2 and v = 1 / sum 1/V_j: mu = v sum b_j/V_j; log p(tau) = log prior + log v / 2 - sum log V_j / 2 -
    sum (b_j - mu)^2 / (2 V_j); theta_j given tau has mean B b_j + (1 - B) mu and variance B s_j^2 + (1 - B)^2 v with
    B = tau^2 / V_j. Results are those of the exact mixture over tau; nothing is drawn at random.
    Estimates that share teachers are not independent, as the model says they are. It shrinks noise, not selection:
    teachers who chose a course may differ. Show no ranks: neighbors are rarely told apart.
    Sources: Gelman et al., Bayesian Data Analysis, section 5.4; Gelman & Carlin (2014), Perspectives on Psychological
    Science 9:641, on how much significant estimates exaggerate.
    """
    b, s = np.asarray(value, dtype=np.float64), np.asarray(se, dtype=np.float64)
    people, places = np.asarray(takers, dtype=np.int64), np.asarray(schools, dtype=np.int64)
    if not len(b) == len(s) == len(people) == len(places) == (len(b) if p is None else len(np.asarray(p))):
        raise ValueError("Columns differ in length.")
    if not (s > 0).all() or not np.isfinite(b).all() or not scale > 0:
        raise ValueError("Estimates must be known, and standard errors and scale above 0.")
    raw = 2 * ndtr(-np.abs(b / s)) if p is None else np.asarray(p, dtype=np.float64)
    adjusted = benjamini_hochberg(raw)
    enough = (adjusted < ALPHA) & _taken(people, places)
    if len(b) < MIN_COURSES:
        rows = zip(b.tolist(), s.tolist(), raw.tolist(), adjusted.tolist(), enough.tolist(), strict=True)
        return Forest(tuple(Shrunken(*row[:4], None, None, None, None, row[4]) for row in rows), None, None)
    posterior = _posterior(b, s, scale)
    mean = posterior.weight @ posterior.mean
    variance = posterior.weight @ (posterior.sd**2 + (posterior.mean - mean) ** 2)
    low, high = (_quantile(posterior, (1 + side * level) / 2) for side in (-1, 1))
    columns = (b, s, raw, adjusted, mean, np.sqrt(variance), low, high, enough & ((low > 0) | (high < 0)))
    courses = tuple(Shrunken(*row) for row in zip(*(column.tolist() for column in columns), strict=True))
    weight = posterior.weight
    return Forest(courses, float(weight @ posterior.centre), float(weight @ posterior.tau))


def _taken(people: Ints, places: Ints) -> NDArray[np.bool_]:
    enough: NDArray[np.bool_] = (people >= MIN_TAKERS) & (places >= MIN_SCHOOLS)
    return enough


def _posterior(b: Floats, s: Floats, scale: float) -> _Posterior:
    tau = (np.arange(GRID) + 0.5) * (REACH * scale / GRID)
    total = s**2 + tau[:, None] ** 2
    of_mean = 1 / (1 / total).sum(axis=1)
    centre = of_mean * (b / total).sum(axis=1)
    log_weight = -(tau**2) / (2 * scale**2) + (np.log(of_mean) - np.log(total).sum(axis=1)) / 2
    log_weight -= ((b - centre[:, None]) ** 2 / total).sum(axis=1) / 2
    weight = np.exp(log_weight - log_weight.max())
    counts = weight > NEGLIGIBLE
    share = tau[counts, None] ** 2 / total[counts]
    mean = share * b + (1 - share) * centre[counts, None]
    variance = share * s**2 + (1 - share) ** 2 * of_mean[counts, None]
    return _Posterior(mean, np.sqrt(variance), weight[counts] / weight[counts].sum(), tau[counts], centre[counts])


def _quantile(posterior: _Posterior, share: float) -> Floats:
    """Where the mixture of each course reaches a share: Newton's steps, halved where they would leave the bracket."""
    reach = normal_critical(abs(2 * share - 1)) * (1 if share > 0.5 else -1)
    ends = posterior.mean + reach * posterior.sd
    low, high = ends.min(axis=0), ends.max(axis=0)
    point = posterior.weight @ ends
    for _step in range(60):
        z = (point - posterior.mean) / posterior.sd
        miss = posterior.weight @ ndtr(z) - share
        if np.abs(miss).max() < 1e-10:
            break
        low, high = np.where(miss < 0, point, low), np.where(miss > 0, point, high)
        density = posterior.weight @ (np.exp(-(z**2) / 2) / posterior.sd) / np.sqrt(2 * np.pi)
        point = point - miss / np.maximum(density, np.finfo(np.float64).tiny)
        point = np.where((point > low) & (point < high), point, (low + high) / 2)
    return point
