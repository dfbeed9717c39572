"""What is stored and what shall be, by natural key: read in one query, compared in memory, written at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Model, QuerySet

from pd_tracker.imports.plan import Edit, edits_between
from pd_tracker.imports.staging import Note, Values, insert, update

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes rows with their history, in the name of whoever confirmed the import."""

    user: Any  # nobody, where the operator of the server runs it
    reason: str
    at: datetime
    wrote: Callable[[int], None]

    @property
    def note(self) -> Note:
        return Note(self.user.pk if self.user else None, self.reason, self.at)

    def create(self, model: type[Model], rows: Sequence[Values]) -> list[int]:
        """Answers with the primary keys, in the order of the rows."""
        if not rows:
            return []
        keys = insert(model, rows, self.note)
        self.wrote(len(rows))
        return keys

    def update(self, model: type[Model], changes: Mapping[int, Values]) -> None:
        """Changes rows by primary key; each gets the values that are named for it."""
        if changes:
            update(model, changes, self.note)
            self.wrote(len(changes))


class FirstValues:
    """The edits that make a new row, put into words when somebody looks at them."""

    __slots__ = ("values",)

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = values

    def __iter__(self) -> Iterator[Edit]:
        return iter(edits_between({}, self.values))


class Difference(NamedTuple):
    is_new: bool
    edits: tuple[Edit, ...] | FirstValues

    def __bool__(self) -> bool:
        return self.is_new or bool(self.edits)


class Stored(NamedTuple):
    pk: int
    values: dict[str, Any]


def as_they_are(values: Mapping[str, Any]) -> Mapping[str, Any]:
    return values


class Ledger:
    """The rows of one model: as stored, and as the file wants them.

    `key` are the look-ups that name a row, `fields` those that are compared; a field with `__` is compared only.
    """

    def __init__(self, model: type[Model], *, key: tuple[str, ...], fields: tuple[str, ...]) -> None:
        self.model, self.key, self.fields = model, key, fields
        self.stored: dict[Key, Stored] = {}
        self.added: dict[Key, dict[str, Any]] = {}
        self.altered: dict[Key, dict[str, Any]] = {}
        self.pks: dict[Key, int] = {}

    def load(self, rows: QuerySet[Any]) -> Ledger:
        width = len(self.key) + 1
        for values in rows.values_list("pk", *self.key, *self.fields).iterator(chunk_size=2_000):
            fields = dict(zip(self.fields, values[width:], strict=True))
            self.stored[values[1:width]] = Stored(values[0], fields)
        return self

    def current(self, key: Key) -> Mapping[str, Any] | None:
        """The row as it would be after what was said so far."""
        if key in self.added:
            return self.added[key]
        stored = self.stored.get(key)
        if stored is None:
            return None
        return stored.values | self.altered[key] if key in self.altered else stored.values

    def __contains__(self, key: Key) -> bool:
        return key in self.added or key in self.stored

    def put(self, key: Key, values: Mapping[str, Any]) -> Difference:
        """Says what a row shall be; tells what that changes."""
        current = self.current(key)
        if current is None:
            self.added[key] = dict(values)
            return Difference(is_new=True, edits=FirstValues(values))
        edits = edits_between(current, values)
        if edits:
            self.put_changes(key, {edit.field: values[edit.field] for edit in edits})
        return Difference(is_new=False, edits=edits)

    def put_changes(self, key: Key, values: dict[str, Any]) -> None:
        if key in self.added:
            self.added[key] |= values
        else:
            self.altered[key] = self.altered.get(key, {}) | values
            self.pks[key] = self.stored[key].pk

    def pk(self, key: Key) -> int:
        """The primary key of a row that was stored before, or has been written by now."""
        return self.pks[key] if key in self.pks else self.stored[key].pk

    def forget(self) -> None:
        """Lets go of what is stored, when the next part of a long file is looked up."""
        self.stored.clear()

    def write(
        self,
        writer: Writer,
        identity: Callable[[Key], Mapping[str, Any]],
        columns: Callable[[Mapping[str, Any]], Mapping[str, Any]] = as_they_are,
    ) -> None:
        """Writes what was said; changes go first, since a new open spell needs the old one ended.

        A new row's columns come from its key and its values, when the rows it refers to are there.
        """
        writer.update(self.model, {self.pks[key]: columns(values) for key, values in self.altered.items()})
        rows = [{**identity(key), **columns(values)} for key, values in self.added.items()]
        self.pks.update(zip(self.added, writer.create(self.model, rows), strict=True))
