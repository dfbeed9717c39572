"""Rule packs read from TOML; a key, a unit or a number that makes no sense is refused with its place."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, TypeVar

from learning_plans.rules.credit import pack as packs

Part = TypeVar("Part")


# What can be wrong, by name, so that it can be said in other languages.
PROBLEMS = {
    "no_table": "here a table of names and values is expected.",
    "no_text": "a text is expected.",
    "unquoted": 'write a number in quotes, like "22.5".',
    "no_number": "“%(value)s” is not a number.",
    "too_large": "“%(value)s” is larger than a number can be here.",
    "below_zero": "a number below 0 makes no sense here.",
    "number_missing": "a number is expected.",
    "not_whole": "a whole number from 0 to %(most)s is expected.",
    "no_flag": "true or false is expected.",
    "no_day": "a day like 2020-07-01 is expected, without quotes.",
    "no_texts": "a list of texts is expected.",
    "unknown_code": "“%(value)s” is none of %(known)s.",
    "no_tables": "a list of tables is expected.",
    "too_many": "%(count)s are too many; %(most)s are enough.",
    "unknown_key": "nothing is known by this name here.",
    "no_toml": "this is not TOML. %(why)s",
    "too_deep": "lists and tables stand too deep in one another.",
    "too_long": "the rules are too long: %(most)s characters are enough.",
    "nothing_owed": "say what is owed, or set cycle to none.",
    "one_of_total": "give one of amount, fact and per_week.",
    "one_of_limit": "give one of amount and percent.",
    "no_month_day": "a day of the year like 04-01 is expected.",
}
LONGEST_TEXT = 60_000
MOST_PARTS = 40  # of one kind; no state has half as many
MOST_YEARS, MOST_MONTHS, MOST_DAYS = 50, 600, 20_000
MOST_DOTS = 100
NUMBER = re.compile(r"-?\d{1,6}(?:\.\d{1,9}|/\d{1,9})?", re.ASCII)
SHOWN = 40


class BadPack(ValueError):
    """Says where in the pack what is wrong; `problem` names the sentence, `detail` what it speaks of."""

    def __init__(self, place: str, problem: str, **detail: object) -> None:
        super().__init__(place, problem, detail)
        self.place, self.problem = place, problem
        self.detail = {name: shortened(str(value)) for name, value in detail.items()}

    def __str__(self) -> str:
        return f"{self.place}: {PROBLEMS[self.problem] % self.detail}"


def shortened(words: str) -> str:
    return words if len(words) <= 400 else f"{words[:SHOWN]}…"


class Reader:
    """One table of the file: every key is asked for by name, and what was never asked for is refused at the end."""

    def __init__(self, place: str, table: Any) -> None:
        if not isinstance(table, Mapping):
            raise BadPack(place, "no_table")
        self.place, self.table, self.asked = place, table, set[str]()

    def get(self, name: str) -> Any:
        self.asked.add(name)
        return self.table.get(name)

    def fail(self, name: str, problem: str, **detail: object) -> BadPack:
        return BadPack(f"{self.place}.{shortened(name)}", problem, **detail)

    def text(self, name: str, *, needed: bool = False) -> str:
        value = self.get(name)
        if value is None and not needed:
            return ""
        if not isinstance(value, str) or (needed and not value.strip()):
            raise self.fail(name, "no_text")
        return value

    def amount(self, name: str) -> Fraction | None:
        value = self.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, str)):
            raise self.fail(name, "unquoted")
        if isinstance(value, int) and abs(value) >= 10**6:  # too long to be written out, maybe
            raise self.fail(name, "too_large", value="…")
        written = str(value).strip()
        if not NUMBER.fullmatch(written):
            is_large = written.isascii() and written.isdigit()
            raise self.fail(name, "too_large" if is_large else "no_number", value=written[:SHOWN])
        try:
            found = Fraction(written)
        except ZeroDivisionError:
            raise self.fail(name, "no_number", value=written) from None
        if found < 0:
            raise self.fail(name, "below_zero")
        return found

    def needed(self, name: str) -> Fraction:
        found = self.amount(name)
        if found is None:
            raise self.fail(name, "number_missing")
        return found

    def whole(self, name: str, default: int, *, most: int = MOST_YEARS) -> int:
        value = self.get(name)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
            raise self.fail(name, "not_whole", most=most)
        return value

    def flag(self, name: str) -> bool:
        value = self.get(name)
        if value is not None and not isinstance(value, bool):
            raise self.fail(name, "no_flag")
        return bool(value)

    def day(self, name: str) -> date | None:
        value = self.get(name)
        if value is not None and type(value) is not date:
            raise self.fail(name, "no_day")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        value = self.get(name)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise self.fail(name, "no_texts")
        return tuple(value)

    def codes(self, name: str, known: Sequence[str]) -> tuple[str, ...]:
        found = self.texts(name)
        strange = [each for each in found if each not in known]
        if strange:
            raise self.fail(name, "unknown_code", value=strange[0][:SHOWN], known=", ".join(known))
        return found

    def code(self, name: str, known: Sequence[str], default: str = "") -> str:
        found = self.text(name) or default
        if found not in known:
            raise self.fail(name, "unknown_code", value=found[:SHOWN], known=", ".join(known))
        return found

    def one(self, name: str, read: Callable[[Reader], Part]) -> Part | None:
        table = self.get(name)
        return None if table is None else done(Reader(f"{self.place}.{name}", table), read)

    def several(self, name: str, read: Callable[[Reader], Part]) -> tuple[Part, ...]:
        tables = self.get(name) or []
        if not isinstance(tables, list):
            raise self.fail(name, "no_tables")
        if len(tables) > MOST_PARTS:
            raise self.fail(name, "too_many", count=len(tables), most=MOST_PARTS)
        return tuple(done(Reader(f"{self.place}.{name}[{n}]", table), read) for n, table in enumerate(tables, 1))


def done(reader: Reader, read: Callable[[Reader], Part]) -> Part:
    found = read(reader)
    strange = sorted(set(reader.table) - reader.asked)
    if strange:
        raise reader.fail(strange[0], "unknown_key")
    return found


def read_pack(text: str, *, name: str = "pack") -> packs.Pack:
    """The pack written in TOML.

    Raises
    ------
    BadPack
        Naming the place, when the text is no TOML, a key is unknown, or a value makes no sense.
    """
    if len(text) > LONGEST_TEXT:
        raise BadPack(name, "too_long", most=LONGEST_TEXT)
    if any(part.count(".") > MOST_DOTS for line in text.splitlines() for part in line.split("=")):
        raise BadPack(name, "too_deep")  # names within names take the square of their number to read
    try:
        table = tomllib.loads(text)
    except ValueError as error:  # a number of thousands of digits, too
        raise BadPack(name, "no_toml", why=error) from None
    except RecursionError:
        raise BadPack(name, "too_deep") from None
    return done(Reader(name, table), _pack)


def _pack(it: Reader) -> packs.Pack:
    cycle = packs.Cycle(it.code("cycle", [*packs.Cycle], "validity"))
    totals = it.several("total", _total)
    if cycle is not packs.Cycle.NONE and not totals:
        raise it.fail("total", "nothing_owed")
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
        renew_from_months=it.whole("renew_from_months", 0, most=MOST_MONTHS),
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
        raise it.fail("amount", "one_of_total")
    return found


def _increment(it: Reader) -> packs.Increment:
    return packs.Increment(it.needed("amount"), it.amount("minimum") or Fraction(0))


def _limit(it: Reader) -> tuple[Fraction | None, Fraction | None]:
    amount, percent = it.amount("amount"), it.amount("percent")
    if (amount is None) == (percent is None):
        raise it.fail("amount", "one_of_limit")
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
        month, day = (int(part) for part in month_day.split("-")) if month_day else (1, 1)
        date(2001, month, day)  # not a leap year: the day has to come every year
    except ValueError:
        raise it.fail("since", "no_month_day") from None
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
    return packs.Check(it.text("fact", needed=True), it.whole("within_days", 0, most=MOST_DAYS))
