"""A sheets table made ready for a page: heads that sort, cells in words, rows that link and can be chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from pd_tracker.sheets.table import Column, Kind, Table
from pd_tracker.web.addresses import changed
from pd_tracker.web.cells import cell

CLASSES = {Kind.DATE: "pd-table__date", Kind.MOMENT: "pd-table__date", Kind.ID: "pd-table__short"}


@dataclass(frozen=True, slots=True)
class Head:
    label: Any
    help: Any
    css: str
    sort_url: str = ""
    aria_sort: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    css: str
    label: Any = ""  # the head of its column, said beside it where rows stand as cards


@dataclass(frozen=True, slots=True)
class Row:
    key: Any
    url: str
    first: Cell
    rest: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    heads: tuple[Head, ...]
    rows: tuple[Row, ...]
    totals: Row | None


def shown(
    table: Table,
    *,
    row_keys: Sequence[Any] = (),
    row_url_name: str = "",
    query: QueryDict | None = None,
    ordered_by: str = "",
) -> Shown:
    """Heads sort only where `query`, the address so far, is given."""
    rows = [list(row) for row in table.rows]
    keys = row_keys or [None] * len(rows)
    return Shown(
        tuple(head(column, query, ordered_by) for column in table.columns),
        tuple(row(table, values, key, row_url_name) for values, key in zip(rows, keys, strict=True)),
        row(table, list(table.totals), None, "") if table.totals is not None else None,
    )


def row(table: Table, values: Sequence[Any], key: Any, url_name: str) -> Row:
    pairs = zip(values, table.columns, strict=True)
    first, *rest = (Cell(cell(value, column), css(column), column.label) for value, column in pairs)
    url = reverse(url_name, args=[key]) if url_name and key is not None else ""
    return Row(key, url, first, tuple(rest))


def css(column: Column) -> str:
    return "pd-table__number" if column.kind.is_number else CLASSES.get(column.kind, "")


def head(column: Column, query: QueryDict | None, ordered_by: str) -> Head:
    if query is None or not column.sortable:
        return Head(column.label, column.help, css(column))
    current = {column.key: "ascending", f"-{column.key}": "descending"}.get(ordered_by, "")
    following = f"-{column.key}" if current == "ascending" else column.key
    return Head(column.label, column.help, css(column), changed(query, {"ordering": following}), current)
