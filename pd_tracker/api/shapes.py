"""Rows of a table as JSON objects, worked out column by column: a hundred rows cost a few dozen calls, not a thousand.

Words of closed lists go out as their codes, whatever language the reader speaks; numbers as people see them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from pd_tracker.sheets.table import Column, Kind

Values = Sequence[Any]
Write = Callable[[Values], Values]


def texts(values: Values) -> Values:
    return [value or None for value in values]


def numbers(values: Values) -> Values:
    return [None if value is None else float(value) for value in values]


NUMBER = {"type": "number", "format": "double"}
# Days and moments are left as they are: the renderer writes them in ISO, a moment with its zone.
KINDS: dict[Kind, tuple[Write | None, dict[str, Any]]] = {
    Kind.TEXT: (texts, {"type": "string"}),
    Kind.ID: (texts, {"type": "string"}),
    Kind.INTEGER: (None, {"type": "integer"}),
    Kind.DECIMAL: (numbers, NUMBER),
    Kind.MONEY: (numbers, NUMBER),
    Kind.PERCENT: (numbers, NUMBER),
    Kind.HOURS: (numbers, NUMBER),
    Kind.DATE: (None, {"type": "string", "format": "date"}),
    Kind.MOMENT: (None, {"type": "string", "format": "date-time"}),
    Kind.YES_NO: (None, {"type": "boolean"}),
}


def shaped(rows: Sequence[Sequence[Any]], columns: Sequence[Column]) -> list[dict[str, Any]]:
    """Objects from rows of the columns' look-ups, in order."""
    values = zip(*rows, strict=True) if rows else ((),) * len(columns)
    written = [written_column(column, given) for column, given in zip(columns, values, strict=True)]
    keys = [column.key for column in columns]
    return [dict(zip(keys, row, strict=True)) for row in zip(*written, strict=True)]


def written_column(column: Column, values: Values) -> Values:
    write, _schema = KINDS[column.kind]
    if column.show is not None and column.kind.is_number:
        show = column.show
        values = [value if value is None else show(value) for value in values]
    return values if write is None else write(values)


def schema_of(columns: Sequence[Column], *, optional: Collection[str] = ()) -> dict[str, Any]:
    """The same objects in words of OpenAPI; `optional` are keys that some readers do not get."""
    properties = {column.key: column_schema(column) for column in columns}
    required = [key for key in properties if key not in optional]
    return {"type": "object", "required": required, "properties": properties}


def column_schema(column: Column) -> dict[str, Any]:
    help_text = f" {column.help}" if str(column.help) else ""
    return {**KINDS[column.kind][1], "nullable": column.key != "id", "description": f"{column.label}{help_text}"}
