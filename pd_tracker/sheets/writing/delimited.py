"""Table → csv."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import islice
from numbers import Real
from typing import Any, BinaryIO

from pd_tracker.sheets.table import Kind, Table

from .values import text_value

BOM = b"\xef\xbb\xbf"  # without it Excel reads UTF-8 as the system's old alphabet
BATCH_ROWS = 1_000
# With an apostrophe already there another is added, so that reading can take exactly one away.
TRIGGER = re.compile(r"'*[=+\-@\t\r\n]")


def write_csv(table: Table, out: BinaryIO) -> None:
    """Write the header and the rows; totals and the note are for people and stay in workbooks and on pages."""
    write_delimited(table, out)


def write_delimited(
    table: Table, out: BinaryIO, *, delimiter: str = ",", day_format: str = "", is_marked: bool = True
) -> None:
    """The same with another character between the fields, days written otherwise, and perhaps without the mark."""
    if is_marked:
        out.write(BOM)
    records = csv_records(table, day_format)
    while batch := list(islice(records, BATCH_ROWS)):
        buffer = io.StringIO(newline="")
        csv.writer(buffer, delimiter=delimiter).writerows(batch)
        out.write(buffer.getvalue().encode())


def csv_records(table: Table, day_format: str = "") -> Iterator[list[str]]:
    yield [csv_field(str(column.label), Kind.TEXT) for column in table.columns]
    kinds = [column.kind for column in table.columns]
    for row in table.rows:
        yield [csv_field(dated(value, day_format), kind) for value, kind in zip(row, kinds, strict=True)]


def dated(value: Any, day_format: str) -> Any:
    return value.strftime(day_format) if day_format and isinstance(value, date) else value


def csv_field(value: Any, kind: Kind) -> str:
    """Text that a spreadsheet would calculate gets an apostrophe; a number keeps its minus."""
    text = text_value(value, kind)
    if TRIGGER.match(text) and not is_number(value, kind):
        return "'" + text
    return text


def is_number(value: Any, kind: Kind) -> bool:
    return kind is not Kind.ID and isinstance(value, (Real, Decimal))
