"""Licenses with everything that a decision about them needs, read for many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import groupby
from typing import Any, NamedTuple

from django.utils import timezone

from learning_plans.credit.shelf import RuleShelf, shelves
from learning_plans.models import Completion, Course, LicenceFact, PlanDecision, Waiver
from learning_plans.models.choices import PlanDecisionName
from learning_plans.rules.credit import facts as engine
from learning_plans.rules.credit.deciding import converted_amount, decide
from learning_plans.rules.credit.decision import DecidedLine, Decision
from learning_plans.rules.credit.kinds import ACTIVITY_CODES, topic_of
from learning_plans.rules.credit.pack import Pack
from learning_plans.rules.credit.windows import window_of
from teachers.models import Employment, Leave, Licence

STATES = {state.value: state for state in engine.LineState}
HOUR = "hour"


class Entry(NamedTuple):
    """Which row of the record a line of the facts was made from; without a credit line, from the minutes."""

    completion_id: int
    credit_line_id: int | None
    title: str
    category: str


class Row(NamedTuple):
    teacher: int
    completion: int
    day: date
    minutes: int
    category: str
    state: str
    activity: str
    title: str
    focus_areas: str
    credit_line: int | None
    unit: str | None
    amount: Decimal | None
    credit_category: str | None


class Explained:
    """What can be decided and explained; `entries` stand beside `facts.lines`."""

    pack: Pack
    facts: engine.Facts
    entries: tuple[Entry, ...]

    @cached_property
    def decision(self) -> Decision:
        return decide(self.pack, self.facts)

    @property
    def explained(self) -> list[tuple[Entry, engine.Line, DecidedLine]]:
        """Each line with where it comes from and what became of it, in the order of days."""
        found = [(self.entries[each.index], self.facts.lines[each.index], each) for each in self.decision.lines]
        return sorted(found, key=lambda each: (each[1].day, each[0]))


@dataclass(frozen=True)
class LicenceCase(Explained):
    """Lines from before the period are left to the period they fell in."""

    licence: Licence
    pack: Pack
    facts: engine.Facts
    entries: tuple[Entry, ...]


@dataclass(slots=True)
class Records:
    """What is on record of some people, by the key of the person or of the license."""

    rows: dict[int, list[Row]] = field(default_factory=lambda: defaultdict(list))
    employment: dict[int, list[engine.Spell]] = field(default_factory=lambda: defaultdict(list))
    leave: dict[int, list[engine.Spell]] = field(default_factory=lambda: defaultdict(list))
    facts: dict[int, dict[str, Any]] = field(default_factory=lambda: defaultdict(dict))
    waivers: dict[int, list[engine.Waiver]] = field(default_factory=lambda: defaultdict(list))
    earlier: dict[tuple[int, str, str], list[Licence]] = field(default_factory=lambda: defaultdict(list))
    plans_approved: dict[int, list[date]] = field(default_factory=lambda: defaultdict(list))


def cases(
    licences: Sequence[Licence], *, on: date, shelf: RuleShelf | None = None, more: Iterable[engine.Line] = ()
) -> list[LicenceCase]:
    """One case for each license whose rules are known, in the given order; `licence.teacher` must be loaded.

    `shelf` decides by other rules than the district's present ones; `more` are lines that would be added.
    """
    here = shelves({each.teacher.district_id for each in licences}) if shelf is None else {}
    packs = {each.pk: (shelf or here[each.teacher.district_id]).pack_for(each) for each in licences}
    known = [each for each in licences if packs[each.pk] is not None]
    records = read(known, {each.pk: pack for each in known if (pack := packs[each.pk])})
    return [
        _case(each, pack, records, shelf or here[each.teacher.district_id], on=on, more=tuple(more))
        for each in known
        if (pack := packs[each.pk])
    ]


def _case(
    licence: Licence, pack: Pack, records: Records, shelf: RuleShelf, *, on: date, more: tuple[engine.Line, ...] = ()
) -> LicenceCase:
    facts = engine.Facts(
        as_of=on,
        licence=engine.Licence(
            type=licence.licence_type,
            valid_from=licence.valid_from,
            valid_until=licence.valid_until,
            endorsements=licence.endorsement_names,
        ),
        employment=tuple(records.employment.get(licence.teacher_id, ())),
        leave=tuple(records.leave.get(licence.teacher_id, ())),
        facts=_known(licence, pack, records),
        previous=_previous(licence, pack, records, shelf),
        waivers=tuple(records.waivers.get(licence.pk, ())),
    )
    window, _steps = window_of(pack, facts)
    since = window.first if window else licence.valid_from
    lines, entries = lines_of(records.rows.get(licence.teacher_id, ()), pack, shelf, since=since)
    return LicenceCase(licence, pack, replace(facts, lines=(*lines, *more)), entries)


def _known(licence: Licence, pack: Pack, records: Records) -> dict[str, Any]:
    known = dict(records.facts.get(licence.pk, ()))
    if licence.extended_until:
        known.setdefault("extended_until", licence.extended_until.isoformat())
    if pack.plan_first:
        approved = [day for day in records.plans_approved.get(licence.teacher_id, ()) if day >= licence.valid_from]
        if approved:
            known.setdefault("plan_approved_on", min(approved).isoformat())
    return known


def _previous(licence: Licence, pack: Pack, records: Records, shelf: RuleShelf) -> engine.Previous | None:
    """The period before, decided as of its last day, where rules carry anything over."""
    if pack.carry is None:
        return None
    before = [each for each in records.earlier[_kind(licence)] if each.valid_from < licence.valid_from]
    if not before or before[-1].valid_until is None:
        return None
    earlier = before[-1]
    earlier_pack = shelf.pack_for(earlier) or pack
    case = _case(earlier, earlier_pack, records, shelf, on=earlier.ends_on or licence.valid_from)
    found = case.decision
    by_date = tuple((case.facts.lines[each.index].day, each.counted) for each in found.lines if each.counted)
    return engine.Previous(found.required, found.counted, by_date)


def _kind(licence: Licence) -> tuple[int, str, str]:
    return licence.teacher_id, licence.jurisdiction, licence.licence_type


# --- Lines ------------------------------------------------------------------------------------------------------


def lines_of(
    rows: Iterable[Row], pack: Pack, shelf: RuleShelf, *, since: date
) -> tuple[tuple[engine.Line, ...], tuple[Entry, ...]]:
    lines, entries = list[engine.Line](), list[Entry]()
    for _completion, group in groupby(rows, key=lambda row: row.completion):
        told = [row for row in group if row.day >= since]
        made = [_line(row, shelf) for row in told]
        if len({line.unit for line in made}) > 1:
            made = _told_once(made, pack)
        lines += made
        entries += [
            Entry(row.completion, row.credit_line, row.title, row.credit_category or row.category) for row in told
        ]
    return tuple(lines), tuple(entries)


def _line(row: Row, shelf: RuleShelf) -> engine.Line:
    amount = hours(row.minutes) if row.amount is None else exact(row.amount)
    return engine.Line(
        row.day,
        ACTIVITY_CODES[row.activity],
        row.unit or HOUR,
        amount,
        shelf.codes_of(row.credit_category or row.category),
        topic_of(row.focus_areas),
        row.title,
        STATES[row.state],
        f"{row.completion}-{row.credit_line or 0}",
    )


def _told_once(lines: list[engine.Line], pack: Pack) -> list[engine.Line]:
    """Credit of one learning in several units: what is worth the most stands for it, the rest repeats it."""
    worth: dict[str, Fraction] = defaultdict(Fraction)
    for line in lines:
        worth[line.unit] += converted_amount(pack, line) or Fraction(0)
    best = max(worth, key=lambda unit: (worth[unit], unit == pack.unit, unit))
    if not worth[best]:
        return lines
    return [line if line.unit == best else replace(line, is_repeated=True) for line in lines]


@lru_cache(maxsize=5_000)
def hours(minutes: int) -> Fraction:
    return Fraction(minutes, 60)


@lru_cache(maxsize=5_000)
def exact(amount: Decimal) -> Fraction:
    return Fraction(amount)


# --- Reading ----------------------------------------------------------------------------------------------------

LINE_FIELDS = (
    "teacher", "pk", "completed_on", "minutes", "category", "state", "course__activity_type", "course__title",
    "course__focus_areas", "credit_lines__pk", "credit_lines__unit", "credit_lines__amount", "credit_lines__category",
)  # fmt: skip


def read(licences: Sequence[Licence], packs: Mapping[int, Pack]) -> Records:
    """What is on record of the people who hold these licenses, in a fixed number of queries."""
    records, people = Records(), sorted({each.teacher_id for each in licences})
    if not people:
        return records
    carrying = {each.teacher_id for each in licences if packs[each.pk].carry is not None}
    held = list(Licence.objects.filter(teacher__in=carrying).order_by("valid_from", "pk")) if carrying else []
    for each in held:
        records.earlier[_kind(each)].append(each)
    since = min(each.valid_from for each in (*licences, *held))
    read_rows(records, people, since=since)
    read_people(records, people)
    keys = [each.pk for each in (*licences, *held)]
    for key, name, value in LicenceFact.objects.filter(licence__in=keys).values_list("licence", "name", "value"):
        records.facts[key][name] = value
    waivers = Waiver.objects.filter(licence__in=keys, taken_back_at=None).order_by("granted_at", "pk")
    for key, amount, reason in waivers.values_list("licence", "amount", "reason"):
        records.waivers[key].append(engine.Waiver(reason, None if amount is None else exact(amount)))
    if any(pack.plan_first for pack in packs.values()):
        _read_approvals(records, people)
    return records


def read_rows(records: Records, people: Sequence[int], *, since: date) -> None:
    rows = Completion.objects.filter(teacher__in=people, completed_on__gte=since).order_by("pk", "credit_lines__pk")
    for values in rows.values_list(*LINE_FIELDS).iterator(chunk_size=5_000):
        records.rows[values[0]].append(Row._make(values))


def read_people(records: Records, people: Sequence[int]) -> None:
    spells = Employment.objects.filter(teacher__in=people).order_by("started_on", "pk")
    for key, first, last, fte, position in spells.values_list("teacher", "started_on", "ended_on", "fte", "position"):
        records.employment[key].append(engine.Spell(first, last, exact(fte), position))
    leaves = Leave.objects.filter(teacher__in=people).order_by("started_on", "pk")
    for key, first, last in leaves.values_list("teacher", "started_on", "ended_on"):
        records.leave[key].append(engine.Spell(first, last))


def _read_approvals(records: Records, people: Sequence[int]) -> None:
    approvals = PlanDecision.objects.filter(plan__teacher__in=people, kind=PlanDecisionName.APPROVED)
    for key, at in approvals.values_list("plan__teacher", "decided_at"):
        records.plans_approved[key].append(timezone.localtime(at).date())


def line_of(course: Course, shelf: RuleShelf, *, on: date) -> engine.Line:
    """What a course would add to a record if it were completed on a day."""
    category = shelf.codes_of(course.category)
    kind, topic = ACTIVITY_CODES[course.activity_type], topic_of(course.focus_areas)
    return engine.Line(on, kind, HOUR, hours(course.minutes), category, topic, course.title)


def case_of(licence: Licence, *, on: date, more: Iterable[engine.Line] = ()) -> LicenceCase | None:
    """The case of one license; none where nobody knows its rules."""
    return next(iter(cases([licence], on=on, more=more)), None)
