"""The one door for files that people bring: told apart by their first bytes, never by their name."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Collection
from io import BufferedReader, FileIO
from pathlib import PurePath
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
        refuse_size(file)
        if starting_bytes(file, len(ZIP)) == ZIP:
            with file:
                return read_workbook(file, wanted)
        refuse_other_formats(file)
        return read_delimited(BufferedReader(file), PurePath(filename).stem, wanted)
    except BaseException:
        file.close()
        raise


def own_copy(path_or_file: str | PurePath | BinaryIO) -> FileIO:
    """A real file of our own: another process can read it, and the caller may close his.

    It has no buffer, because a buffer moves the position, which it shares with the other process.
    """
    if isinstance(path_or_file, (str, PurePath)):
        return FileIO(path_or_file)
    path_or_file.seek(0)
    with tempfile.TemporaryFile() as copy:
        while copy.tell() <= MAX_FILE_BYTES and (block := path_or_file.read(FIRST_BYTES)):
            copy.write(block)
        copy.flush()
        return FileIO(os.dup(copy.fileno()))


def refuse_size(file: FileIO) -> None:
    size = file.seek(0, os.SEEK_END)
    if size == 0 or size > MAX_FILE_BYTES:
        raise Unreadable(TOO_BIG if size else EMPTY)


def starting_bytes(file: FileIO, count: int) -> bytes:
    file.seek(0)
    beginning = file.read(count)
    file.seek(0)
    return beginning


def refuse_other_formats(file: FileIO) -> None:
    beginning = starting_bytes(file, FIRST_BYTES)
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
