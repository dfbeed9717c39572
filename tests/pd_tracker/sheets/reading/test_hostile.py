"""Files that are no tables, and files made to harm: each is refused in words, quickly, and nothing else happens."""

from __future__ import annotations

import io
import random
import resource
import struct
import time
import zipfile

import pytest

from pd_tracker.sheets.reading import Unreadable, archive, opening, workbook
from tests.pd_tracker.sheets.books import (
    HEADER,
    SHEET_PART,
    SPREADSHEET,
    book_of,
    cells,
    packed,
    raw_book,
    raw_parts,
    read_all,
    sheet_xml,
)  # fmt: skip

SECONDS = 5  # two would do on a quiet machine
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def row(*cells: str, number: str = "2") -> str:
    return f'{HEADER}<row r="{number}">{"".join(cells)}</row>'


def with_parts(**extra: str | bytes) -> bytes:
    names = {"vba": "xl/vbaProject.bin", "up": "../up.xml", "absolute": "/etc/x", "media": "xl/media/a.xml"}
    return packed(raw_parts() | {names[key]: value for key, value in extra.items()}).getvalue()


def with_sheet(xml: str | bytes) -> bytes:
    return packed(raw_parts() | {SHEET_PART: xml}).getvalue()


def only(part: str) -> bytes:
    return packed({part: "x"}).getvalue()


def duplicated() -> bytes:
    file = packed(raw_parts())
    with zipfile.ZipFile(file, "a") as book, pytest.warns(UserWarning, match="Duplicate name"):
        book.writestr(SHEET_PART, sheet_xml(""))
    return file.getvalue()


def overlapping() -> bytes:
    """A directory whose entries all point at the first one's bytes."""
    content = packed({**raw_parts(), "xl/a.xml": "a", "xl/b.xml": "b"}).getvalue()
    start = content.index(b"PK\x01\x02")
    head, directory = content[:start], bytearray(content[start:])
    last = directory.rindex(b"PK\x01\x02")
    before = directory.rindex(b"PK\x01\x02", 0, last)
    directory[last + 42 : last + 46] = directory[before + 42 : before + 46]
    return head + bytes(directory)


def flagged(offset: int, value: int) -> bytes:
    """One field of every entry in the directory overwritten."""
    content = bytearray(packed(raw_parts()).getvalue())
    place = content.find(b"PK\x01\x02")
    while place >= 0:
        struct.pack_into("<H", content, place + offset, value)
        place = content.find(b"PK\x01\x02", place + 4)
    return bytes(content)


def doctype(text: str) -> bytes:
    return with_sheet(f'<?xml version="1.0"?><!DOCTYPE worksheet {text}>{sheet_xml(HEADER)}')


GOOD = book_of(("Staff ID", "Hours"), ("1", 2)).getvalue()
LAUGHS = '[<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]'

