"""The decision itself: a pack, facts and a day give what is owed, what counts, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from learning_plans.rules.credit.allocating import (
    NONE,
    Candidate,
    Room,
    among_minimums,
    fits,
    in_whole_parts,
    total,
    under_maxima,
)
from learning_plans.rules.credit.carrying import carried
from learning_plans.rules.credit.decision import (
    DecidedLine,
    DecidedMaximum,
    DecidedMinimum,
    Decision,
    Quoted,
    Reason,
    Status,
    Step,
    Window,
)
from learning_plans.rules.credit.facts import Facts, Line, LineState, as_day
from learning_plans.rules.credit.owing import owed
from learning_plans.rules.credit.pack import ACTIVITIES, Choice, Conversion, Cycle, Minimum, Pack
from learning_plans.rules.credit.standing import status_of, unmet
from learning_plans.rules.credit.windows import holds, window_of


@dataclass(slots=True)
class Sorted:
    """Lines that could count, lines that wait, and the reason of every other."""

    candidates: list[Candidate] = field(default_factory=list)
    waiting: list[Candidate] = field(default_factory=list)
    refused: dict[int, DecidedLine] = field(default_factory=dict)


def decide(pack: Pack, facts: Facts) -> Decision:
    """What a license asks for on `facts.as_of`, what counts towards it, and why each line does or does not.

    Parameters
    ----------
    pack
        The rules. Amounts are in `pack.unit`.
    facts
        The license, employment, leave, special facts, the period before, and the lines in any order.

    Returns
    -------
    Decision
        Exact fractions; nothing is rounded before a comparison. `counted` holds what was carried in as well as lines;
        the converted amounts of all lines are `counted - carried_in - substituted + pending + uncounted`.

    Notes
    -----
    Steps, in this order: window with its extensions; exemption; what is owed (total, more endorsements, FTE and days
    present, substitutions); for each line state, day, plan, unit, activity, category, conversion and multiplier; topics
    that are too short; maxima; minimums, as percent of what is owed; what goes into the next period; status.
    """
    window, steps = window_of(pack, facts)
    exemption = next((each for each in pack.exemptions if holds(each.when, facts, window)), None)
    if exemption is not None:
        return _free(pack, facts, window, [*steps, Step("exempt", {"rule": exemption.key})], Status.EXEMPT)
    waiver = next((each for each in facts.waivers if each.amount is None), None)
    if waiver is not None:
        return _free(pack, facts, window, [*steps, Step("waived", {"why": Quoted(waiver.reason)})], Status.EXEMPT)
    if pack.cycle is Cycle.NONE:
        return _free(pack, facts, window, [*steps, Step("no_hour_rule", {})], Status.NO_HOUR_RULE)
    if window is None:
        return _free(pack, facts, None, steps, Status.UNKNOWN)
    return _decided(pack, facts, window, steps)


def _decided(pack: Pack, facts: Facts, window: Window, steps: list[Step]) -> Decision:
    debt = owed(pack, facts, window)
    steps = [*steps, *debt.steps]
    lines = sort_lines(pack, facts, window)
    minimums = [*(each for each in pack.minimums if holds(each.when, facts, window)), *debt.more_minimums]
    choices = [each.of for each in minimums]
    rooms = [
        Room(each, _of_required(each.amount, each.percent, debt.required))
        for each in pack.maximums
        if holds(each.when, facts, window)
    ]
    counted, cut_by = under_maxima(lines.candidates, rooms, choices)
    carried_in, carried_out, about_carry = carried(pack, facts, window, debt, lines.candidates, counted)
    credit = total(counted.values()) + carried_in + debt.substituted
    decided = _decided_minimums(pack, minimums, debt.required, debt.added, lines.candidates, counted)
    failures = unmet(pack, facts, window, lines.candidates)
    is_met = debt.is_replaced or (
        debt.required is not None and credit >= debt.required and not failures and not any(m.short for m in decided)
    )
    pending = total(each.converted for each in lines.waiting)
    shown = _shown(lines, counted, cut_by)
    status, elapsed = status_of(pack, facts.as_of, window, debt.required, credit, is_met=is_met)
    return Decision(
        pack_id=pack.id,
        required=debt.required if debt.required is not None else NONE,
        counted=credit,
        pending=pending,
        uncounted=total(each.converted for each in shown) - pending - total(counted.values()),
        carried_in=carried_in,
        carried_out=carried_out,
        status=status,
        is_met=is_met,
        window=window,
        minimums=tuple(decided),
        maximums=_decided_maximums(rooms, lines.candidates, counted),
        lines=shown,
        steps=(*steps, *about_carry, *failures),
        elapsed=elapsed,
    )


def _free(pack: Pack, facts: Facts, window: Window | None, steps: list[Step], status: Status) -> Decision:
    """Nothing is owed, or nobody can say what: the lines are kept and shown, and none is counted."""
    lines = tuple(
        DecidedLine(n, max(line.amount, NONE), NONE, Reason.NOTHING_OWED, {}) for n, line in enumerate(facts.lines)
    )
    return Decision(
        pack_id=pack.id,
        required=NONE,
        counted=NONE,
        pending=NONE,
        uncounted=total(line.converted for line in lines),
        carried_in=NONE,
        carried_out=NONE,
        status=status,
        is_met=status is not Status.UNKNOWN,
        window=window,
        minimums=(),
        maximums=(),
        lines=lines,
        steps=tuple(steps),
        elapsed=NONE,
    )


def sort_lines(pack: Pack, facts: Facts, window: Window) -> Sorted:
    found, keys, gate = Sorted(), set[str](), gate_of(pack, facts, window)
    worth = [converted_amount(pack, line) or NONE for line in facts.lines]
    ranks = [_rank(line, parts) for line, parts in zip(facts.lines, in_whole_parts(worth), strict=True)]
    for n in sorted(range(len(ranks)), key=ranks.__getitem__):
        line, converted = facts.lines[n], worth[n]
        reason = _refusal(gate, line)
        if reason is None and line.key and line.key in keys:
            reason = Reason.SAME_HOUR
        if reason is not None:
            detail = {"unit": line.unit, "activity": line.activity, "categories": line.categories, "day": line.day}
            found.refused[n] = DecidedLine(n, converted, NONE, reason, detail)
            continue
        keys.add(line.key)
        (found.waiting if line.state is LineState.PENDING else found.candidates).append(Candidate(n, line, converted))
    return _without_short_topics(pack, found)


def _rank(line: Line, worth: int) -> tuple[Any, ...]:
    """Of lines about the same learning the approved one that is worth the most is taken."""
    alike = (line.day, line.title, line.activity, line.unit, sorted(line.categories), line.topic)
    return (line.state is LineState.PENDING, -worth, alike)


@dataclass(frozen=True, slots=True)
class Gate:
    """What a line must be to be looked at further."""

    units: frozenset[str]
    categories: frozenset[str]
    as_of: date
    window: Window
    only: Choice
    plan_first: bool
    plan_on: date | None


def gate_of(pack: Pack, facts: Facts, window: Window) -> Gate:
    plan_on = facts.facts.get("plan_approved_on") if pack.plan_first else None
    more = facts.licence.endorsements if pack.each_more_endorsement else ()
    return Gate(
        units=frozenset(pack.units),
        categories=frozenset((*pack.categories, *(f"content:{each}" for each in more))),
        as_of=facts.as_of,
        window=window,
        only=pack.counts_only,
        plan_first=pack.plan_first,
        plan_on=as_day(plan_on, "facts.plan_approved_on") if plan_on else None,
    )


REFUSALS: tuple[tuple[Reason, Callable[[Gate, Line], bool]], ...] = (
    (Reason.VOIDED, lambda gate, line: line.state is LineState.VOIDED),
    (Reason.SAME_HOUR, lambda gate, line: line.is_repeated),
    (Reason.BELOW_ZERO, lambda gate, line: line.amount.numerator < 0),
    (Reason.UNKNOWN_UNIT, lambda gate, line: line.unit not in gate.units),
    (Reason.UNKNOWN_ACTIVITY, lambda gate, line: line.activity not in ACTIVITIES),
    (Reason.UNKNOWN_CATEGORY, lambda gate, line: bool(line.categories) and gate.categories.isdisjoint(line.categories)),
    (Reason.NOT_YET, lambda gate, line: line.day > gate.as_of),
    (Reason.BEFORE_WINDOW, lambda gate, line: line.day < gate.window.first),
    (Reason.AFTER_WINDOW, lambda gate, line: line.day > gate.window.last),
    (Reason.OTHER_ACTIVITY, lambda gate, line: not fits(gate.only, line)),
    (Reason.NO_PLAN, lambda gate, line: gate.plan_first and gate.plan_on is None),
    (Reason.BEFORE_PLAN, lambda gate, line: gate.plan_on is not None and line.day < gate.plan_on),
)


def _refusal(gate: Gate, line: Line) -> Reason | None:
    for reason, refuses in REFUSALS:
        if refuses(gate, line):
            return reason
    return None


def converted_amount(pack: Pack, line: Line) -> Fraction | None:
    """The line in the unit of the pack; none for a unit that the pack does not know."""
    if line.amount < 0:
        return NONE
    conversion = next((each for each in pack.conversions if _converts(each, line)), None)
    if conversion is None and line.unit != pack.unit:
        return None
    worth = line.amount
    if conversion is not None and not (conversion.gives == 1 and not conversion.is_flat):
        worth = conversion.gives * (1 if conversion.is_flat else line.amount)
    for multiplier in pack.multipliers:
        if fits(multiplier.of, line):
            return worth * multiplier.times
    return worth


def _converts(conversion: Conversion, line: Line) -> bool:
    is_then = (conversion.since is None or line.day >= conversion.since) and (
        conversion.until is None or line.day <= conversion.until
    )
    return is_then and conversion.unit == line.unit and fits(conversion.of, line)


def _without_short_topics(pack: Pack, found: Sorted) -> Sorted:
    if not pack.topic_at_least:
        return found
    sums: dict[str, Fraction] = {}
    for each in found.candidates:
        sums[each.line.topic] = sums.get(each.line.topic, NONE) + each.converted
    short = {topic for topic, amount in sums.items() if topic and amount < pack.topic_at_least}
    for each in found.candidates:
        if each.line.topic in short:
            detail = {"topic": each.line.topic, "sum": sums[each.line.topic], "least": pack.topic_at_least}
            found.refused[each.index] = DecidedLine(each.index, each.converted, NONE, Reason.TOPIC_TOO_SHORT, detail)
    found.candidates = [each for each in found.candidates if each.line.topic not in short]
    return found


def _of_required(amount: Fraction | None, percent: Fraction | None, required: Fraction | None) -> Fraction:
    return amount if amount is not None else (percent or NONE) / 100 * (required or NONE)


def _decided_minimums(
    pack: Pack,
    minimums: Sequence[Minimum],
    required: Fraction | None,
    added: Iterable[tuple[str, Fraction]],
    candidates: Sequence[Candidate],
    counted: dict[int, Fraction],
) -> list[DecidedMinimum]:
    needs = [_of_required(each.amount, each.percent, required) for each in minimums]
    serving: list[tuple[Fraction, frozenset[int]]] = [
        (counted[each.index], frozenset(n for n, least in enumerate(minimums) if fits(least.of, each.line)))
        for each in candidates
    ]
    for category, amount in added:
        serving.append((amount, frozenset(n for n, least in enumerate(minimums) if category in least.of.categories)))
    got = among_minimums(serving, needs, may_share=pack.serves_two_minimums)
    return [DecidedMinimum(least.key, need, has) for least, need, has in zip(minimums, needs, got, strict=True)]


def _decided_maximums(
    rooms: Sequence[Room], candidates: Sequence[Candidate], counted: dict[int, Fraction]
) -> tuple[DecidedMaximum, ...]:
    found = []
    for room in rooms:
        under = [each for each in candidates if fits(room.maximum.of, each.line)]
        earned, kept = total(each.converted for each in under), total(counted[each.index] for each in under)
        found.append(DecidedMaximum(room.maximum.key, room.limit, earned, kept))
    return tuple(found)


def _shown(lines: Sorted, counted: dict[int, Fraction], cut_by: dict[int, str]) -> tuple[DecidedLine, ...]:
    shown = dict(lines.refused)
    for each in lines.waiting:
        shown[each.index] = DecidedLine(each.index, each.converted, NONE, Reason.PENDING, {})
    for each in lines.candidates:
        amount = counted[each.index]
        reason, detail = Reason.COUNTED, dict[str, object]()
        if each.index in cut_by:
            reason = Reason.PARTLY_OVER_MAXIMUM if amount else Reason.OVER_MAXIMUM
            detail = {"maximum": cut_by[each.index]}
        shown[each.index] = DecidedLine(each.index, each.converted, amount, reason, detail)
    return tuple(shown[index] for index in sorted(shown))
