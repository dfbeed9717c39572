"""Tables → one workbook, a sheet each, streamed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any, BinaryIO

from pd_tracker.sheets.table import Table

from .cells import CellMaker, width
from .charts import add_charts
from .values import clean_text, excel_text

EXCEL_ROWS = 1_048_576
ROWS_AROUND = 4  # header, totals, a blank and the note
SAMPLE_ROWS = 200
HEADER_FILL = "DDE6EE"

NOT_IN_NAME = re.compile(r"[\[\]:*?/\\]")
LONGEST_NAME = 31
RESERVED_NAMES = {"history"}


def write_workbook(
    tables: Sequence[Table],
    out: BinaryIO,
    *,
    charts: Mapping[str, Sequence[Any]] | None = None,
    title: Any = "",
    creator: Any = "PD Tracker",
) -> None:
    """Write one sheet per table, in order.

    `charts` gives, by table key, what to draw beside its rows: a `ColumnChart` or a ready chart of openpyxl.
    Rows may come from a generator; they are written as they come.
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    book.properties.title = clean_text(str(title)) or None
    book.properties.creator = clean_text(str(creator)) or None
    for table in tables:
        write_table(book, table, (charts or {}).get(table.key, ()))
    book.save(out)


def write_table(book: Any, table: Table, charts: Sequence[Any]) -> None:
    """A table longer than a sheet goes on in the next one; its totals and its note stand under the last rows."""
    rows = iter(table.rows)
    sheet, written = write_sheet(book, table, rows)
    add_charts(sheet, table, written, charts)
    while (following := next(rows, None)) is not None:
        end_sheet(sheet)
        sheet, written = write_sheet(book, table, chain([following], rows))
    end_sheet(sheet, table)


def write_sheet(book: Any, table: Table, rows: Iterator[Sequence[Any]]) -> tuple[Any, int]:
    """A new sheet with its header and as many rows as it holds; gives the sheet and the count of rows."""
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(sheet_name(str(table.title) or table.key, book.sheetnames))
    sample = list(islice(rows, min(SAMPLE_ROWS, EXCEL_ROWS - ROWS_AROUND)))
    lay_out(sheet, table, sample)
    sheet.append(header_cells(sheet, table))
    makers = [CellMaker(sheet, column) for column in table.columns]
    count = 0
    for row in chain(sample, islice(rows, EXCEL_ROWS - ROWS_AROUND - len(sample))):
        sheet.append([make(value) for make, value in zip(makers, row, strict=True)])
        count += 1
    sheet.auto_filter.ref = f"A1:{get_column_letter(max(1, len(table.columns)))}{count + 1}"
    return sheet, count


def lay_out(sheet: Any, table: Table, sample: Sequence[Sequence[Any]]) -> None:
    from openpyxl.utils import get_column_letter

    for index, column in enumerate(table.columns):
        sheet.column_dimensions[get_column_letter(index + 1)].width = width(column, (row[index] for row in sample))
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def header_cells(sheet: Any, table: Table) -> list[Any]:
    from openpyxl.styles import Alignment, Font, PatternFill

    font, fill = Font(bold=True), PatternFill("solid", fgColor=HEADER_FILL)
    alignment = Alignment(wrap_text=True, vertical="top")
    cells = [text_cell(sheet, column.label, font) for column in table.columns]
    for cell in cells:
        cell.fill, cell.alignment = fill, alignment
    return cells


def end_sheet(sheet: Any, table: Table | None = None) -> None:
    if table is not None and table.totals is not None:
        sheet.append(total_cells(sheet, table, table.totals))
    if table is not None and str(table.note):
        from openpyxl.styles import Font

        sheet.append([])
        sheet.append([text_cell(sheet, table.note, Font(italic=True))])
    sheet.close()


def total_cells(sheet: Any, table: Table, totals: Sequence[Any]) -> list[Any]:
    from openpyxl.styles import Font

    bold = Font(bold=True)
    makers = [CellMaker(sheet, column, font=bold) for column in table.columns]
    return [make(value) for make, value in zip(makers, totals, strict=True)]


def text_cell(sheet: Any, text: Any, font: Any) -> Any:
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, excel_text(str(text)))
    cell.data_type = "s"
    cell.font = font
    return cell


def sheet_name(wanted: str, taken: Sequence[str]) -> str:
    """A name Excel accepts and no other sheet of the book has."""
    plain = " ".join(NOT_IN_NAME.sub(" ", clean_text(wanted)).split()).strip("' ") or "Sheet"
    names = {name.casefold() for name in taken} | RESERVED_NAMES
    name, number = plain[:LONGEST_NAME].strip("' "), 1
    while name.casefold() in names:
        number += 1
        ending = f" ({number})"
        name = plain[: LONGEST_NAME - len(ending)].strip("' ") + ending
    return name
