"""The smallest difference that could have been seen, before and after there are data."""

from __future__ import annotations

from math import inf, sqrt

from pd_tracker.reports.estimators.groups import t_critical


def detectable_difference(se: float, clusters: float = inf, *, power: float = 0.8, level: float = 0.95) -> float:
    """Smallest true difference that an interval would exclude 0 for in four cases of five.

    Parameters
    ----------
    se
        Standard error of the estimated difference, in its units.
    clusters
        Schools behind the standard error; default is so many that Student's t is the normal distribution.
    power
        How often such a difference is to be seen.
    level
        Confidence level of the interval.

    Returns
    -------
    float
        (t of level + t of power) times se: 2.80 se with many schools, 3.72 se with five.

    Raises
    ------
    ValueError
        With a standard error below 0, or fewer than two schools.

    Notes
    -----
    "Differences smaller than this could not be seen here" is all it says; never "there is no difference".
    Source: Bloom (1995), Evaluation Review 19:547.
    """
    if se < 0 or clusters < 2:
        raise ValueError("A standard error of 0 or more and two schools are needed.")
    return (t_critical(clusters, level) + t_critical(clusters, 2 * power - 1)) * se


def planned_se(rate: float, exposed: float, others: float, *, per_school: float = 1, icc: float = 0) -> float:
    """Standard error that a difference of two rates would have, before there are data.

    Parameters
    ----------
    rate
        Share of people with the outcome, from 0 to 1.
    exposed, others
        People in the two groups.
    per_school
        Teachers per school; training is taken to be decided by school.
    icc
        Share of the variance that lies between schools, from 0 to 1.

    Returns
    -------
    float
        sqrt(p (1 - p) (1/n1 + 1/n0) (1 + (m - 1) ICC)), in shares.

    Raises
    ------
    ValueError
        When a group is empty, or a rate or ICC is not between 0 and 1.

    Notes
    -----
    Source: Kish (1965), Survey Sampling, section 5.4, for the design effect.
    """
    if min(exposed, others) <= 0 or not 0 <= rate <= 1 or not 0 <= icc <= 1:
        raise ValueError("Both groups need people, and a rate and an ICC lie between 0 and 1.")
    return sqrt(rate * (1 - rate) * (1 / exposed + 1 / others) * (1 + (per_school - 1) * icc))
