"""Why two systems count differently: what only one of them counts, and whether that is all of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

SAME = Fraction(1, 100)  # the other system may have rounded
MOST = 10  # items of which sets are tried


@dataclass(frozen=True, slots=True)
class Item:
    """Something that may be counted there and not here; below 0, here and not there."""

    key: str
    amount: Fraction
    count: int = 1
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    items: tuple[Item, ...]
    rest: Fraction  # of the difference, after all these

    @property
    def is_whole(self) -> bool:
        return abs(self.rest) < SAME

    @property
    def is_too_much(self) -> bool:
        """The items come to more than the difference: some of them were not counted there either."""
        return bool(self.items) and not self.is_whole and (self.rest > 0) != (self.items[0].amount > 0)


def explain(difference: Fraction, items: Sequence[Item]) -> Explanation:
    """The fewest items that make up the difference; where none do, all that point its way, and what is left.

    Parameters
    ----------
    difference
        What the other system counts above ours.
    items
        What could be the reason, each with the amount that it is about.

    Notes
    -----
    That amounts fit proves nothing by itself: it says where to look first.
    """
    if abs(difference) < SAME:
        return Explanation((), Fraction(0))
    likely = sorted((item for item in items if item.amount), key=lambda item: (-abs(item.amount), item.key))
    for size in range(1, min(len(likely), MOST) + 1):
        for chosen in combinations(likely[:MOST], size):
            if abs(difference - total(chosen)) < SAME:
                return Explanation(chosen, Fraction(0))
    towards = tuple(item for item in likely if (item.amount > 0) == (difference > 0))
    return Explanation(towards, difference - total(towards))


def total(items: Sequence[Item]) -> Fraction:
    return sum((item.amount for item in items), Fraction(0))
