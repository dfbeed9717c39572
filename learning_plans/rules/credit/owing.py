"""What is owed in a period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from learning_plans.rules.credit.decision import Quoted, Step, Window
from learning_plans.rules.credit.facts import Facts, Spell, as_amount
from learning_plans.rules.credit.pack import Choice, Minimum, Pack, Total
from learning_plans.rules.credit.windows import holds

NONE = Fraction(0)


@dataclass(frozen=True, slots=True)
class Debt:
    """`required` is none where the pack asks for a fact that nobody gave."""

    required: Fraction | None
    steps: tuple[Step, ...]
    more_minimums: tuple[Minimum, ...] = ()
    is_replaced: bool = False
    added: tuple[tuple[str, Fraction], ...] = ()

    @property
    def substituted(self) -> Fraction:
        return sum((amount for _category, amount in self.added), NONE)


def owed(pack: Pack, facts: Facts, window: Window) -> Debt:
    total = next((each for each in pack.totals if holds(each.when, facts, window)), None)
    required = _amount(total, facts, window)
    if required is None:
        return Debt(None, (Step("total_unknown", {"fact": total.fact if total else ""}),))
    steps = [Step("total", {"amount": required, "unit": pack.unit})]
    more = _more_minimums(pack, facts)
    if pack.each_more_endorsement and (count := len(facts.licence.endorsements) - 1) > 0:
        required += count * pack.each_more_endorsement.amount
        steps.append(Step("more_endorsements", {"count": count, "required": required}))
    for by in pack.prorated_by:
        share = fte_share(facts.employment, window) if by == "fte" else presence_share(facts, window)
        if share < 1:
            required *= share
            steps.append(Step(f"prorated_by_{by}", {"share": share, "required": required}))
    for waiver in facts.waivers:
        if waiver.amount is not None:
            required = max(required - waiver.amount, NONE)
            detail = {"amount": waiver.amount, "why": Quoted(waiver.reason), "required": required}
            steps.append(Step("waived_part", detail))
    return _substituted(pack, facts, window, Debt(required, tuple(steps), more))


def _amount(total: Total | None, facts: Facts, window: Window) -> Fraction | None:
    if total is None:
        return None
    if total.per_week is not None:
        return total.per_week * Fraction(window.days, 7)
    if total.fact:
        given = facts.facts.get(total.fact)
        return None if given is None else as_amount(given, f"facts.{total.fact}")
    return total.amount


def _more_minimums(pack: Pack, facts: Facts) -> tuple[Minimum, ...]:
    rule = pack.each_more_endorsement
    if rule is None or not rule.minimum:
        return ()
    return tuple(
        Minimum(f"content:{each}", Choice(categories=(f"content:{each}",)), amount=rule.minimum)
        for each in facts.licence.endorsements[1:]
    )


def _substituted(pack: Pack, facts: Facts, window: Window, debt: Debt) -> Debt:
    required, steps, added, is_replaced = debt.required, list(debt.steps), list(debt.added), debt.is_replaced
    for each in pack.substitutions:
        if not holds(each.when, facts, window):
            continue
        if each.required is not None:
            required = each.required
        is_replaced = is_replaced or each.is_all
        added += each.adds
        amount = sum((amount for _category, amount in each.adds), NONE)
        steps.append(Step("substituted", {"rule": each.key, "required": required, "adds": amount, "all": each.is_all}))
    return Debt(required, tuple(steps), debt.more_minimums, is_replaced, tuple(added))


def fte_share(employment: tuple[Spell, ...], window: Window) -> Fraction:
    """Mean FTE over the days employed in the window, at most 1; without any record, 1."""
    days, weighted = 0, NONE
    for spell in employment:
        length = overlap(spell, window)
        days += length
        weighted += spell.fte * length
    return min(weighted / days, Fraction(1)) if days else Fraction(1)


def presence_share(facts: Facts, window: Window) -> Fraction:
    """Days of the window employed and not on leave; without any record, all of them."""
    if not facts.employment:
        return 1 - Fraction(len(_days(facts.leave, window)), window.days)
    present = _days(facts.employment, window) - _days(facts.leave, window)
    return Fraction(len(present), window.days)


def overlap(spell: Spell, window: Window) -> int:
    first, last = max(spell.first, window.first), min(spell.last or window.last, window.last)
    return max((last - first).days + 1, 0)


def _days(spells: tuple[Spell, ...], window: Window) -> set[date]:
    found = set[date]()
    for spell in spells:
        begin = max(spell.first, window.first)
        found.update(begin + timedelta(days=n) for n in range(overlap(spell, window)))
    return found
