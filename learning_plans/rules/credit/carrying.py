"""What goes from one period into the next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from fractions import Fraction

from learning_plans.rules.credit.allocating import NONE, Candidate, total
from learning_plans.rules.credit.decision import Step, Window
from learning_plans.rules.credit.facts import Facts
from learning_plans.rules.credit.owing import Debt
from learning_plans.rules.credit.pack import Carry, Pack
from learning_plans.rules.credit.windows import years_later

Earned = tuple[date, Fraction]


def carried(
    pack: Pack, facts: Facts, window: Window, debt: Debt, candidates: Sequence[Candidate], counted: dict[int, Fraction]
) -> tuple[Fraction, Fraction, list[Step]]:
    """What came in from the period before, what goes into the next, and how that was worked out."""
    before = facts.previous
    if pack.carry is None:
        return NONE, NONE, [Step("nothing_carried", {})] if before and before.counted > before.required else []
    came, steps = NONE, list[Step]()
    if before is not None:
        earlier = Window(years_later(window.first, -pack.years), window.first - timedelta(days=1))
        came = carry_over(pack.carry, before.counted - before.required, before.by_date, earlier)
        steps.append(Step("carried_in", {"amount": came, "above": max(before.counted - before.required, NONE)}))
    earned = [
        (each.line.day, counted[each.index])
        for each in candidates
        if not pack.carry.categories or not set(pack.carry.categories).isdisjoint(each.line.categories)
    ]
    above = total(counted.values()) + came + debt.substituted - (debt.required or NONE)
    goes = carry_over(pack.carry, above, earned, window) if debt.required else NONE
    if goes:
        steps.append(Step("carried_out", {"amount": goes, "above": above}))
    return came, goes, steps


def carry_over(rule: Carry, above: Fraction, earned: Iterable[Earned], window: Window) -> Fraction:
    """The part of what lies above the requirement that was earned late enough, up to the most that may go over."""
    since = earning_window(rule, window)
    late = total(amount for day, amount in earned if since <= day <= window.last)
    found = max(min(above, late), NONE)
    return found if rule.most is None else min(found, rule.most)


def earning_window(rule: Carry, window: Window) -> date:
    if rule.since_month_day is not None:
        begin = date(window.last.year, *rule.since_month_day)
        return begin if begin <= window.last else date(window.last.year - 1, *rule.since_month_day)
    if rule.last_years:
        return years_later(window.last + timedelta(days=1), -rule.last_years)
    return window.first
