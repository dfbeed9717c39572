"""Which sheets a workbook has, in which parts they lie, and which calendar it counts in."""

from __future__ import annotations

import posixpath
from typing import NamedTuple
from xml.etree.ElementTree import Element, ParseError
from zipfile import ZipFile

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from .archive import DAMAGED, TOO_LARGE
from .shapes import MAX_SHEETS, Unreadable

WORKBOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
MAX_LAYOUT_BYTES = 4 * 2**20
TRUE_WORDS = {"1", "true", "on"}


class Layout(NamedTuple):
    parts: dict[str, str]  # sheet name → part name
    date1904: bool


def read_layout(archive: ZipFile) -> Layout:
    names = {name.lower(): name for name in archive.namelist()}
    book = read_part(archive, names, WORKBOOK)
    targets = {
        relation.get("Id", ""): posixpath.normpath(posixpath.join("/xl", relation.get("Target", ""))).lstrip("/")
        for relation in read_part(archive, names, RELATIONS)
    }
    sheets = [element for element in book.iter() if local_name(element) == "sheet"]
    if len(sheets) > MAX_SHEETS:
        raise Unreadable(
            f"This workbook has {len(sheets):,} sheets; {MAX_SHEETS} are the most that can be read. "
            "Copy the sheet with the table into a new workbook and save that as .xlsx."
        )
    parts = {sheet.get("name", ""): names.get(targets.get(relation_id(sheet), "").lower(), "") for sheet in sheets}
    properties = next((element for element in book.iter() if local_name(element) == "workbookPr"), None)
    return Layout(parts, properties is not None and properties.get("date1904", "").lower() in TRUE_WORDS)


def read_part(archive: ZipFile, names: dict[str, str], name: str) -> Element:
    if name not in names:
        raise Unreadable(DAMAGED)
    if archive.getinfo(names[name]).file_size > MAX_LAYOUT_BYTES:
        raise Unreadable(TOO_LARGE)
    try:
        root: Element = fromstring(archive.read(names[name]), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise Unreadable(DAMAGED) from error
    return root


def relation_id(sheet: Element) -> str:
    return next((value for key, value in sheet.items() if key.endswith("}id")), "")


def local_name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
