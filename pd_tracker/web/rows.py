"""Rows of a table as HTML: the markup of a row is made once for the table and then filled in for each row.

Beside drawings this is the only place that calls text safe. Words and attributes pass `escape` here, keys `quote`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape  # what Django's own does, without asking each time whether the text is a lazy one
from typing import Any
from urllib.parse import quote

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from pd_tracker.sheets.table import Column, Kind, Table
from pd_tracker.web.cells import words_of

CLASSES = {Kind.DATE: "pd-table__date", Kind.MOMENT: "pd-table__date", Kind.ID: "pd-table__short"}
SOME_KEY = 987_654_321_012


@dataclass(frozen=True, slots=True)
class Look:
    """How a page wants its rows."""

    stack: bool = False  # cards on a phone; the roles keep them a table
    pick: str = ""  # the name of a check box in each row
    form_id: str = "bulk"
    url_name: str = ""  # what the first cell links to, with the key of the row


def body(table: Table, keys: Sequence[int | str], look: Look) -> SafeString:
    rows = list(table.rows)
    if not rows:
        return safe("")
    said = in_html(table.columns, rows)
    filled: list[Iterable[Any]] = [*said]
    if look.url_name:
        filled.insert(0, [quote(str(key), safe="") for key in keys])
    if look.pick:
        choose = escape(_("Choose %(name)s"))
        filled[:0] = [[escape(str(key)) for key in keys], [choose % {"name": name} for name in said[0]]]
    shape = row_shape(table.columns, look, pick_shape(look) if look.pick else "")
    return safe("".join(map(shape.__mod__, zip(*filled, strict=True))))


def foot(table: Table, look: Look) -> SafeString:
    if table.totals is None:
        return safe("")
    shape = row_shape(table.columns, Look(), '<td class="pd-table__pick"></td>' if look.pick else "")
    return safe(shape % tuple(total for (total,) in in_html(table.columns, [table.totals])))


def safe(markup: str) -> SafeString:
    return mark_safe(markup)  # noqa: S308 made of nothing but the shapes and the escaped words of this module


def in_html(columns: Sequence[Column], rows: Sequence[Sequence[Any]]) -> list[list[str]]:
    """The cells by column, in words."""
    by_column = zip(columns, zip(*rows, strict=True), strict=True)
    return [list(map(html_of(column), values)) for column, values in by_column]


def html_of(column: Column) -> Callable[[Any], str]:
    words = words_of(column.kind, column.decimals)
    return lambda value: escape(words(value))


def row_shape(columns: Sequence[Column], look: Look, before: str) -> str:
    """One row with a place for all that differs from row to row."""
    first, *rest = columns
    inside = f'<a class="govuk-link" href="{address_shape(look.url_name)}">%s</a>' if look.url_name else "%s"
    head = f'<th scope="row"{role("rowheader", look)}{css_class(first)}>{inside}</th>'
    return f"<tr{role('row', look)}>{before}{head}{''.join(cell_shape(column, look) for column in rest)}</tr>"


def cell_shape(column: Column, look: Look) -> str:
    label = f' data-label="{fixed(column.label)}"' if look.stack else ""
    return f"<td{role('cell', look)}{label}{css_class(column)}>%s</td>"


def pick_shape(look: Look) -> str:
    return (
        f'<td class="pd-table__pick"{role("cell", look)}><input type="checkbox" name="{fixed(look.pick)}" value="%s" '
        f'form="{fixed(look.form_id)}" aria-label="%s"></td>'
    )


def address_shape(url_name: str) -> str:
    """The address of a row, asked for once: addresses of rows differ in the key alone."""
    return "%s".join(map(fixed, reverse(url_name, args=[SOME_KEY]).split(str(SOME_KEY))))


def role(name: str, look: Look) -> str:
    return f' role="{name}"' if look.stack else ""


def css_class(column: Column) -> str:
    name = css(column)
    return f' class="{name}"' if name else ""


def css(column: Column) -> str:
    return "pd-table__number" if column.kind.is_number else CLASSES.get(column.kind, "")


def fixed(words: Any) -> str:
    """What is the same in every row."""
    return escape(str(words)).replace("%", "%%")
