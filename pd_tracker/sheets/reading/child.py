"""The process that opens a workbook for us: a file on standard input, messages out, and little it could do besides.

A workbook can make its parser run for ever, take all memory or abort the whole process. Here that costs one refusal.
"""

from __future__ import annotations

import json
import resource
import signal
import sys
from collections.abc import Collection, Iterator
from contextlib import suppress
from itertools import compress, islice
from multiprocessing.connection import Connection
from typing import Any, BinaryIO, NamedTuple
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from .archive import DAMAGED, TOO_LARGE, check_archive
from .cells import clean_column, clean_row
from .headings import SEARCHED_ROWS, Header, find_header, read_headings
from .layout import read_layout
from .scan import Problems, scan_parts
from .shapes import MAX_ROWS, NO_ROWS, TOO_MANY_ROWS, Cell, Unreadable
from .wire import encode, encode_column

MEMORY_BYTES = 2**30
CPU_SECONDS = 60
WALL_SECONDS = 300
BLOCK_CELLS = 20_000

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
    signal.alarm(WALL_SECONDS)  # nobody catches it, so it ends the process
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
    """First the "sheet", then its "rows" in blocks, then the "end"."""
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
    marks = problems.get(layout.parts.get(found.sheet.name, ""), {})
    count = 0
    for numbers, columns in table_blocks(found, len(headings), marks):
        count += len(numbers)
        if count > MAX_ROWS:
            raise Unreadable(TOO_MANY_ROWS)
        yield "rows", [numbers, [encode_column(column) for column in columns]]
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


def table_blocks(found: Found, width: int, problems: Problems) -> Iterator[tuple[list[int], list[list[Cell]]]]:
    """Row numbers and columns of the rows below the header that hold anything."""
    for first, columns in marked_blocks(found, width, problems):
        count = len(columns[0]) if columns else 0
        holds = [True] * count if any(None not in column for column in columns) else list(map(holds_anything, *columns))
        if any(holds):
            numbers = range(first + 1, first + 1 + count)
            yield list(compress(numbers, holds)), [list(compress(column, holds)) for column in columns]


def holds_anything(*cells: Cell) -> bool:
    return any(cell is not None for cell in cells)


def marked_blocks(found: Found, width: int, problems: Problems) -> Iterator[tuple[int, list[list[Cell]]]]:
    """Index of the first row, and columns as the parser gives them with the problem cells put where it left blanks."""
    left = found.sheet.start[1] if found.sheet.start else 0
    first = found.header.row + 1
    rows = islice(found.sheet.iter_rows(), first, None)
    size = max(1, BLOCK_CELLS // max(1, width))
    while raw := list(islice(rows, size)):
        columns = [clean_column(values) for values in islice(zip(*raw, strict=True), width)]
        columns += [[None] * len(raw) for _ in range(width - len(columns))]
        for index in problems.keys() & range(first, first + len(raw)):
            mark(columns, index - first, left, problems[index])
        yield first, columns
        first += len(raw)
    for index in sorted(row for row in problems if row >= first):
        beyond: list[list[Cell]] = [[None] for _ in range(width)]
        mark(beyond, 0, left, problems[index])
        yield index, beyond


def mark(columns: list[list[Cell]], row: int, left: int, problems: dict[int, Cell]) -> None:
    for column, problem in problems.items():
        if 0 <= column - left < len(columns):
            columns[column - left][row] = problem


if __name__ == "__main__":
    main()
