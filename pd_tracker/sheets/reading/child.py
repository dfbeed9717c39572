"""The process that opens a workbook for us: a file on standard input, messages out, and little it could do besides.

A workbook can make its parser run for ever, take all memory or abort the whole process. Here that costs one refusal.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from itertools import islice
from multiprocessing.connection import Connection
from typing import Any, BinaryIO, NamedTuple
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from .archive import DAMAGED, TOO_LARGE, check_archive
from .cells import clean_row
from .headings import SEARCHED_ROWS, Header, find_header, read_headings
from .layout import read_layout
from .scan import Problems, scan_parts
from .shapes import MAX_ROWS, NO_ROWS, TOO_MANY_ROWS, Cell, Unreadable
from .wire import encode

MEMORY_BYTES = 2**30
CPU_SECONDS = 60
BATCH_ROWS = 500

Message = tuple[str, Any]


class Found(NamedTuple):
    """A sheet and its best header row."""

    sheet: CalamineSheet
    visible: bool
    header: Header
    header_cells: list[Cell]

    @property
    def rank(self) -> tuple[bool, bool, int, int]:
        return (self.header.matches > 0, self.visible, self.header.matches, self.header.likeness)


def main() -> None:
    limit_process()
    out = Connection(int(sys.argv[1]), readable=False)
    try:
        for message in safe_messages(sys.stdin.buffer, json.loads(sys.argv[2])):
            out.send_bytes(encode(message))
    except BrokenPipeError:
        pass  # the reader has seen enough


def limit_process() -> None:
    limits = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CPU: CPU_SECONDS,
        resource.RLIMIT_AS: MEMORY_BYTES,
    }
    for limit, value in limits.items():
        with suppress(ValueError, OSError):  # not every system knows every limit; the reader's patience still ends
            resource.setrlimit(limit, (value, value))


def safe_messages(file: BinaryIO, wanted: Collection[str]) -> Iterator[Message]:
    try:
        yield from messages(file, wanted)
    except (BrokenPipeError, GeneratorExit):
        raise
    except Unreadable as refusal:
        yield "refused", str(refusal)
    except MemoryError:
        yield "refused", TOO_LARGE
    except BaseException:  # the parser's panics are no Exceptions
        yield "refused", DAMAGED


def messages(file: BinaryIO, wanted: Collection[str]) -> Iterator[Message]:
    """First the "sheet", then its "rows" in batches, then the "end"."""
    try:
        archive = ZipFile(file)
    except BadZipFile as error:
        raise Unreadable(DAMAGED) from error
    check_archive(archive)
    layout = read_layout(archive)
    problems = scan_parts(archive)
    file.seek(0)
    found = best_sheet(CalamineWorkbook.from_filelike(file), wanted)
    headings = read_headings(found.header_cells, found.header.row + 1, wanted)
    yield "sheet", [found.sheet.name, found.header.row + 1, headings, layout.date1904]
    rows = table_rows(found, len(headings), problems.get(layout.parts.get(found.sheet.name, ""), {}))
    while batch := list(islice(rows, BATCH_ROWS)):
        yield "rows", batch
    yield "end", None


def best_sheet(book: CalamineWorkbook, wanted: Collection[str]) -> Found:
    best: Found | None = None
    for index, metadata in enumerate(book.sheets_metadata):
        if metadata.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_index(index)
        top = [clean_row(row) for row in islice(sheet.iter_rows(), SEARCHED_ROWS)]
        if not any(cell is not None for row in top for cell in row):
            continue
        header = find_header(top, wanted)
        found = Found(sheet, metadata.visible == SheetVisibleEnum.Visible, header, top[header.row])
        if best is None or found.rank > best.rank:
            best = found
    if best is None:
        raise Unreadable(NO_ROWS)
    return best


def table_rows(found: Found, width: int, problems: Problems) -> Iterator[tuple[int, list[Cell]]]:
    """Row number and cells of every row below the header that holds anything."""
    count = 0
    for index, cells in marked_rows(found.sheet, width, problems):
        if index <= found.header.row or not any(cell is not None for cell in cells):
            continue
        count += 1
        if count > MAX_ROWS:
            raise Unreadable(TOO_MANY_ROWS)
        yield index + 1, cells


def marked_rows(sheet: CalamineSheet, width: int, problems: Problems) -> Iterable[tuple[int, list[Cell]]]:
    """Rows as the parser gives them, with the problem cells put where it left blanks."""
    left = sheet.start[1] if sheet.start else 0
    blank: list[Cell] = [None] * width
    index = -1
    for index, raw in enumerate(sheet.iter_rows()):
        cells = (clean_row(raw) + blank)[:width]
        yield index, marked(cells, left, problems[index]) if index in problems else cells
    for beyond in sorted(row for row in problems if row > index):
        yield beyond, marked(list(blank), left, problems[beyond])


def marked(cells: list[Cell], left: int, problems: dict[int, Cell]) -> list[Cell]:
    for column, problem in problems.items():
        if 0 <= column - left < len(cells):
            cells[column - left] = problem
    return cells


if __name__ == "__main__":
    main()
