"""One pass over the XML of every part: what the parser would fall for, and cells it would silently leave blank."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from zipfile import ZipFile

from .archive import DAMAGED
from .shapes import Cell, CellProblem, Unreadable

Problems = dict[int, dict[int, Cell]]  # row → column → what stands there, both from 0

CHUNK_BYTES = 2**20
OVERLAP_BYTES = 2**16  # longer than any cell whose markup matters here
MAX_PROBLEMS = 200_000

TAG = rb"<(?:\w+:)?"
REFERENCE = re.compile(rb"\br\s*=\s*[\"']([A-Z]{1,3})(\d{1,7})[\"']")
FAR = rb"r\s*=\s*[\"']((?:[A-Za-z]{3,}\d*|[A-Za-z]*(?:[3-9]\d{5}|\d{7,})))[\"']"
FAR_REFERENCE = re.compile(FAR)  # four times as fast as the exact question below, and nearly always enough
# A cell with content right of column ZZ or below row 299,999. Empty formatted cells out there are common and harmless.
FAR_CELL = re.compile(TAG + rb"c\s[^<>]*?\b" + FAR + rb"[^<>]*(?<!/)>")
BARE_FORMULA = re.compile(
    TAG + rb"c(\s[^<>]*)?>\s*" + TAG + rb"f(?:\s[^<>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*"
    rb"(<(?:\w+:)?v(?:\s[^<>]*)?(?:/>|>\s*</(?:\w+:)?v>))?\s*</(?:\w+:)?c>"
)
ERROR_CELL = re.compile(TAG + rb"c(\s[^<>]*?\bt\s*=\s*[\"']e[\"'][^<>]*)(?<!/)>(.*?)</(?:\w+:)?c>", re.DOTALL)
TEXT_RESULT = re.compile(rb"\bt\s*=\s*[\"']str[\"']")
NOT_AVAILABLE = b"#N/A"

FORMULAS_WITHOUT_VALUES = (
    "This workbook holds formulas without saved values. Open it in Excel, save it and upload it again."
)


def scan_parts(archive: ZipFile) -> dict[str, Problems]:
    """The cells that need a word of their own, by part name; refuses what no honest workbook holds."""
    return {
        entry.filename: scan_part(archive, entry.filename)
        for entry in archive.infolist()
        if not entry.filename.startswith("xl/media/")
    }


def scan_part(archive: ZipFile, name: str) -> Problems:
    problems: Problems = defaultdict(dict)
    count = 0
    for piece in overlapping_pieces(archive, name):
        refuse_document_type(piece)
        refuse_far_cells(piece)
        for row, column, problem in problem_cells(piece):
            problems[row][column] = problem
            count += 1
        if count > MAX_PROBLEMS:
            raise Unreadable(FORMULAS_WITHOUT_VALUES)
    return problems


def overlapping_pieces(archive: ZipFile, name: str) -> Iterator[bytes]:
    tail = b""
    with archive.open(name) as part:
        while chunk := part.read(CHUNK_BYTES):
            if not tail and chunk[:4].count(0) and name.endswith((".xml", ".rels")):
                raise Unreadable(DAMAGED)  # UTF-16 would hide its markup from the scan
            yield tail + chunk
            tail = chunk[-OVERLAP_BYTES:]


def refuse_document_type(piece: bytes) -> None:
    if b"<!DOCTYPE" in piece or b"<!ENTITY" in piece:
        raise Unreadable(
            "This workbook contains a document type declaration, which Excel never writes. "
            "Open it in Excel, save it again as .xlsx and upload the new copy."
        )


def refuse_far_cells(piece: bytes) -> None:
    if FAR_REFERENCE.search(piece) and (found := FAR_CELL.search(piece)):
        raise Unreadable(
            f"This workbook has a value far outside any table, in cell {found[1][:12].decode()}. "
            "Delete the rows and columns that do not belong to the table, and save the file again."
        )


def problem_cells(piece: bytes) -> Iterator[tuple[int, int, Cell]]:
    if b"<f" in piece or b":f" in piece:
        yield from bare_formulas(piece)
    if b'"e"' in piece or b"'e'" in piece:
        yield from error_cells(piece)


def bare_formulas(piece: bytes) -> Iterator[tuple[int, int, Cell]]:
    for found in BARE_FORMULA.finditer(piece):
        attributes, empty_value = found[1] or b"", found[2]
        if empty_value is None or not TEXT_RESULT.search(attributes):  # an empty text is a result as well
            yield *position(attributes), CellProblem.FORMULA_WITHOUT_VALUE


def error_cells(piece: bytes) -> Iterator[tuple[int, int, Cell]]:
    for found in ERROR_CELL.finditer(piece):
        yield *position(found[1]), NOT_AVAILABLE.decode() if NOT_AVAILABLE in found[2] else CellProblem.ERROR_VALUE


def position(attributes: bytes) -> tuple[int, int]:
    found = REFERENCE.search(attributes)
    if found is None:
        raise Unreadable(FORMULAS_WITHOUT_VALUES)
    column = 0
    for letter in found[1]:
        column = column * 26 + letter - 64
    return int(found[2]) - 1, column - 1
