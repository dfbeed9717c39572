"""Sharing hours out: under maxima, best for the teacher, and among minimums that may not share an hour."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, pairwise
from math import lcm
from typing import Any

from learning_plans.rules.credit.facts import Line
from learning_plans.rules.credit.pack import Choice, Maximum, Per
from learning_plans.rules.credit.windows import year_of

NONE = Fraction(0)


def total(amounts: Iterable[Fraction]) -> Fraction:
    """An exact sum; adding whole numbers of one denominator at a time takes a fraction of the time."""
    sums: dict[int, int] = {}
    for amount in amounts:
        sums[amount.denominator] = sums.get(amount.denominator, 0) + amount.numerator
    return sum((Fraction(above, below) for below, above in sums.items()), NONE)


def in_whole_parts(amounts: Sequence[Fraction]) -> list[int]:
    """The amounts, each so many times the largest part that all have in common: whole numbers compare faster."""
    parts = lcm(*{amount.denominator for amount in amounts})
    return [amount.numerator * (parts // amount.denominator) for amount in amounts]


def fits(choice: Choice, line: Line) -> bool:
    return (
        (not choice.categories or not set(choice.categories).isdisjoint(line.categories))
        and (not choice.activities or line.activity in choice.activities)
        and (not choice.units or line.unit in choice.units)
    )


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line that would count in full if there were no maxima."""

    index: int
    line: Line
    converted: Fraction


@dataclass(frozen=True, slots=True)
class Room:
    """A maximum and how much of it a line may still fill."""

    maximum: Maximum
    limit: Fraction


def place_of(maximum: Maximum, line: Line) -> Hashable:
    if maximum.per is Per.YEAR:
        return year_of(line.day)
    if maximum.per is Per.DAY:
        return line.day
    return line.topic if maximum.per is Per.TOPIC else None


Place = tuple[int, Hashable]  # a maximum by its number, and the day, year or topic it is asked for


def under_maxima(
    candidates: Sequence[Candidate], rooms: Sequence[Room], wanted: Sequence[Choice]
) -> tuple[dict[int, Fraction], dict[int, str]]:
    """How much of each line counts, and for those cut short the maximum that did it.

    Lines take what is left in this order, which does not depend on the order they came in: those that fall under the
    fewest maxima first; among them those that serve the most minimums; then the newest, because only late hours carry
    over; then by what they are. Lines that are alike in all of this are alike. Where maxima cross, so that no order is
    surely the best, it is worked out first how much lines under the same maxima may count together at most.
    """
    counted = {each.index: each.converted for each in candidates}
    places = _places(candidates, rooms)
    limited = [each for each in candidates if places.get(each.index)]
    shares = _shares(limited, places, rooms)
    left = {place: rooms[place[0]].limit for each in limited for place in places[each.index]}
    cut_by: dict[int, str] = {}
    worth = in_whole_parts([each.converted for each in limited])
    order = [
        _precedence(each, len(places[each.index]), wanted, parts) for each, parts in zip(limited, worth, strict=True)
    ]
    for n in sorted(range(len(limited)), key=order.__getitem__):
        candidate = limited[n]
        mine = places[candidate.index]
        free, number = min((left[place], place[0]) for place in mine)
        amount = min(candidate.converted, free, shares.get(mine, free))
        for place in mine:
            left[place] -= amount
        if mine in shares:
            shares[mine] -= amount
        counted[candidate.index] = amount
        if amount < candidate.converted:
            cut_by[candidate.index] = rooms[number].maximum.key
    return counted, cut_by


def _places(candidates: Sequence[Candidate], rooms: Sequence[Room]) -> dict[int, tuple[Place, ...]]:
    """The maxima each line falls under, by its number."""
    if not rooms:
        return {}
    return {
        each.index: tuple(
            (n, place_of(room.maximum, each.line)) for n, room in enumerate(rooms) if fits(room.maximum.of, each.line)
        )
        for each in candidates
    }


def _shares(
    limited: Sequence[Candidate], places: Mapping[int, tuple[Place, ...]], rooms: Sequence[Room]
) -> dict[tuple[Place, ...], Fraction]:
    """For maxima that cross: the most that the lines under each combination of them may count."""
    earned: dict[tuple[Place, ...], Fraction] = defaultdict(Fraction)
    for each in limited:
        earned[places[each.index]] += each.converted
    groups = sorted(earned, key=lambda group: (len(group), repr(group)))
    under = {place: {n for n, group in enumerate(groups) if place in group} for group in groups for place in group}
    if all(a <= b or b <= a or a.isdisjoint(b) for a, b in combinations(under.values(), 2)):
        return {}
    limits = [(members, rooms[place[0]].limit) for place, members in under.items()]
    limits += [({n}, earned[group]) for n, group in enumerate(groups)]
    return dict(zip(groups, largest_sum(len(groups), limits), strict=True))


