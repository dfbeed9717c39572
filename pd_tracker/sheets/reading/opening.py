"""The one door for files that people bring: told apart by their first bytes, never by their name."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Collection
from pathlib import Path, PurePath
from typing import BinaryIO

from .archive import PROTECTED
from .delimited import read_delimited
from .shapes import MAX_FILE_BYTES, Sheet, Unreadable
from .workbook import read_workbook

ZIP = b"PK"
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
FIRST_BYTES = 2**16

EMPTY = "This file is empty. Check that it is the right file, and that it was saved completely."
TOO_BIG = f"This file is larger than {MAX_FILE_BYTES // 2**20} MB. Split it into smaller files, each with the headings."
OLD_WORKBOOK = "This is an old .xls workbook. Open it in Excel and save it as .xlsx."
WEB_PAGE = "This is a web page or XML saved under a spreadsheet's name. Open it in Excel and save it as .xlsx."
PDF = "This is a PDF. Ask for the table as an Excel workbook (.xlsx) or as .csv."
NOT_A_TABLE = "This is neither an Excel workbook nor a text table. Open it in its program and save it as .xlsx or .csv."


def open_sheet(path_or_file: str | PurePath | BinaryIO, filename: str, wanted: Collection[str]) -> Sheet:
    """The table with most of the wanted headings; where none matches, the most table-like one.

    `wanted` are heading keys. The file given may be closed afterwards. Raises `Unreadable`, as does iterating the rows.
    """
    file = own_copy(path_or_file)
    try:
        if file.read(len(ZIP)) == ZIP:
            file.seek(0)
            with file:
                return read_workbook(file, wanted)
        file.seek(0)
        refuse_other_formats(file)
        return read_delimited(file, PurePath(filename).stem, wanted)
    except BaseException:
        file.close()
        raise


def own_copy(path_or_file: str | PurePath | BinaryIO) -> BinaryIO:
    """A real file of our own, at its beginning: another process can read it, and the caller may close his."""
    if isinstance(path_or_file, (str, PurePath)):
        file: BinaryIO = Path(path_or_file).open("rb")  # noqa: SIM115  it is the sheet's to close
    else:
        file = temporary_copy(path_or_file)
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    if size == 0 or size > MAX_FILE_BYTES:
        file.close()
        raise Unreadable(TOO_BIG if size else EMPTY)
    return file


def temporary_copy(original: BinaryIO) -> BinaryIO:
    copy = tempfile.TemporaryFile()  # noqa: SIM115
    original.seek(0)
    while copy.tell() <= MAX_FILE_BYTES and (block := original.read(FIRST_BYTES)):
        copy.write(block)
    return copy


def refuse_other_formats(file: BinaryIO) -> None:
    beginning = file.read(FIRST_BYTES)
    file.seek(0)
    if beginning.startswith(OLD_OFFICE):
        raise Unreadable(PROTECTED if ENCRYPTED_PACKAGE in file.read() else OLD_WORKBOOK)
    if beginning.startswith(b"%PDF"):
        raise Unreadable(PDF)
    if not beginning.startswith(UTF_16) and b"\x00" in beginning:
        raise Unreadable(NOT_A_TABLE)
    if beginning.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise Unreadable(WEB_PAGE)
    if not beginning.strip(b"\xef\xbb\xbf \t\r\n,;"):
        raise Unreadable(EMPTY)
