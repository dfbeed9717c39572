"""The shape of everything that is listed, reported or downloaded: columns, kinds and tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Protocol


class Kind(StrEnum):
    """What a column holds; decides alignment on a page, number format in Excel and JSON shape."""

    TEXT = "text"
    ID = "id"  # digits that are a name, not a number: leading zeros stay
    INTEGER = "integer"
    DECIMAL = "decimal"
    HOURS = "hours"
    MONEY = "money"
    PERCENT = "percent"  # a share from 0 to 1, shown as per cent
    DATE = "date"
    MOMENT = "moment"
    YES_NO = "yes_no"

    @property
    def is_number(self) -> bool:
        return self in {Kind.INTEGER, Kind.DECIMAL, Kind.HOURS, Kind.MONEY, Kind.PERCENT}


class Rows(Protocol):
    def iterator(self) -> Iterator[tuple[Any, ...]]: ...


class Queryset(Protocol):
    def values_list(self, *fields: str) -> Rows: ...


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    `source` is the ORM look-up that fills it (default: the key), `show` turns the stored value into the
    value people read (an enum's label, minutes into hours), `sortable` offers it in the address as `?ordering=`,
    `decimals` fixes the places shown for number kinds.
    """

    key: str
    label: Any  # str, or a lazy translation
    kind: Kind = Kind.TEXT
    source: str = ""
    show: Callable[[Any], Any] | None = None
    sortable: bool = True
    decimals: int | None = None
    help: Any = ""

    @property
    def lookup(self) -> str:
        return self.source or self.key


@dataclass(frozen=True, slots=True)
class Table:
    """Columns and their rows; each row is a tuple in column order."""

    key: str
    title: Any
    columns: tuple[Column, ...]
    rows: Iterable[Sequence[Any]] = ()
    totals: Sequence[Any] | None = None
    note: Any = ""

    def with_rows(self, rows: Iterable[Sequence[Any]]) -> Table:
        return replace(self, rows=rows)

    def also(self, *columns: Column) -> Table:
        """The same table with these columns before its own."""
        return replace(self, columns=(*columns, *self.columns))

    def fill(self, queryset: Queryset) -> Table:
        """The same table with a queryset's rows, read as plain values in one query and never all at once."""
        return self.with_rows(self.shown(queryset.values_list(*self.lookups).iterator()))

    @property
    def lookups(self) -> tuple[str, ...]:
        return tuple(column.lookup for column in self.columns)

    def shown(self, raw_rows: Iterable[Sequence[Any]]) -> Iterator[tuple[Any, ...]]:
        shows = [column.show for column in self.columns]
        if not any(shows):
            yield from map(tuple, raw_rows)
            return
        for raw in raw_rows:
            yield tuple(
                show(value) if show is not None and value is not None else value
                for show, value in zip(shows, raw, strict=True)
            )

    def as_dicts(self) -> Iterator[Mapping[str, Any]]:
        keys = [column.key for column in self.columns]
        return (dict(zip(keys, row, strict=True)) for row in self.rows)