def largest_sum(count: int, limits: Sequence[tuple[set[int], Fraction]]) -> list[Fraction]:
    """Amounts from 0 on with the largest sum, where some of them together have a limit (the simplex method, exact).

    Parameters
    ----------
    count
        How many amounts there are; each must stand in at least one limit.
    limits
        Numbers of the amounts that share a limit, and the limit, not below 0.
    """
    width = count + len(limits)
    rows = [
        [Fraction(n in members) for n in range(count)] + [Fraction(n == k) for n in range(len(limits))] + [limit]
        for k, (members, limit) in enumerate(limits)
    ]
    basis, price = list(range(count, width)), [Fraction(-1)] * count + [NONE] * (len(limits) + 1)
    # Bland's rule, the first that helps, cannot go round in circles.
    while (enters := next((n for n in range(width) if price[n] < 0), None)) is not None:
        _ratio, _first, leaves = min(
            (row[-1] / row[enters], basis[k], k) for k, row in enumerate(rows) if row[enters] > 0
        )
        rows[leaves] = [value / rows[leaves][enters] for value in rows[leaves]]
        for k, row in enumerate(rows):
            if k != leaves and row[enters]:
                rows[k] = _less(row, row[enters], rows[leaves])
        price = _less(price, price[enters], rows[leaves])
        basis[leaves] = enters
    found = {variable: rows[k][-1] for k, variable in enumerate(basis)}
    return [found.get(n, NONE) for n in range(count)]


def _less(row: list[Fraction], times: Fraction, other: list[Fraction]) -> list[Fraction]:
    return [value - times * another for value, another in zip(row, other, strict=True)]


def _precedence(candidate: Candidate, over: int, wanted: Sequence[Choice], worth: int) -> tuple[Any, ...]:
    line = candidate.line
    serves = sum(fits(choice, line) for choice in wanted)
    alike = (line.activity, line.unit, sorted(line.categories), line.topic, line.title, line.key)
    return (over, -serves, -line.day.toordinal(), -worth, alike)


def among_minimums(
    amounts: Sequence[tuple[Fraction, frozenset[int]]], needs: Sequence[Fraction], *, may_share: bool
) -> list[Fraction]:
    """How much each minimum gets from lines that could serve several.

    Parameters
    ----------
    amounts
        What counts of each line, with the places of the minimums it could serve.
    needs
        What each minimum asks for, in the unit of the amounts.
    may_share
        Whether one hour may serve several minimums in full.

    Returns
    -------
    list of Fraction
        One sum a minimum. Where hours may not be shared, as much of the needs is met as can be (a maximum flow from
        lines to minimums); what is left over goes to the first minimum each line could serve.
    """
    groups: dict[frozenset[int], Fraction] = defaultdict(Fraction)
    for amount, serves in amounts:
        if serves:
            groups[serves] += amount
    if may_share:
        return [sum((a for serves, a in groups.items() if n in serves), NONE) for n in range(len(needs))]
    ordered = sorted(groups, key=lambda serves: (len(serves), sorted(serves)))
    flow = {serves: dict.fromkeys(sorted(serves), NONE) for serves in ordered}
    got = [NONE] * len(needs)
    for serves in ordered:
        left = groups[serves]
        while left > 0 and (path := _path(serves, flow, got, needs)):
            left -= _push(path, flow, got, needs, left)
        if left > 0:
            first = min(serves)
            flow[serves][first] += left
            got[first] += left
    return got


Path = list[tuple[frozenset[int], int]]


def _path(
    start: frozenset[int],
    flow: dict[frozenset[int], dict[int, Fraction]],
    got: list[Fraction],
    needs: Sequence[Fraction],
) -> Path:
    """The shortest way on which hours of one group free others for a minimum that still lacks some."""
    seen, waiting = {start}, [(start, Path())]
    while waiting:
        group, path = waiting.pop(0)
        for n in sorted(group):
            if got[n] < needs[n]:
                return [*path, (group, n)]
        for n in sorted(group):
            for other, given in flow.items():
                if other not in seen and given.get(n, NONE) > 0:
                    seen.add(other)
                    waiting.append((other, [*path, (group, n)]))
    return []


def _push(
    path: Path,
    flow: dict[frozenset[int], dict[int, Fraction]],
    got: list[Fraction],
    needs: Sequence[Fraction],
    left: Fraction,
) -> Fraction:
    last = path[-1][1]
    moved = min(left, needs[last] - got[last])
    for (_group, n), (following, _m) in pairwise(path):
        moved = min(moved, flow[following][n])
    for place, (group, n) in enumerate(path):
        flow[group][n] += moved
        if place:
            flow[group][path[place - 1][1]] -= moved
    got[last] += moved
    return moved
