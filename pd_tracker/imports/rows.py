"""The columns of a file matched with our fields, and its rows as values of those fields."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from pd_tracker.imports.fields import Conventions, Field, Wrong
from pd_tracker.imports.plan import Plan
from pd_tracker.sheets.reading import Cell, Sheet, Unreadable, heading_key

REMEMBERED = 20_000  # cells of one column whose value is kept, since most columns repeat themselves


class Line(dict[str, Any]):
    """One row's values by field; a column that the file does not have is not in it, and reads as nothing."""

    __slots__ = ("row",)

    def __init__(self, row: int, values: Iterable[tuple[str, Any]]) -> None:
        super().__init__(values)
        self.row = row

    def __missing__(self, key: str) -> None:
        return None

    def given(self, *keys: str) -> dict[str, Any]:
        """The fields that the file has a column for: an empty cell empties, a missing column changes nothing."""
        return {key: self[key] for key in keys if key in self}

    def filled(self, *keys: str) -> dict[str, Any]:
        """Only the fields with something in them."""
        return {key: self[key] for key in keys if self[key] is not None}


@dataclass(frozen=True, slots=True)
class Columns:
    used: tuple[tuple[Field, int], ...]
    ignored: tuple[str, ...]


def exact_matches(headings: Sequence[str], fields: Sequence[Field]) -> dict[str, str]:
    """Headings that are ours already, whatever their case and spaces: heading → field."""
    keys = {field.key for field in fields}
    return {heading: key for heading in headings if (key := heading_key(heading)) in keys}


def guesses(headings: Sequence[str], fields: Sequence[Field]) -> dict[str, str]:
    """What the headings of other systems probably mean: to be looked at by a person, never assumed."""
    found = exact_matches(headings, fields)
    for field in fields:
        names = {heading_key(name) for name in (field.key, str(field.label), *field.also)}
        names |= {name.replace("_", "") for name in names}
        for heading in headings:
            key = heading_key(heading)
            if field.key not in found.values() and heading not in found and {key, key.replace("_", "")} & names:
                found[heading] = field.key
    return found


def match_columns(headings: Sequence[str], fields: Sequence[Field], mapping: Mapping[str, str]) -> Columns:
    """Whose column is which. `mapping` (their heading → our field, "" to leave a column out) goes before our own names.

    Raises `Unreadable` when a needed column is missing or the mapping does not fit the file.
    """
    said = {heading_key(heading): key for heading, key in mapping.items()}
    refuse_strangers(mapping, headings, fields)
    taken = {key for key in said.values() if key}
    chosen: dict[str, int] = {}
    for index, heading in enumerate(headings):
        name = heading_key(heading)
        key = said.get(name, "" if name in taken else name)
        if key in chosen and key:
            raise Unreadable(_("Two columns of this file would become %(field)s; choose one.") % {"field": key})
        chosen[key] = index
    used = tuple((field, chosen[field.key]) for field in fields if field.key in chosen)
    refuse_gaps([field.key for field in missing_columns(fields, chosen)], headings)
    positions = {index for _field, index in used}
    ignored = (heading for index, heading in enumerate(headings) if heading and index not in positions)
    return Columns(used, tuple(ignored))


def refuse_strangers(mapping: Mapping[str, str], headings: Sequence[str], fields: Sequence[Field]) -> None:
    keys, names = {field.key for field in fields}, {heading_key(heading) for heading in headings}
    for heading, key in mapping.items():
        if key and key not in keys:
            allowed = {"field": key, "fields": ", ".join(field.key for field in fields)}
            raise Unreadable(_("There is no field %(field)s. The fields are: %(fields)s.") % allowed)
        if heading_key(heading) not in names:
            found = {"heading": heading, "found": quoted(headings)}
            raise Unreadable(_("This file has no heading “%(heading)s”. It has: %(found)s.") % found)


def missing_columns(fields: Sequence[Field], chosen: Collection[str]) -> list[Field]:
    return [field for field in fields if (field.required or field.needs_column) and field.key not in chosen]


def refuse_gaps(missing: Sequence[str], headings: Sequence[str]) -> None:
    if missing:
        raise Unreadable(
            _("This file has no column for %(missing)s. It has: %(found)s. Say which of its columns is which.")
            % {"missing": ", ".join(missing), "found": quoted(headings)}
        )


def quoted(headings: Sequence[str]) -> str:
    return ", ".join(f"“{heading}”" for heading in headings if heading)


class Reader:
    """Turns the cells of one column into values, and remembers those it has seen."""

    __slots__ = ("conventions", "field", "index", "seen")

    def __init__(self, field: Field, index: int, conventions: Conventions) -> None:
        self.field, self.index, self.conventions = field, index, conventions
        self.seen: dict[type, dict[Cell, Any]] = {}  # 1 and True are equal, and not the same answer

    def values(self, cells: Sequence[Cell]) -> list[Any]:
        """A value for each cell; where it cannot be taken, the reason."""
        kinds = set(map(type, cells))
        for kind in kinds:
            self.learn(kind, set(cells) if len(kinds) == 1 else {cell for cell in cells if type(cell) is kind})
        if len(kinds) == 1:
            return list(map(self.seen[kinds.pop()].__getitem__, cells))
        return [self.seen[type(cell)][cell] for cell in cells]

    def learn(self, kind: type, cells: set[Cell]) -> None:
        known = self.seen.setdefault(kind, {})
        if len(known) > REMEMBERED:
            known.clear()
        for cell in cells - known.keys():
            known[cell] = self.value(cell)

    def value(self, cell: Cell) -> Any:
        try:
            return self.field.read(cell, self.conventions)
        except Wrong as wrong:
            return wrong


def lines(
    sheet: Sheet, columns: Columns, conventions: Conventions, plan: Plan, told: Callable[[int], None]
) -> Iterator[Line]:
    """Every row whose cells could all be read; the others are rejected with the reason for each cell."""
    readers = [Reader(field, index, conventions) for field, index in columns.used]
    keys = [reader.field.key for reader in readers]
    count = 0
    for block in sheet.blocks:
        values = [reader.values(block.columns[reader.index]) for reader in readers]
        for reader, column in zip(readers, values, strict=True):
            reject_wrong(block.numbers, column, reader.field, plan)
        for number, row in zip(block.numbers, zip(*values, strict=True), strict=True):
            if number not in plan.rejected_rows:
                yield Line(number, zip(keys, row, strict=True))
        count += len(block.numbers)
        told(count)


def reject_wrong(numbers: Sequence[int], values: Sequence[Any], field: Field, plan: Plan) -> None:
    if Wrong in set(map(type, values)):
        for number, value in zip(numbers, values, strict=True):
            if isinstance(value, Wrong):
                plan.reject(number, field.key, value)
