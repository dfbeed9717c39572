"""Text with delimiters, as Excel and other programs save it, read as it comes."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Collection, Iterator
from itertools import islice
from typing import BinaryIO

from .cells import clean_row
from .headings import SEARCHED_ROWS, Header, find_header, read_headings
from .shapes import MAX_ROWS, NO_ROWS, TOO_MANY_ROWS, Block, Cell, CellProblem, Sheet, Unreadable

DELIMITERS = ",;\t|"
SAMPLE_CHARACTERS = 2**16
BLOCK_BYTES = 2**20
BLOCK_ROWS = 1_000
DECLARED_DELIMITER = re.compile(r"\A\ufeff?sep=(.)\r?\n", re.IGNORECASE)
QUOTED_TRIGGER = re.compile(r"'+[=+\-@\t\r\n]")  # how `sheets.writing` marks text that Excel would calculate

UNKNOWN_ENCODING = "The letters of this file cannot be read. Open it in Excel and save it as “CSV UTF-8”."


def read_delimited(file: BinaryIO, name: str, wanted: Collection[str]) -> Sheet:
    text = io.TextIOWrapper(file, encoding=find_encoding(file), newline="")
    delimiter, start = find_delimiter(text, wanted)
    header, header_cells = find_top(text, delimiter, start, wanted)
    headings = read_headings(header_cells, header.row + 1, wanted)
    skip_to(text, start)
    rows = table_rows(text, delimiter, header.row, len(headings))
    return Sheet(name, header.row + 1, headings, date1904=False, blocks=in_blocks(rows), close=text.close)


def find_encoding(file: BinaryIO) -> str:
    beginning = file.read(4)
    if beginning.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ["utf-16"]
    elif beginning.startswith(codecs.BOM_UTF8):
        candidates = ["utf-8-sig"]
    else:
        candidates = ["utf-8", "cp1252"]
    for encoding in candidates:
        if decodes(file, encoding):
            return encoding
    raise Unreadable(UNKNOWN_ENCODING)


def decodes(file: BinaryIO, encoding: str) -> bool:
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while block := file.read(BLOCK_BYTES):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    finally:
        file.seek(0)
    return True


def find_delimiter(text: io.TextIOWrapper, wanted: Collection[str]) -> tuple[str, int]:
    """The delimiter under which the top looks most like a table, and where the table begins."""
    sample = text.read(SAMPLE_CHARACTERS)
    text.seek(0)
    if declared := DECLARED_DELIMITER.match(sample):
        return declared[1], declared.end()
    return max(DELIMITERS, key=lambda delimiter: sample_rank(sample, delimiter, wanted)), 0


def sample_rank(sample: str, delimiter: str, wanted: Collection[str]) -> tuple[int, int]:
    records = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    try:
        header = find_header([clean_row(raw) for raw in islice(records, SEARCHED_ROWS)], wanted)
    except csv.Error:
        return (0, 0)
    return header.matches, header.likeness


def find_top(text: io.TextIOWrapper, delimiter: str, start: int, wanted: Collection[str]) -> tuple[Header, list[Cell]]:
    skip_to(text, start)
    top = [clean_row(raw) for _, raw in islice(numbered_records(text, delimiter), SEARCHED_ROWS)]
    if not any(cell is not None for row in top for cell in row):
        raise Unreadable(NO_ROWS)
    header = find_header(top, wanted)
    return header, top[header.row]


def skip_to(text: io.TextIOWrapper, start: int) -> None:
    text.seek(0)
    text.read(start)


def in_blocks(rows: Iterator[tuple[int, tuple[Cell, ...]]]) -> Iterator[Block]:
    while some := list(islice(rows, BLOCK_ROWS)):
        numbers, cells = zip(*some, strict=True)
        yield Block(numbers, tuple(zip(*cells, strict=True)))


def table_rows(
    text: io.TextIOWrapper, delimiter: str, header_row: int, width: int
) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    count = 0
    with text:
        for index, raw in numbered_records(text, delimiter):
            cells = clean_row(map(without_quote, raw))
            if index <= header_row or not any(cell is not None for cell in cells):
                continue
            count += 1
            if count > MAX_ROWS:
                raise Unreadable(TOO_MANY_ROWS)
            yield index + 1, fitted(cells, width)


def numbered_records(text: io.TextIOWrapper, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Records with their index, which is the row Excel would show them in, line breaks inside quotes or not."""
    index = -1
    try:
        for index, raw in enumerate(csv.reader(text, delimiter=delimiter, strict=True)):
            yield index, raw
    except csv.Error as error:
        raise Unreadable(stray_quotation_mark(index + 2)) from error


def stray_quotation_mark(row: int) -> str:
    return f"Row {row} or a row after it has a stray quotation mark. Correct it, or save the table as .xlsx instead."


def without_quote(text: str) -> str:
    return text[1:] if text.startswith("'") and QUOTED_TRIGGER.match(text) else text


def fitted(cells: list[Cell], width: int) -> tuple[Cell, ...]:
    """Values without a heading mean that the row is out of step, so none of it can be trusted."""
    if any(cell is not None for cell in cells[width:]):
        return (CellProblem.TOO_MANY_VALUES,) * width
    return tuple(cells[:width]) + (None,) * (width - len(cells))
