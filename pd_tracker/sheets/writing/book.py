"""A workbook of openpyxl whose sheets go straight into the archive, row by row.

openpyxl writes every part but the rows: what stands above and below them, styles, drawings, properties.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from io import BytesIO
from typing import IO, Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter

from .values import clean_text

# The slower levels take as long as everything else together and save a fifth of the file.
COMPRESSION = 1
NO_ROWS = re.compile(rb"<sheetData\s*/>|<sheetData></sheetData>")


@contextmanager
def open_book(out: BinaryIO, *, title: Any, creator: Any) -> Iterator[Book]:
    with ZipFile(out, "w", ZIP_DEFLATED, compresslevel=COMPRESSION) as archive:
        book = Book(archive)
        book.made.properties.title = clean_text(str(title)) or None
        book.made.properties.creator = clean_text(str(creator)) or None
        yield book
        Parts(book.made, archive).write_data()


class Book:
    def __init__(self, archive: ZipFile) -> None:
        self.archive = archive
        self.made = Workbook(write_only=True)

    @property
    def names(self) -> list[str]:
        names: list[str] = self.made.sheetnames
        return names

    def add_sheet(self, name: str) -> Any:
        sheet = self.made.create_sheet(name)
        sheet._id = len(self.made.worksheets)
        return sheet

    @contextmanager
    def open_rows(self, sheet: Any) -> Iterator[IO[bytes]]:
        """Takes the XML of the rows; the filter and the charts of the sheet may be set until it is closed."""
        with self.archive.open(sheet.path[1:], "w") as part:
            part.write(Frame(sheet).above)
            yield part
            frame = Frame(sheet)
            part.write(frame.below)
            sheet._rels = frame._rels


class Frame(WorksheetWriter):
    """A sheet without rows."""

    def __init__(self, sheet: Any) -> None:
        super().__init__(sheet, BytesIO())
        self.write()
        above, below = NO_ROWS.split(self.out.getvalue())
        self.above, self.below = above + b"<sheetData>", b"</sheetData>" + below

    def rows(self) -> list[Any]:
        return []


class Parts(ExcelWriter):
    """All parts but the sheets, which are in the archive already."""

    def write_worksheet(self, ws: Any) -> None:
        ws._drawing = SpreadsheetDrawing()
        ws._drawing._chart_frame = partial(described_frame, ws._drawing)  # it loses its parts in a class made from it
        ws._drawing.charts = ws._charts
        self.manifest.append(ws)


def described_frame(drawing: SpreadsheetDrawing, place: int) -> Any:
    """What a chart shows is said to those who cannot see it."""
    frame = SpreadsheetDrawing._chart_frame(drawing, place)
    frame.nvGraphicFramePr.cNvPr.descr = drawing.charts[place - 1].description
    return frame


class Styles:
    """Numbers of styles, by number format: taken from sample cells, which openpyxl enters in the book's list."""

    def __init__(self, sheet: Any, **look: Any) -> None:
        self.sheet, self.look = sheet, look
        self.known: dict[str, int] = {}

    def __call__(self, shown_as: str) -> int:
        if shown_as not in self.known:
            cell = WriteOnlyCell(self.sheet)
            cell.number_format = shown_as
            for name, value in self.look.items():
                setattr(cell, name, value)
            self.known[shown_as] = cell.style_id
        return self.known[shown_as]
