"""How long a decision holds when nothing is entered: time alone makes people late."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from math import floor

from learning_plans.rules.credit.decision import Decision, Status, Window
from learning_plans.rules.credit.facts import Facts
from learning_plans.rules.credit.pack import Cycle, Pack
from learning_plans.rules.credit.windows import school_year

ALWAYS = date(2100, 12, 31)
A_DAY = timedelta(days=1)


def holds_until(pack: Pack, facts: Facts, found: Decision) -> date:
    """The last day on which the facts give the same decision, but for the share of the window that has passed.

    Parameters
    ----------
    pack, facts
        What was decided about; `facts.as_of` is the day of the decision.
    found
        The decision itself.

    Returns
    -------
    date
        Not before `facts.as_of`. Days on which a line comes due, a post begins or ends, a year or the window turns, or
        the pace falls below what the day asks for, each end it.
    """
    turns = [day for day in _turning_days(pack, facts, found) if day > facts.as_of]
    return min(turns, default=ALWAYS) - A_DAY


def _turning_days(pack: Pack, facts: Facts, found: Decision) -> Iterator[date]:
    yield from (line.day for line in facts.lines)
    for spell in (*facts.employment, *facts.leave):
        yield spell.first
        if spell.last is not None:
            yield spell.last + A_DAY
    if pack.cycle is Cycle.SCHOOL_YEAR or pack.yearly is not None:
        yield school_year(facts.as_of).last + A_DAY
    if found.window is not None:
        yield found.window.first
        yield found.window.last + A_DAY
        yield from _slower_days(found, found.window)


def _slower_days(found: Decision, window: Window) -> Iterator[date]:
    """The first day on which what is counted is less than the share of the window, and less than half of it."""
    if found.status not in (Status.ON_TRACK, Status.AT_RISK, Status.BEHIND) or not found.required:
        return
    share = found.counted / found.required
    for times in (Fraction(1), Fraction(2)):
        passed = floor(share * times * window.days) + 1
        if passed <= window.days:
            yield window.first + passed * A_DAY
