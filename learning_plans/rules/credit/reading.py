"""Rule packs read from TOML; a key, a unit or a number that makes no sense is refused with its place."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, TypeVar

from learning_plans.rules.credit import pack as packs

Part = TypeVar("Part")


class BadPack(ValueError):
    """Says where in the pack what is wrong."""


class Reader:
    """One table of the file: every key is asked for by name, and what was never asked for is refused at the end."""

    def __init__(self, place: str, table: Any) -> None:
        if not isinstance(table, Mapping):
            raise BadPack(f"{place}: here a table of names and values is expected.")
        self.place, self.table, self.asked = place, table, set[str]()

    def get(self, name: str) -> Any:
        self.asked.add(name)
        return self.table.get(name)

    def fail(self, name: str, words: str) -> BadPack:
        return BadPack(f"{self.place}.{name}: {words}")

    def text(self, name: str, *, needed: bool = False) -> str:
        value = self.get(name)
        if value is None and not needed:
            return ""
        if not isinstance(value, str) or (needed and not value.strip()):
            raise self.fail(name, "a text is expected.")
        return value

    def amount(self, name: str) -> Fraction | None:
        value = self.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, str)):
            raise self.fail(name, 'write a number in quotes, like "22.5".')
        try:
            found = Fraction(value)
        except (ValueError, ZeroDivisionError):
            raise self.fail(name, f"“{value}” is not a number.") from None
        if found < 0:
            raise self.fail(name, "a number below 0 makes no sense here.")
        return found

    def needed(self, name: str) -> Fraction:
        found = self.amount(name)
        if found is None:
            raise self.fail(name, "a number is expected.")
        return found

    def whole(self, name: str, default: int) -> int:
        value = self.get(name)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise self.fail(name, "a whole number from 0 on is expected.")
        return value

    def flag(self, name: str) -> bool:
        value = self.get(name)
        if value is not None and not isinstance(value, bool):
            raise self.fail(name, "true or false is expected.")
        return bool(value)

    def day(self, name: str) -> date | None:
        value = self.get(name)
        if value is not None and type(value) is not date:
            raise self.fail(name, "a day like 2020-07-01 is expected, without quotes.")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        value = self.get(name)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise self.fail(name, "a list of texts is expected.")
        return tuple(value)

    def codes(self, name: str, known: Sequence[str]) -> tuple[str, ...]:
        found = self.texts(name)
        strange = [each for each in found if each not in known]
        if strange:
            raise self.fail(name, f"“{strange[0]}” is none of {', '.join(known)}.")
        return found

    def code(self, name: str, known: Sequence[str], default: str = "") -> str:
        found = self.text(name) or default
        if found not in known:
            raise self.fail(name, f"“{found}” is none of {', '.join(known)}.")
        return found

    def one(self, name: str, read: Callable[[Reader], Part]) -> Part | None:
        table = self.get(name)
        return None if table is None else done(Reader(f"{self.place}.{name}", table), read)

    def several(self, name: str, read: Callable[[Reader], Part]) -> tuple[Part, ...]:
        tables = self.get(name) or []
        if not isinstance(tables, list):
            raise self.fail(name, "a list of tables is expected.")
        return tuple(done(Reader(f"{self.place}.{name}[{n}]", table), read) for n, table in enumerate(tables, 1))


def done(reader: Reader, read: Callable[[Reader], Part]) -> Part:
    found = read(reader)
    strange = sorted(set(reader.table) - reader.asked)
    if strange:
        raise reader.fail(strange[0], "nothing is known by this name here.")
    return found


def read_pack(text: str, *, name: str = "pack") -> packs.Pack:
    """The pack written in TOML.

    Raises
    ------
    BadPack
        Naming the place, when the text is no TOML, a key is unknown, or a value makes no sense.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadPack(f"{name}: this is not TOML. {error}") from None
    return done(Reader(name, table), _pack)


def _pack(it: Reader) -> packs.Pack:
    cycle = packs.Cycle(it.code("cycle", [*packs.Cycle], "validity"))
    totals = it.several("total", _total)
    if cycle is not packs.Cycle.NONE and not totals:
        raise it.fail("total", "say what is owed, or set cycle to none.")
    return packs.Pack(
        id=it.text("id", needed=True),
        title=it.text("title", needed=True),
        jurisdiction=it.text("jurisdiction"),
        unit=it.code("unit", packs.UNITS, "hour"),
        sureness=packs.Sureness(it.code("sureness", [*packs.Sureness])),
        sources=it.texts("sources"),
        owner=it.text("owner"),
        notes=it.texts("notes"),
        cycle=cycle,
        years=it.whole("years", 5),
        renew_from_months=it.whole("renew_from_months", 0),
        totals=totals,
        each_more_endorsement=it.one("each_more_endorsement", _increment),
        minimums=it.several("minimum", _minimum),
        maximums=it.several("maximum", _maximum),
        topic_at_least=it.amount("topic_at_least") or Fraction(0),
        conversions=it.several("conversion", _conversion),
        multipliers=it.several("multiplier", _multiplier),
        counts_only=it.one("counts_only", _choice) or packs.Choice(),
        serves_two_minimums=it.flag("serves_two_minimums"),
        plan_first=it.flag("plan_first"),
        carry=it.one("carry", _carry),
        prorated_by=it.codes("prorated_by", ("fte", "presence")),
        exemptions=it.several("exemption", _exemption),
        substitutions=it.several("substitution", _substitution),
        extensions=it.several("extension", _extension),
        yearly=it.one("yearly", _yearly),
        checks=it.several("check", _check),
        also_categories=it.texts("also_categories"),
        also_facts=it.texts("also_facts"),
    )


