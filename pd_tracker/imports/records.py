"""What is stored and what shall be, by natural key: read in one query, compared in memory, written in batches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from django.db.models import Model, QuerySet
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from pd_tracker.imports.plan import Edit, edits_between

BATCH = 1_000
Key = tuple[Any, ...]
Item = TypeVar("Item")


def batches(items: Iterable[Item], size: int = BATCH) -> Iterator[list[Item]]:
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes rows with their history, in the name of whoever confirmed the import."""

    user: Any  # nobody, where the operator of the server runs it
    reason: str
    at: datetime
    wrote: Callable[[int], None]

    @property
    def signature(self) -> dict[str, Any]:
        return {"default_user": self.user, "default_change_reason": self.reason, "default_date": self.at}

    def create(self, rows: list[Model]) -> None:
        if rows:
            bulk_create_with_history(rows, type(rows[0]), batch_size=BATCH, **self.signature)
            self.wrote(len(rows))

    def update(self, model: type[Model], changes: Mapping[int, Mapping[str, Any]]) -> None:
        """Changes rows by primary key; each gets the values that are named for it."""
        for batch in batches(changes.items()):
            wanted = dict(batch)
            rows = list(model._default_manager.filter(pk__in=wanted))
            for row in rows:
                for name, value in wanted[row.pk].items():
                    setattr(row, name, value)
            names = {name.removesuffix("_id") for values in wanted.values() for name in values}
            bulk_update_with_history(rows, model, sorted(names), batch_size=BATCH, **self.signature)
            self.wrote(len(rows))


class Difference(NamedTuple):
    is_new: bool
    edits: tuple[Edit, ...]

    def __bool__(self) -> bool:
        return self.is_new or bool(self.edits)


class Stored(NamedTuple):
    pk: int
    values: dict[str, Any]


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
            return Difference(is_new=True, edits=edits_between({}, values))
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
        columns: Callable[[Mapping[str, Any]], Mapping[str, Any]] = dict,
    ) -> None:
        """Writes what was said; changes go first, since a new open spell needs the old one ended.

        A new row's columns come from its key and its values, when the rows it refers to are there.
        """
        writer.update(self.model, {self.pks[key]: columns(values) for key, values in self.altered.items()})
        for batch in batches(self.added.items()):
            rows = [self.model(**identity(key), **columns(values)) for key, values in batch]
            writer.create(rows)
            self.pks.update({key: row.pk for (key, _values), row in zip(batch, rows, strict=True)})
