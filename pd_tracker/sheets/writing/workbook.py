"""Tables → one workbook, a sheet each, streamed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any, BinaryIO

from pd_tracker.sheets.charts import Chart
from pd_tracker.sheets.charts.words import DataWords
from pd_tracker.sheets.table import Column, Table

from .cells import width
from .charts import draw, place
from .names import sheet_name
from .rows import ColumnCells, SheetRows

EXCEL_ROWS = 1_048_576
ROWS_AROUND = 4  # header, totals, a blank and the note
SAMPLE_ROWS = 200
HEADER_FILL = "DDE6EE"
TEXT = Column("text", "")

Rows = Iterator[Sequence[Any]]


def write_workbook(
    tables: Sequence[Table],
    out: BinaryIO,
    *,
    charts: Mapping[str, Sequence[Chart]] | None = None,
    words: DataWords | None = None,
    title: Any = "",
    creator: Any = "PD Tracker",
) -> None:
    """Write one sheet per table, in order, and after them what charts need beside their tables.

    `charts` gives, by table key, what to draw beside its rows, which must then be in memory. All other rows may come
    from a generator; they are written as they come.
    """
    from .book import open_book  # loads openpyxl

    named: dict[str, Table] = {}
    for table in tables:
        named[sheet_name(str(table.title) or table.key, named)] = table
    drawn, more = draw(named, charts, words or DataWords()) if charts else ({}, {})
    with open_book(out, title=title, creator=creator) as book:
        for name, table in (named | more).items():
            write_table(book, table, [name, *(named | more)], drawn.get(name, ()))


def write_table(book: Any, table: Table, names: Sequence[str], drawn: Sequence[Any]) -> None:
    """A table longer than a sheet goes on in the next one; its totals and its note stand under the last rows.

    `names` is that of the first sheet, and all that are taken.
    """
    rows = write_sheet(book, table, iter(table.rows), names[0], drawn)
    while rows is not None:
        following = sheet_name(str(table.title) or table.key, [*names, *book.names])
        rows = write_sheet(book, table, rows, following, ())


def write_sheet(book: Any, table: Table, rows: Rows, name: str, drawn: Sequence[Any]) -> Rows | None:
    """A new sheet with its header and as many rows as it holds; gives the rows that had no room."""
    sheet = book.add_sheet(name)
    room = EXCEL_ROWS - ROWS_AROUND
    sample = list(islice(rows, min(SAMPLE_ROWS, room)))
    lay_out(sheet, table, sample)
    remaining = chain(sample, rows)
    with book.open_rows(sheet) as part:
        written = SheetRows(part)
        written.write_block([[column.label for column in table.columns]], header_cells(sheet, table))
        count = written.write(remaining, column_cells(sheet, table.columns), most=room)
        following = next(remaining, None)
        if following is None:
            write_end(written, sheet, table)
        sheet.auto_filter.ref = f"A1:{letter(max(1, len(table.columns)))}{count + 1}"
        place(sheet, len(table.columns), drawn)
    return None if following is None else chain([following], remaining)


def lay_out(sheet: Any, table: Table, sample: Sequence[Sequence[Any]]) -> None:
    for index, column in enumerate(table.columns):
        sheet.column_dimensions[letter(index + 1)].width = width(column, (row[index] for row in sample))
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def header_cells(sheet: Any, table: Table) -> list[ColumnCells]:
    from openpyxl.styles import Alignment, Font, PatternFill

    return column_cells(
        sheet,
        [TEXT] * len(table.columns),
        font=Font(bold=True),
        fill=PatternFill("solid", fgColor=HEADER_FILL),
        alignment=Alignment(wrap_text=True, vertical="top"),
    )


def column_cells(sheet: Any, columns: Sequence[Column], **look: Any) -> list[ColumnCells]:
    from .book import Styles

    styles = Styles(sheet, **look)
    return [ColumnCells(column, letter(number), styles) for number, column in enumerate(columns, 1)]


def letter(column: int) -> str:
    from openpyxl.utils import get_column_letter

    letters: str = get_column_letter(column)
    return letters


def write_end(written: SheetRows, sheet: Any, table: Table) -> None:
    from openpyxl.styles import Font

    if table.totals is not None:
        written.write_block([table.totals], column_cells(sheet, table.columns, font=Font(bold=True)))
    if note := str(table.note):
        written.skip()
        written.write_block([[note]], column_cells(sheet, [TEXT], font=Font(italic=True)))
