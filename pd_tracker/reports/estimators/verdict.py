"""What two designs with opposite weaknesses say together, and whom they cannot speak for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from pd_tracker.reports.estimators.rates import Difference, Rate, newcombe_difference, wilson_rate

Verdict: TypeAlias = Literal["consistent", "weak", "inconclusive"]
MOST_LOST = 0.05  # a larger difference between the shares without a later result puts the comparison in doubt


class Estimated(Protocol):
    """Whatever has a value with an interval: a coefficient, or an average of an event study."""

    @property
    def value(self) -> float: ...
    @property
    def low(self) -> float | None: ...
    @property
    def high(self) -> float | None: ...


@dataclass(frozen=True, slots=True)
class Losses:
    """Shares of trained and of others who have no later result, their difference, and whether that is too much."""

    trained: Rate
    others: Rate
    difference: Difference
    doubtful: bool


def verdict(lagged: Estimated | None, skipped: Estimated | None) -> Verdict:
    """What the lagged outcome and the difference in differences that skips a year say together.

    Parameters
    ----------
    lagged, skipped
        The two estimates on one scale; None where a design gave none.

    Returns
    -------
    {"consistent", "weak", "inconclusive"}
        Same sign and both intervals without 0; same sign and one of them without 0; everything else. An estimate
        without interval counts as one that covers 0.

    Notes
    -----
    The first is misled by lasting differences between teachers, the second by passing ones; when both see the same,
    neither weakness alone explains it. Still an association: something that lasts and grows may mislead both.
    """
    if lagged is None or skipped is None or lagged.value * skipped.value <= 0:
        return "inconclusive"
    verdicts: tuple[Verdict, ...] = ("inconclusive", "weak", "consistent")
    return verdicts[_leaves_out_zero(lagged) + _leaves_out_zero(skipped)]


def _leaves_out_zero(found: Estimated) -> bool:
    return found.low is not None and found.high is not None and not found.low <= 0 <= found.high


def losses(trained: int, trained_seen: int, others: int, others_seen: int, *, level: float = 0.95) -> Losses:
    """How many of both groups have no later result, because they left or were not tested.

    Parameters
    ----------
    trained, others
        People in each group who had a result before.
    trained_seen, others_seen
        Those of them who have a later result too.
    level
        Confidence level of the intervals.

    Returns
    -------
    Losses
        Doubtful when the shares differ by more than 5 points: those who stay may then differ between the groups even
        if the groups did not.

    Raises
    ------
    ValueError
        When more people are seen than there are.
    """
    gone = (trained - trained_seen, trained, others - others_seen, others)
    difference = newcombe_difference(*gone, level=level)
    return Losses(
        wilson_rate(*gone[:2], level=level),
        wilson_rate(*gone[2:], level=level),
        difference,
        difference.value is not None and abs(difference.value) > MOST_LOST,
    )
