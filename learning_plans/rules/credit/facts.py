"""What is known about a person, their license and their learning, and how a file says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from fractions import Fraction
from typing import Any


class LineState(StrEnum):
    APPROVED = "approved"
    PENDING = "pending"
    VOIDED = "voided"


@dataclass(frozen=True, slots=True)
class Licence:
    type: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    endorsements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Spell:
    """Days of employment or leave, the last one included; no last day means that it goes on."""

    first: date
    last: date | None
    fte: Fraction = Fraction(1)
    position: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    day: date
    activity: str
    unit: str
    amount: Fraction
    categories: tuple[str, ...] = ()
    topic: str = ""
    title: str = ""
    state: LineState = LineState.APPROVED
    key: str = ""  # of the learning itself; the same key twice is the same hour
    is_repeated: bool = False  # told again in another unit, while another line already stands for it


@dataclass(frozen=True, slots=True)
class Previous:
    """The period before: what was owed, what counted, and when it was earned."""

    required: Fraction
    counted: Fraction
    by_date: tuple[tuple[date, Fraction], ...] = ()


@dataclass(frozen=True, slots=True)
class Waiver:
    """Somebody entitled to it forgave a part of what is owed, or all of it where no amount is given."""

    reason: str
    amount: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    as_of: date
    licence: Licence = Licence()
    employment: tuple[Spell, ...] = ()
    leave: tuple[Spell, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    previous: Previous | None = None
    lines: tuple[Line, ...] = ()
    waivers: tuple[Waiver, ...] = ()


class BadFacts(ValueError):
    """Says where in the facts what is wrong."""


def read_facts(given: Any) -> Facts:
    """Facts from what a JSON file holds.

    Raises
    ------
    BadFacts
        Naming the place, when a day, a number or a whole part is missing or makes no sense.
    """
    whole = _table(given, "facts file")
    licence = _table(whole.get("licence") or {}, "licence")
    found = Facts(
        as_of=_needed_day(whole, "as_of", "as_of"),
        licence=Licence(
            type=_text(licence, "type", "licence"),
            valid_from=_day(licence, "valid_from", "licence.valid_from"),
            valid_until=_day(licence, "valid_until", "licence.valid_until"),
            endorsements=_texts(licence, "endorsements", "licence"),
        ),
        employment=tuple(_spell(row, f"employment[{n}]") for n, row in enumerate(_rows(whole, "employment"))),
        leave=tuple(_spell(row, f"leave[{n}]") for n, row in enumerate(_rows(whole, "leave"))),
        facts=_table(whole.get("facts") or {}, "facts"),
        previous=_previous(whole.get("previous")),
        lines=tuple(_line(row, f"lines[{n}]") for n, row in enumerate(_rows(whole, "lines"))),
        waivers=tuple(_waiver(row, f"waivers[{n}]") for n, row in enumerate(_rows(whole, "waivers"))),
    )
    first, last = found.licence.valid_from, found.licence.valid_until
    if first and last and last < first:
        raise BadFacts(f"licence.valid_until: {last} lies before valid_from, {first}.")
    return found


def _table(value: Any, place: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise BadFacts(f"{place}: an object with names and values is expected.")
    return value


def _rows(table: Mapping[str, Any], name: str) -> list[Any]:
    value = table.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise BadFacts(f"{name}: a list is expected.")
    return value


def _text(table: Mapping[str, Any], name: str, place: str) -> str:
    value = table.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadFacts(f"{place}.{name}: a text is expected.")
    return value


def _texts(table: Mapping[str, Any], name: str, place: str) -> tuple[str, ...]:
    value = table.get(name) or []
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise BadFacts(f"{place}.{name}: a list of texts is expected.")
    return tuple(value)


def as_day(value: Any, place: str) -> date:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise BadFacts(f"{place}: “{value}” is no day like 2026-06-30.") from None


def _day(table: Mapping[str, Any], name: str, place: str) -> date | None:
    value = table.get(name)
    return None if value in (None, "") else as_day(value, place)


def _needed_day(table: Mapping[str, Any], name: str, place: str) -> date:
    found = _day(table, name, place)
    if found is None:
        raise BadFacts(f"{place}: a day is missing.")
    return found


def as_amount(value: Any, place: str) -> Fraction:
    """Numbers as text, whole, or with a point; a binary fraction is read as it was written."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str, Decimal)):
        raise BadFacts(f"{place}: a number is expected.")
    try:
        exact = Decimal(str(value).strip())
    except InvalidOperation:
        raise BadFacts(f"{place}: “{value}” is not a number.") from None
    if not exact.is_finite() or abs(exact) > Decimal(10) ** 9 or exact.as_tuple().exponent < -9:  # type: ignore[operator]
        raise BadFacts(f"{place}: “{value}” is not a number of hours or credits.")
    return Fraction(exact)


def _spell(value: Any, place: str) -> Spell:
    row = _table(value, place)
    first, last = _needed_day(row, "from", f"{place}.from"), _day(row, "to", f"{place}.to")
    if last is not None and last < first:
        raise BadFacts(f"{place}: it ends on {last}, before it begins on {first}.")
    fte = as_amount(row.get("fte", 1), f"{place}.fte")
    if not 0 <= fte <= 2:
        raise BadFacts(f"{place}.fte: a number from 0 to 2 is expected.")
    return Spell(first, last, fte, _text(row, "position", place))


def _waiver(value: Any, place: str) -> Waiver:
    row = _table(value, place)
    amount = row.get("amount")
    given = None if amount is None else as_amount(amount, f"{place}.amount")
    if given is not None and given <= 0:
        raise BadFacts(f"{place}.amount: a number above 0 is expected; leave it out to waive everything.")
    return Waiver(_text(row, "reason", place), given)


def _previous(value: Any) -> Previous | None:
    if value is None:
        return None
    row = _table(value, "previous")
    parts = []
    for n, each in enumerate(_rows(row, "by_date")):
        place = f"previous.by_date[{n}]"
        day, amount = (each.get("date"), each.get("amount")) if isinstance(each, Mapping) else _pair(each, place)
        parts.append((as_day(day, place), as_amount(amount, place)))
    return Previous(
        required=as_amount(row.get("required", 0), "previous.required"),
        counted=as_amount(row.get("counted", 0), "previous.counted"),
        by_date=tuple(parts),
    )


def _pair(value: Any, place: str) -> tuple[Any, Any]:
    if not isinstance(value, list) or len(value) != 2:
        raise BadFacts(f"{place}: a date and an amount are expected.")
    return value[0], value[1]


def _line(value: Any, place: str) -> Line:
    row = _table(value, place)
    state = row.get("state", LineState.APPROVED.value)
    if state not in [*LineState]:
        raise BadFacts(f"{place}.state: “{state}” is none of {', '.join(LineState)}.")
    return Line(
        day=_needed_day(row, "date", f"{place}.date"),
        activity=_text(row, "activity", place) or "other",
        unit=_text(row, "unit", place) or "hour",
        amount=as_amount(row.get("amount"), f"{place}.amount"),
        categories=_texts(row, "categories", place),
        topic=_text(row, "topic", place),
        title=_text(row, "title", place),
        state=LineState(state),
        key=_text(row, "id", place),
    )