def _when(it: Reader) -> packs.When:
    return packs.When(
        types=it.texts("types"),
        endorsements=it.texts("endorsements"),
        without_endorsements=it.texts("without_endorsements"),
        positions=it.texts("positions"),
        fact=it.text("fact"),
        fact_below=it.amount("fact_below"),
        without_fact=it.text("without_fact"),
        window_from_since=it.day("window_from_since"),
        window_from_before=it.day("window_from_before"),
        window_until_since=it.day("window_until_since"),
        active_on=it.day("active_on"),
    )


def when_of(it: Reader) -> packs.When:
    return it.one("when", _when) or packs.When()


def _choice(it: Reader) -> packs.Choice:
    return packs.Choice(
        categories=it.texts("categories"),
        activities=it.codes("activities", packs.ACTIVITIES),
        units=it.codes("units", packs.UNITS),
    )


def _total(it: Reader) -> packs.Total:
    found = packs.Total(it.amount("amount"), it.text("fact"), it.amount("per_week"), when_of(it))
    if (found.amount is not None) + bool(found.fact) + (found.per_week is not None) != 1:
        raise it.fail("amount", "give one of amount, fact and per_week.")
    return found


def _increment(it: Reader) -> packs.Increment:
    return packs.Increment(it.needed("amount"), it.amount("minimum") or Fraction(0))


def _limit(it: Reader) -> tuple[Fraction | None, Fraction | None]:
    amount, percent = it.amount("amount"), it.amount("percent")
    if (amount is None) == (percent is None):
        raise it.fail("amount", "give one of amount and percent.")
    return amount, percent


def _minimum(it: Reader) -> packs.Minimum:
    key, of = it.text("key", needed=True), _choice(it)
    return packs.Minimum(key, of, *_limit(it), when=when_of(it))


def _maximum(it: Reader) -> packs.Maximum:
    key, of = it.text("key", needed=True), _choice(it)
    per = packs.Per(it.code("per", [*packs.Per], "period"))
    return packs.Maximum(key, of, *_limit(it), per=per, when=when_of(it))


def _conversion(it: Reader) -> packs.Conversion:
    return packs.Conversion(
        unit=it.code("unit", packs.UNITS),
        gives=it.needed("gives"),
        of=packs.Choice(it.texts("categories"), it.codes("activities", packs.ACTIVITIES)),
        is_flat=it.flag("flat"),
        since=it.day("since"),
        until=it.day("until"),
    )


def _multiplier(it: Reader) -> packs.Multiplier:
    return packs.Multiplier(_choice(it), it.needed("times"))


def _carry(it: Reader) -> packs.Carry:
    month_day = it.text("since")
    try:
        month, day = (int(part) for part in month_day.split("-")) if month_day else (0, 0)
    except ValueError:
        raise it.fail("since", "a day of the year like 04-01 is expected.") from None
    return packs.Carry(
        most=it.amount("most"),
        last_years=it.whole("last_years", 0),
        since_month_day=(month, day) if month_day else None,
        categories=it.texts("categories"),
    )


def _exemption(it: Reader) -> packs.Exemption:
    return packs.Exemption(it.text("key", needed=True), when_of(it))


def _substitution(it: Reader) -> packs.Substitution:
    adds = it.get("adds") or {}
    amounts = Reader(f"{it.place}.adds", adds)
    return packs.Substitution(
        key=it.text("key", needed=True),
        when=when_of(it),
        is_all=it.flag("all"),
        required=it.amount("required"),
        adds=tuple((name, amounts.needed(name)) for name in adds),
    )


def _extension(it: Reader) -> packs.Extension:
    return packs.Extension(it.text("key", needed=True), it.whole("years", 1), when_of(it))


def _yearly(it: Reader) -> packs.Yearly:
    return packs.Yearly(it.code("activity", packs.ACTIVITIES), it.amount("fte_at_least") or Fraction(0))


def _check(it: Reader) -> packs.Check:
    return packs.Check(it.text("fact", needed=True), it.whole("within_days", 0))
