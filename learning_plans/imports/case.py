"""A framework as 1EdTech CASE writes it (1.0 and 1.1, JSON), laid out as the rows of a table.

Links to other frameworks are left out: they are other documents' business. Row numbers are places among the CFItems.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from learning_plans.rules.trees import in_order
from pd_tracker.sheets.reading import Block, Sheet, Unreadable

HEADINGS = (
    "framework", "version", "framework_identifier", "publisher", "source",
    "code", "name", "description", "parent_code", "identifier",
)  # fmt: skip
LARGEST, MOST_ITEMS = 32 * 2**20, 20_000
LONGEST_NAME, SHORT_ID = 300, 8
CHILD = "ischildof"
LAST = float("inf")
BLANK = b"\xef\xbb\xbf \t\r\n"

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Item:
    number: int
    identifier: str
    parent: str
    code: str
    name: str
    description: str
    order: float


def case_sheet(file: Path | BinaryIO, filename: str) -> Sheet | None:
    """The rows of a CASE file; nothing where the file is no JSON at all."""
    content = whole(file)
    if content.lstrip(BLANK)[:1] not in {b"{", b"["}:
        return None
    package = package_of(content)
    document = package["CFDocument"]
    about = (
        words(document, "title"),
        words(document, "version"),
        words(document, "identifier"),
        words(document, "creator"),
        words(document, "officialSourceURL") or words(document, "uri"),
    )
    items = items_of(package, document=words(document, "identifier"))
    codes = codes_of(items)
    numbers, rows = [], []
    for item, _depth in reading_order(items):
        numbers.append(item.number)
        parent = codes.get(item.parent, "")
        rows.append((*about, codes[item.identifier], item.name, item.description, parent, item.identifier))
    columns = list(zip(*rows, strict=True))
    return Sheet(filename, 0, HEADINGS, date1904=False, blocks=iter([Block(numbers, columns)]))


def whole(file: Path | BinaryIO) -> bytes:
    """As much of the file as a framework could ever need, and a byte more."""
    if isinstance(file, Path):
        with file.open("rb") as opened:
            return opened.read(LARGEST + 1)
    file.seek(0)
    return file.read(LARGEST + 1)


def package_of(content: bytes) -> Json:
    if len(content) > LARGEST:
        largest = {"largest": LARGEST // 2**20}
        raise Unreadable(_("This CASE file is larger than %(largest)d MB. Export one framework at a time.") % largest)
    try:
        found = json.loads(content)
    except RecursionError:
        raise Unreadable(_("This file is nested too deeply to be a CASE framework. Export it again.")) from None
    except ValueError as error:
        where = {"line": getattr(error, "lineno", 1)}
        raise Unreadable(_("This JSON file is broken at line %(line)d. Export it again.") % where) from None
    if isinstance(found, dict) and isinstance(found.get("CFPackage"), dict):
        found = found["CFPackage"]
    if not isinstance(found, dict) or not isinstance(found.get("CFDocument"), dict):
        raise Unreadable(_("This JSON file is no CASE framework: it has no CFDocument. Export a whole CFPackage."))
    if not words(found["CFDocument"], "title"):
        raise Unreadable(_("The CFDocument of this file has no title. Export it again with its title."))
    return found


def items_of(package: Json, *, document: str) -> list[Item]:
    raw = package.get("CFItems")
    if not isinstance(raw, list) or not raw:
        raise Unreadable(_("This CASE file has no CFItems, so there is nothing to load. Export a whole CFPackage."))
    if len(raw) > MOST_ITEMS:
        most = {"most": MOST_ITEMS, "count": len(raw)}
        raise Unreadable(_("This framework has %(count)d items; at most %(most)d can be loaded.") % most)
    parents = parents_of(package, document)
    found = [item_of(number, item, parents) for number, item in enumerate(raw, 1)]
    numbers: dict[str, int] = {}
    for item in found:
        first = numbers.setdefault(item.identifier, item.number)
        if first != item.number:
            clash = {"first": first, "second": item.number, "identifier": item.identifier}
            sentence = _(
                "Items %(first)d and %(second)d have the same identifier %(identifier)s. Export the file again."
            )
            raise Unreadable(sentence % clash)
    return found


def item_of(number: int, item: Any, parents: Mapping[str, tuple[str, float]]) -> Item:
    if not isinstance(item, dict) or not words(item, "identifier"):
        raise Unreadable(_("Item %(number)d has no identifier. Export the file again.") % {"number": number})
    identifier, full = words(item, "identifier"), words(item, "fullStatement")
    name = words(item, "abbreviatedStatement") or full
    if not name:
        raise Unreadable(_("Item %(number)d has no fullStatement. Export the file again.") % {"number": number})
    short = name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1].rstrip() + "…"
    parent, order = parents.get(identifier, ("", LAST))
    code = words(item, "humanCodingScheme")
    return Item(number, identifier, parent, code, short, full if full != short else "", order)


def parents_of(package: Json, document: str) -> dict[str, tuple[str, float]]:
    """The first parent of each item, with its place among the parent's children."""
    found: dict[str, tuple[str, float]] = {}
    associations = package.get("CFAssociations")
    for link in associations if isinstance(associations, list) else ():
        if isinstance(link, dict) and words(link, "associationType").lower() == CHILD:
            child, parent = node(link, "originNodeURI"), node(link, "destinationNodeURI")
            if child:
                found.setdefault(child, ("" if parent == document else parent, order_of(link.get("sequenceNumber"))))
    return found


def reading_order(items: Sequence[Item]) -> Iterator[tuple[Item, int]]:
    numbers = {item.identifier: item.number for item in items}
    items = sorted(items, key=lambda item: (item.order, item.number))
    return in_order(items, key=lambda item: item.number, parent=lambda item: numbers.get(item.parent))


def codes_of(items: Sequence[Item]) -> dict[str, str]:
    """A code for every item: its own; where it has none, or shares it, the beginning of its identifier helps."""
    taken: set[str] = set()
    codes: dict[str, str] = {}
    for item in items:
        short = item.identifier[:SHORT_ID]
        proposals = (item.code, f"{item.code} {short}".strip(), item.identifier)
        codes[item.identifier] = next(
            each for each in proposals if each and (each not in taken or each == proposals[2])
        )
        taken.add(codes[item.identifier])
    return codes


def node(link: Json, name: str) -> str:
    found = link.get(name)
    return words(found, "identifier") if isinstance(found, dict) else ""


def words(found: Json, name: str) -> str:
    value = found.get(name)
    return " ".join(str(value).split()) if isinstance(value, (str, int, float)) else ""


def order_of(value: Any) -> float:
    """Some write the number as text, many leave it out: those come last."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return LAST
