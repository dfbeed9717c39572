"""A sheets table made ready for a page: heads that sort, rows that link and can be chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict
from django.utils.safestring import SafeString

from pd_tracker.sheets.table import Column, Table
from pd_tracker.web.addresses import changed
from pd_tracker.web.rows import Look, body, css, foot

PLAIN = Look()


@dataclass(frozen=True, slots=True)
class Head:
    label: Any
    help: Any
    css: str
    sort_url: str = ""
    aria_sort: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    heads: tuple[Head, ...]
    rows: SafeString
    totals: SafeString


def shown(
    table: Table,
    look: Look = PLAIN,
    *,
    row_keys: Sequence[int] = (),
    query: QueryDict | None = None,
    ordered_by: str = "",
) -> Shown:
    """Heads sort only where `query`, the address so far, is given; rows link only where their keys are."""
    heads = tuple(head(column, query, ordered_by) for column in table.columns)
    return Shown(heads, body(table, row_keys, look if row_keys else replace(look, url_name="")), foot(table, look))


def head(column: Column, query: QueryDict | None, ordered_by: str) -> Head:
    if query is None or not column.sortable:
        return Head(column.label, column.help, css(column))
    current = {column.key: "ascending", f"-{column.key}": "descending"}.get(ordered_by, "")
    following = f"-{column.key}" if current == "ascending" else column.key
    return Head(column.label, column.help, css(column), changed(query, {"ordering": following}), current)