REFUSED = {
    "nothing": (b"", "is empty"),
    "blank lines": (b"\r\n\r\n , \n", "is empty"),
    "old workbook": (OLE + bytes(2_000), r"old \.xls workbook\. Open it in Excel and save it as \.xlsx"),
    "password": (OLE + bytes(2_000) + "EncryptedPackage".encode("utf-16-le"), "password"),
    "encrypted entries": (flagged(8, 1), "password"),
    "unknown compression": (flagged(10, 99), "damaged"),
    "web page": (b"\n<html><table><tr><td>Staff ID</td></tr></table></html>", "web page"),
    "xml": (b"\xef\xbb\xbf<?xml version='1.0'?><Workbook/>", "web page or XML"),
    "pdf": (b"%PDF-1.7\n", "PDF"),
    "picture": (b"\x89PNG\r\n\x1a\n\x00\x00", "neither an Excel workbook nor a text table"),
    "noise": (random.Random(1).randbytes(5_000), "neither|letters"),
    "truncated": (GOOD[: len(GOOD) // 2], "damaged or incomplete"),
    "last bytes missing": (GOOD[:-30], "damaged or incomplete"),
    "only a signature": (b"PK", "damaged or incomplete"),
    "empty archive": (b"PK\x05\x06" + bytes(18), "zip archive"),
    "archive of csv": (only("roster.csv"), "zip archive, not a workbook. Unpack it"),
    "binary workbook": (only("xl/workbook.bin"), "xlsb"),
    "OpenDocument": (only("mimetype"), "OpenDocument"),
    "Word document": (only("word/document.xml"), "Word"),
    "Numbers": (only("Index/Document.iwa"), "Numbers"),
    "macros": (with_parts(vba=b"\x00"), "macros"),
    "name outside": (with_parts(up="x"), "damaged"),
    "absolute name": (with_parts(absolute="x"), "damaged"),
    "one name twice": (duplicated(), "damaged"),
    "overlapping entries": (overlapping(), "damaged"),
    "no sheet part": (packed({k: v for k, v in raw_parts().items() if k != SHEET_PART}).getvalue(), "damaged"),
    "broken xml": (with_sheet("<worksheet><sheetData><row"), "damaged|no rows"),
    "broken layout": (packed(raw_parts() | {"xl/workbook.xml": "<workbook"}).getvalue(), "damaged"),
    "XML in UTF-16": (with_sheet(sheet_xml(HEADER).encode("utf-16")), "damaged"),
    "external document type": (doctype('SYSTEM "http://example.org/x.dtd"'), "document type"),
    "billion laughs": (doctype(LAUGHS), "document type"),
    "last cell of all": (raw_book(row('<c r="XFD1048576"><v>1</v></c>', number="1048576")).getvalue(), "XFD1048576"),
    "cell in single quotes": (raw_book(row("<c s='0' r='ABC7' t='n'><v>1</v></c>")).getvalue(), "in cell ABC7"),
    "row 99,999,999": (raw_book(row('<c r="A99999999"><v>1</v></c>', number="99999999")).getvalue(), "A99999999"),
    "far row without references": (raw_book(row("<c><v>1</v></c>", number="99999999")).getvalue(), "large|damaged"),
    "far corner of the allowed": (
        raw_book(row('<c r="ZZ299999"><v>1</v></c>', number="299999")).getvalue(), "too large or too complicated",
    ),
    "bomb of blanks": (with_sheet(sheet_xml(" " * 40_000_000)), "too large"),
    "one endless text": (with_sheet(sheet_xml(row(f'<c r="A2" t="str"><v>{"x" * 30_000_000}</v></c>'))), "too large"),
    "10,000 sheets": (raw_book(HEADER, names=tuple(f"S{n}" for n in range(10_000))).getvalue(), "10,000 sheets; 50"),
    "51 sheets": (raw_book(HEADER, names=tuple(f"S{n}" for n in range(51))).getvalue(), "51 sheets"),
    "3,000 parts": (packed(raw_parts() | {f"xl/{n}.xml": "" for n in range(3_000)}).getvalue(), "too large"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_refused_in_words_that_name_the_remedy(name):
    content, words = REFUSED[name]
    started = time.monotonic()
    with pytest.raises(Unreadable, match=words) as refusal:
        read_all(content)
    assert time.monotonic() - started < SECONDS
    sentence = str(refusal.value)
    assert sentence.endswith(".")
    assert "Error" not in sentence


def test_fifty_sheets_are_read():
    assert read_all(raw_book(HEADER, names=tuple(f"S{n}" for n in range(50))))[0].name == "S0"


def test_far_cells_without_content_harm_nobody():
    assert read_all(raw_book(row('<c r="A2"><v>1</v></c><c r="XFD2" s="0"/>')))[1][0].cells == (1, None)


def test_a_size_lie_in_the_directory_is_caught():
    content = bytearray(packed(raw_parts() | {SHEET_PART: sheet_xml(HEADER + " " * 5_000)}).getvalue())
    place = content.rfind(b"PK\x01\x02")
    struct.pack_into("<I", content, place + 24, 100)
    with pytest.raises(Unreadable, match="damaged"):
        read_all(bytes(content))


def test_external_links_are_not_followed_and_do_not_matter():
    link = f'<externalLink xmlns="{SPREADSHEET}"><externalBook/></externalLink>'
    file = packed(raw_parts(row('<c r="A2"><v>1</v></c>')) | {"xl/externalLinks/externalLink1.xml": link})
    assert cells(read_all(file)[1]) == [(1, None)]


def test_a_file_too_large_is_not_copied_whole(monkeypatch):
    monkeypatch.setattr(opening, "MAX_FILE_BYTES", 100_000)

    class Endless(io.RawIOBase):
        given = 0

        def seek(self, *_: int) -> int:
            return 0

        def read(self, size: int = -1) -> bytes:
            self.given += size
            return b"a" * size

    endless = Endless()
    with pytest.raises(Unreadable, match=r"larger than 64 MB\. Split it"):
        read_all(endless)
    assert endless.given < 300_000


def test_a_child_that_keeps_silent_is_given_up(monkeypatch):
    monkeypatch.setattr(workbook, "PATIENCE_SECONDS", 0.0)
    with pytest.raises(Unreadable, match="too large or too complicated"):
        read_all(GOOD)


@pytest.mark.parametrize("child", ["time_that_is_not_a_module", "this"])
def test_a_child_that_cannot_work_is_a_refusal(monkeypatch, child):
    monkeypatch.setattr(workbook, "CHILD", child)
    with pytest.raises(Unreadable):
        read_all(GOOD)


def test_the_child_is_limited():
    assert (archive.MAX_PART_BYTES, archive.MAX_RATIO) == (256 * 2**20, 300)
    before = resource.getrlimit(resource.RLIMIT_AS)
    read_all(GOOD)
    assert resource.getrlimit(resource.RLIMIT_AS) == before  # of the child only
