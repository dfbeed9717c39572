"""Workbooks made by hand, as other programs, hurried people and attackers make them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

import openpyxl

from pd_tracker.sheets.reading import Row, Sheet, open_sheet

SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEET_PART = "xl/worksheets/sheet1.xml"
HEADER = '<row r="1"><c r="A1" t="str"><v>Staff ID</v></c><c r="B1" t="str"><v>Hours</v></c></row>'

WANTED = {"staff_id", "hours", "email"}


def raw_parts(rows: str = HEADER, *, names: tuple[str, ...] = ("Data",), date1904: bool = False) -> dict[str, str]:
    """The parts of the smallest workbook; every name shows the same sheet."""
    sheets = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="rId1"/>' for n, name in enumerate(names, 1))
    return {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{SPREADSHEET}" xmlns:r="{OFFICE}">'
        f'<workbookPr date1904="{int(date1904)}"/><sheets>{sheets}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        SHEET_PART: sheet_xml(rows),
    }


def sheet_xml(rows: str) -> str:
    return f'<worksheet xmlns="{SPREADSHEET}"><sheetData>{rows}</sheetData></worksheet>'


def packed(parts: Mapping[str, str | bytes]) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return rewound(file)


def raw_book(rows: str, **options: Any) -> io.BytesIO:
    return packed(raw_parts(rows, **options))


def made_book(fill: Callable[[openpyxl.Workbook], None]) -> io.BytesIO:
    book = openpyxl.Workbook()
    fill(book)
    return saved(book)


def book_of(*rows: tuple[Any, ...]) -> io.BytesIO:
    def fill(book: openpyxl.Workbook) -> None:
        for row in rows:
            book.active.append(row)

    return made_book(fill)


def saved(book: openpyxl.Workbook) -> io.BytesIO:
    file = io.BytesIO()
    book.save(file)
    return rewound(file)


def rewound(file: io.BytesIO) -> io.BytesIO:
    file.seek(0)
    return file


def read_all(file: BinaryIO | bytes, name: str = "file.xlsx", wanted: set[str] = WANTED) -> tuple[Sheet, list[Row]]:
    with open_sheet(io.BytesIO(file) if isinstance(file, bytes) else file, name, wanted) as sheet:
        return sheet, list(sheet.rows)


def cells(rows: list[Row]) -> list[tuple[Any, ...]]:
    return [row.cells for row in rows]
