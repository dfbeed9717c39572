"""Where a license stands: met, on track, at risk, behind, overdue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction

from learning_plans.rules.credit.allocating import Candidate
from learning_plans.rules.credit.decision import Status, Step, Window
from learning_plans.rules.credit.facts import Facts, as_day
from learning_plans.rules.credit.owing import overlap
from learning_plans.rules.credit.pack import Pack, Yearly
from learning_plans.rules.credit.windows import school_year, year_of

HALF = Fraction(1, 2)


def status_of(
    pack: Pack, as_of: date, window: Window, required: Fraction | None, counted: Fraction, *, is_met: bool
) -> tuple[Status, Fraction]:
    """The status on a day, and the share of the window that has passed.

    On track is who has counted at least the share of the window that has passed; at risk, at least half of that
    share; behind, less. A pack whose sources disagree never says more than that it does not know.
    """
    elapsed = min(max(Fraction((as_of - window.first).days, window.days), Fraction(0)), Fraction(1))
    if not pack.is_verified or required is None:
        return Status.UNKNOWN, elapsed
    if is_met:
        return Status.MET, elapsed
    if as_of > window.last:
        return Status.OVERDUE, Fraction(1)
    share = counted / required if required else Fraction(1)
    if share >= elapsed:
        return Status.ON_TRACK, elapsed
    return (Status.AT_RISK if share >= elapsed * HALF else Status.BEHIND), elapsed


def unmet(pack: Pack, facts: Facts, window: Window, candidates: Sequence[Candidate]) -> list[Step]:
    """What is missing besides hours."""
    steps = _late(pack, facts, window)
    if pack.yearly is not None:
        steps += _missing_years(pack.yearly, facts, window, candidates)
    return steps


def _late(pack: Pack, facts: Facts, window: Window) -> list[Step]:
    steps = []
    for check in pack.checks:
        due, given = window.first + timedelta(days=check.within_days), facts.facts.get(check.fact)
        on = as_day(given, f"facts.{check.fact}") if given else None
        if on is None or on > due:
            steps.append(Step("not_in_time" if on else "still_missing", {"fact": check.fact, "due": due, "on": on}))
    return steps


def _missing_years(rule: Yearly, facts: Facts, window: Window, candidates: Sequence[Candidate]) -> list[Step]:
    """Years that were served with enough FTE, are over or have the activity still ahead, and have none."""
    has = {year_of(each.line.day) for each in candidates if each.line.activity == rule.activity}
    steps = []
    for begin in range(year_of(window.first), year_of(window.last) + 1):
        year = school_year(date(begin, 7, 1))
        part = Window(max(year.first, window.first), min(year.last, window.last))
        served = any(spell.fte >= rule.fte_at_least and overlap(spell, part) for spell in facts.employment)
        if begin not in has and part.first <= facts.as_of and (served or not facts.employment):
            steps.append(Step("year_without", {"activity": rule.activity, "year": begin}))
    return steps
