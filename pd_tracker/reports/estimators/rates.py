"""Rates of small groups and differences between two rates, in plain Python so that every page can afford them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import hypot, sqrt
from statistics import NormalDist


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of a group from 0 to 1 with its interval; all three are None for an empty group."""

    count: int
    total: int
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Difference:
    """First rate minus second, from -1 to 1, with its interval; None when a group is empty."""

    value: float | None
    low: float | None
    high: float | None


@cache
def normal_critical(level: float = 0.95) -> float:
    """Two-sided critical value of the normal distribution: 1.96 for 0.95. ValueError outside 0 to 1."""
    if not 0 < level < 1:
        raise ValueError(f"A confidence level lies between 0 and 1, not at {level}.")
    return NormalDist().inv_cdf((1 + level) / 2)


def wilson_rate(count: int, total: int, *, level: float = 0.95) -> Rate:
    """Share of a group with its Wilson score interval.

    Parameters
    ----------
    count, total
        People with the property, and people in the group.
    level
        Confidence level between 0 and 1.

    Returns
    -------
    Rate
        Shares from 0 to 1; value, low and high are None when total is 0.

    Raises
    ------
    ValueError
        When count is not between 0 and total, or level not between 0 and 1.

    Notes
    -----
    Stays inside 0 and 1 for the small groups schools have. District data are a census: the interval shows how much
    a group this size moves by chance from year to year, not sampling error, and says nothing about causes.
    Source: Wilson (1927), JASA 22:209; method 3 of Newcombe (1998), Statistics in Medicine 17:857.
    """
    _check(count, total)
    z = normal_critical(level)
    if total == 0:
        return Rate(count, total, None, None, None)
    share = count / total
    centre = (share + z * z / (2 * total)) / (1 + z * z / total)
    reach = z * sqrt(share * (1 - share) / total + z * z / (4 * total * total)) / (1 + z * z / total)
    low = 0.0 if count == 0 else centre - reach
    high = 1.0 if count == total else centre + reach
    return Rate(count, total, share, low, high)


def exact_bound(count: int, total: int, *, level: float = 0.95) -> float | None:
    """Clopper-Pearson limit for a group in which nobody or everybody has the property.

    Parameters
    ----------
    count, total
        People with the property, and people in the group.
    level
        Confidence level of the two-sided interval, between 0 and 1.

    Returns
    -------
    float or None
        For 0 of n the highest rate, for n of n the lowest rate still compatible with the data: 0 of 37 gives 0.095.
        None for an empty group and for every other count, where the Wilson interval says enough.

    Raises
    ------
    ValueError
        When count is not between 0 and total, or level not between 0 and 1.

    Notes
    -----
    Source: Clopper & Pearson (1934), Biometrika 26:404; at the ends the limit is 1 - (alpha/2)^(1/n).
    """
    _check(count, total)
    if not 0 < level < 1:
        raise ValueError(f"A confidence level lies between 0 and 1, not at {level}.")
    if total == 0 or 0 < count < total:
        return None
    lowest = float(((1 - level) / 2) ** (1 / total))
    return lowest if count else 1 - lowest


def newcombe_difference(count1: int, total1: int, count2: int, total2: int, *, level: float = 0.95) -> Difference:
    """Difference of two independent rates with Newcombe's hybrid score interval.

    Parameters
    ----------
    count1, total1, count2, total2
        People with the property and people in the group, for the first and the second group.
    level
        Confidence level between 0 and 1.

    Returns
    -------
    Difference
        count1/total1 - count2/total2 as a share from -1 to 1; None throughout when a group is empty.

    Raises
    ------
    ValueError
        When a count is not between 0 and its total, or level not between 0 and 1.

    Notes
    -----
    Compares groups as they are, without adjustment. Source: method 10 of Newcombe (1998), Statistics in
    Medicine 17:873.
    """
    first, second = wilson_rate(count1, total1, level=level), wilson_rate(count2, total2, level=level)
    if first.value is None or first.low is None or first.high is None:
        return Difference(None, None, None)
    if second.value is None or second.low is None or second.high is None:
        return Difference(None, None, None)
    value = first.value - second.value
    low = value - hypot(first.value - first.low, second.high - second.value)
    high = value + hypot(first.high - first.value, second.value - second.low)
    return Difference(value, low, high)


def _check(count: int, total: int) -> None:
    if not 0 <= count <= total:
        raise ValueError(f"{count} of {total} is not a share of a group.")
