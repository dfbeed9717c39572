"""Changing numbers in the text of rules without touching the rest of it, and what two texts have different."""

from __future__ import annotations

import difflib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from learning_plans.rules.credit.reading import BadPack, read_pack

# The numbers that people change most, by the table they stand in.
NUMBERS: dict[str, tuple[str, ...]] = {
    "": ("years", "renew_from_months", "topic_at_least"),
    "total": ("amount", "per_week"),
    "each_more_endorsement": ("amount", "minimum"),
    "minimum": ("amount", "percent"),
    "maximum": ("amount", "percent"),
    "conversion": ("gives",),
    "multiplier": ("times",),
    "carry": ("most", "last_years"),
    "yearly": ("fte_at_least",),
}
WHOLE = frozenset({"years", "renew_from_months", "last_years"})
SEVERAL = frozenset({"total", "minimum", "maximum", "conversion", "multiplier"})
LINE = re.compile(r'(\s*)([A-Za-z_]+)(\s*=\s*)("[^"\\]*"|\d+)(\s*(?:#.*)?)')
HEAD = re.compile(r"\s*(\[\[?)\s*([A-Za-z_]+)\s*(\]\]?)\s*(?:#.*)?")


class NotFound(ValueError):
    """The text is written so that a number cannot be changed in it by itself."""


@dataclass(frozen=True, slots=True)
class Number:
    """One number of the text; `nth` counts tables of the same name from 1, and is 0 where there is only one."""

    table: str
    nth: int
    name: str
    value: str

    @property
    def key(self) -> str:
        return f"{self.table}.{self.nth}.{self.name}"

    @property
    def is_whole(self) -> bool:
        return self.name in WHOLE


def numbers(text: str) -> list[Number]:
    """The numbers that stand on lines of their own, in the order of the text; none of a text that cannot be read."""
    try:
        said = tomllib.loads(text)
    except (ValueError, RecursionError):
        return []
    return [number for _line, number, _parts in _lines(text) if str(_value(said, number)) == number.value]


def with_numbers(text: str, values: Mapping[str, str]) -> str:
    """The same text with other numbers, by their keys.

    Raises
    ------
    NotFound
        When the text would then say something else than these numbers and what it said before.
    """
    lines, wanted = text.split("\n"), dict(values)
    expected = tomllib.loads(text)
    for line, number, parts in _lines(text):
        if number.key in wanted:
            value = wanted.pop(number.key)
            is_quoted = parts[3].startswith('"') or not value.isdigit()
            parts[3] = f'"{value}"' if is_quoted else value
            lines[line] = "".join(parts)
            place = _place(expected, number)
            if place is None:
                raise NotFound(number.key)
            place[number.name] = value if is_quoted else int(value)
    changed = "\n".join(lines)
    if wanted or tomllib.loads(changed) != expected:
        raise NotFound(", ".join(wanted))
    return changed


def renamed(text: str, *, code: str, title: str) -> str:
    """The same rules under another short name and name."""
    lines = text.split("\n")
    for n, line in enumerate(lines):
        if HEAD.fullmatch(line):
            break
        for name, value in (("id", code), ("title", title)):
            if re.match(rf"\s*{name}\s*=", line):
                lines[n] = f"{name} = {json.dumps(value, ensure_ascii=False)}"
    changed = "\n".join(lines)
    try:
        read_pack(changed)
    except BadPack:
        return text
    return changed


def difference(old: str, new: str) -> list[tuple[str, str]]:
    """Lines with `-` that went, with `+` that came, and a few between them; `…` stands for more that stayed."""
    found = list(difflib.unified_diff(old.splitlines(), new.splitlines(), n=2, lineterm=""))[2:]
    return [("…", "") if line.startswith("@@") else (line[:1], line[1:]) for line in found]


def _lines(text: str) -> Iterator[tuple[int, Number, list[str]]]:
    table, counts = "", dict[str, int]()
    for n, line in enumerate(text.split("\n")):
        head = HEAD.fullmatch(line)
        if head:
            table = head[2] if len(head[1]) == len(head[3]) == (2 if head[2] in SEVERAL else 1) else "?"
            counts[table] = counts.get(table, 0) + 1
            continue
        found = LINE.fullmatch(line)
        if found and found[2] in NUMBERS.get(table, ()):
            nth = counts[table] if table in SEVERAL else 0
            yield n, Number(table, nth, found[2], found[4].strip('"')), list(found.groups())


def _place(said: Mapping[str, Any], number: Number) -> dict[str, Any] | None:
    found: Any = said
    if number.table:
        found = said.get(number.table)
    if number.nth:
        found = found[number.nth - 1] if isinstance(found, list) and len(found) >= number.nth else None
    return found if isinstance(found, dict) else None


def _value(said: Mapping[str, Any], number: Number) -> Any:
    place = _place(said, number)
    return None if place is None else place.get(number.name)
