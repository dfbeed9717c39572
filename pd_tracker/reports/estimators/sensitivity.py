"""How strong a hidden factor would have to be to explain an association away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, sqrt

from pd_tracker.reports.estimators.intervals import Interval
from pd_tracker.reports.estimators.standardised import Standardised

STEEP = 0.91  # log risk ratio per standard deviation


@dataclass(frozen=True, slots=True)
class EValue:
    """E-value of a ratio, and of the limit nearest to 1 of its interval: 1 when that covers 1, None without one."""

    value: float
    limit: float | None


@dataclass(frozen=True, slots=True)
class Yardstick:
    """The measured covariate with the strongest ratio, to hold an E-value against."""

    factor: str
    level: str
    ratio: float


def e_value(ratio: float) -> float:
    """Least risk ratio that a hidden factor needs with both exposure and outcome to explain a ratio away.

    Parameters
    ----------
    ratio
        Risk ratio, above 0; one below 1 is turned over.

    Returns
    -------
    float
        1 or more: 1 for a ratio of 1, 7.26 for 3.9.

    Raises
    ------
    ValueError
        When the ratio is not above 0.

    Notes
    -----
    RR + sqrt(RR (RR - 1)), beyond the covariates already in the model. It cannot say whether such a factor exists.
    Source: VanderWeele & Ding (2017), Annals of Internal Medicine 167:268.
    """
    if ratio <= 0:
        raise ValueError(f"A risk ratio is above 0, not {ratio}.")
    strong = max(ratio, 1 / ratio)
    return strong + sqrt(strong * (strong - 1))


def e_values(ratio: Interval) -> EValue:
    """E-values of a risk ratio and of its interval."""
    value = e_value(ratio.value)
    if ratio.low is None or ratio.high is None:
        return EValue(value, None)
    if ratio.low <= 1 <= ratio.high:
        return EValue(value, 1.0)
    return EValue(value, e_value(ratio.low if ratio.low > 1 else ratio.high))


def as_risk_ratio(difference: Interval) -> Interval:
    """Risk ratio that a difference in standard deviations is about as strong as: exp(0.91 d).

    Source: VanderWeele & Ding (2017), after Chinn (2000), Statistics in Medicine 19:3127.
    """
    if difference.se is None or difference.low is None or difference.high is None:
        return Interval(exp(STEEP * difference.value))
    low, high = exp(STEEP * difference.low), exp(STEEP * difference.high)
    return Interval(exp(STEEP * difference.value), STEEP * difference.se, low, high)


def yardstick(covariates: Mapping[str, Sequence[Standardised]]) -> Yardstick | None:
    """The covariate level whose rate is furthest from its reference's, as a ratio above 1; None without covariates."""
    ratios = [
        Yardstick(factor, row.level, max(row.risk_ratio.value, 1 / row.risk_ratio.value))
        for factor, rows in covariates.items()
        for row in rows
        if row.risk_ratio is not None
    ]
    return max(ratios, key=lambda one: one.ratio, default=None)
