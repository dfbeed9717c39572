"""Is this zip archive a workbook that may be opened? Asked of its directory, before anything is unpacked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from .shapes import Unreadable

MAX_ENTRIES = 2_000
MAX_PART_BYTES = 256 * 2**20
MAX_TOTAL_BYTES = 512 * 2**20
MAX_RATIO = 300
SMALL_PART_BYTES = 2**20
LOCAL_HEADER_BYTES = 30

DAMAGED = (
    "This file is damaged or incomplete. Open it in Excel, save it again as .xlsx and upload the new copy; "
    "if Excel cannot open it either, ask for a new copy."
)
TOO_LARGE = (
    "This workbook is too large or too complicated to read. "
    "Copy only the table into a new workbook, save that as .xlsx and upload it."
)
PROTECTED = "This workbook is protected with a password. Open it in Excel, remove the password and save it as .xlsx."
MACROS = "This workbook contains macros. Open it in Excel and save it as .xlsx (Excel workbook without macros)."

FORMATS = {  # a part that gives the format away, and what to call it
    "xl/workbook.bin": "This is a binary workbook (.xlsb). Open it in Excel and save it as .xlsx.",
    "mimetype": "This is an OpenDocument file. Open it in its program and save it as .xlsx.",
    "word/document.xml": "This is a Word document. Copy its table into Excel and save that as .xlsx.",
    "ppt/presentation.xml": "This is a presentation. Copy its table into Excel and save that as .xlsx.",
    "index/document.iwa": "This is a Numbers spreadsheet. Export it from Numbers as an Excel file (.xlsx).",
}
NOT_A_WORKBOOK = "This is a zip archive, not a workbook. Unpack it and upload the .xlsx or .csv file that is inside."

UNSAFE_NAME = re.compile(r"(^|/)\.\.(/|$)|^/|\\|\x00|^[a-z]:")


def check_archive(archive: ZipFile) -> None:
    entries = archive.infolist()
    names = {entry.filename.lower() for entry in entries}
    check_format(names)
    check_names(entries, names)
    check_sizes(entries)
    check_overlaps(entries, archive.start_dir)


def check_format(names: set[str]) -> None:
    if any(name.endswith(("vbaproject.bin", "vbadata.xml")) for name in names):
        raise Unreadable(MACROS)
    if "xl/workbook.xml" in names:
        return
    for part, sentence in FORMATS.items():
        if part in names:
            raise Unreadable(sentence)
    raise Unreadable(DAMAGED if "[content_types].xml" in names else NOT_A_WORKBOOK)


def check_names(entries: Sequence[ZipInfo], names: set[str]) -> None:
    if len(entries) > MAX_ENTRIES:
        raise Unreadable(TOO_LARGE)
    if len(names) < len(entries) or any(UNSAFE_NAME.search(name) for name in names):
        raise Unreadable(DAMAGED)


def check_sizes(entries: Sequence[ZipInfo]) -> None:
    for entry in entries:
        if entry.flag_bits & 0x1:
            raise Unreadable(PROTECTED)
        if entry.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
            raise Unreadable(DAMAGED)
        if entry.file_size > MAX_PART_BYTES or is_bomb(entry):
            raise Unreadable(TOO_LARGE)
    if sum(entry.file_size for entry in entries) > MAX_TOTAL_BYTES:
        raise Unreadable(TOO_LARGE)


def is_bomb(entry: ZipInfo) -> bool:
    return entry.file_size > SMALL_PART_BYTES and entry.file_size > MAX_RATIO * entry.compress_size


def check_overlaps(entries: Sequence[ZipInfo], directory_start: int) -> None:
    """Entries that share bytes unpack to far more than the file can honestly hold."""
    ordered = sorted(entries, key=lambda entry: entry.header_offset)
    ends = [entry.header_offset for entry in ordered[1:]] + [directory_start]
    for entry, end in zip(ordered, ends, strict=True):
        if entry.header_offset + LOCAL_HEADER_BYTES + len(entry.filename) + entry.compress_size > end:
            raise Unreadable(DAMAGED)
