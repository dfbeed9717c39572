"""Finding the header row of a table that somebody else laid out."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Sequence
from typing import NamedTuple

from .shapes import Cell, Unreadable

SEARCHED_ROWS = 40
ENOUGH_MATCHES = 2  # a single familiar word also stands on title pages
LONGEST_HEADING = 80
MAX_COLUMNS = 500

TOO_WIDE = (
    f"This table has more than {MAX_COLUMNS} columns. "
    "Delete the columns that do not belong to it, save the file again and upload it."
)

NOT_WORD = re.compile(r"[\W_]+")


class Header(NamedTuple):
    """A candidate for the header row; a larger one is a better one."""

    matches: int
    likeness: int
    row: int

    @property
    def rank(self) -> tuple[int, int, int]:
        return (self.matches, self.likeness, -self.row)


def heading_key(text: str) -> str:
    """The heading as a key: "Staff ID\\n", "staff-id" and "STAFF_ID" are all staff_id."""
    return NOT_WORD.sub("_", unicodedata.normalize("NFKC", text).casefold()).strip("_")


def heading_text(cell: Cell) -> str:
    return "" if cell is None else " ".join(str(cell).split())


def find_header(rows: Sequence[Sequence[Cell]], wanted: Collection[str]) -> Header:
    """The row with most wanted headings; where none has enough, the one that looks most like a header."""
    keys = {heading_key(name) for name in wanted}
    enough = min(ENOUGH_MATCHES, len(keys)) or 1
    best = Header(0, 0, 0)
    for index, row in enumerate(rows):
        matches = len(keys & {heading_key(cell) for cell in row if isinstance(cell, str)})
        found = Header(matches if matches >= enough else 0, header_likeness(rows, index), index)
        best = max(best, found, key=lambda header: header.rank)
    return best


def header_likeness(rows: Sequence[Sequence[Cell]], index: int) -> int:
    """How many distinct short words stand in the row, as far as the rows below are as wide."""
    words = {cell for cell in rows[index] if isinstance(cell, str) and is_word(cell)}
    below = [filled(row) for row in rows[index + 1 : index + 4]]
    return min(len(words), max(below, default=0)) * 2 + bool(words)


def is_word(text: str) -> bool:
    return len(text) <= LONGEST_HEADING and any(character.isalpha() for character in text)


def filled(row: Sequence[Cell]) -> int:
    return sum(cell is not None for cell in row)


def read_headings(row: Sequence[Cell], row_number: int, wanted: Collection[str]) -> tuple[str, ...]:
    headings = [heading_text(cell) for cell in row]
    while headings and not headings[-1]:
        headings.pop()
    if len(headings) > MAX_COLUMNS:
        raise Unreadable(TOO_WIDE)
    refuse_duplicates(headings, row_number, wanted)
    return tuple(headings)


def refuse_duplicates(headings: Sequence[str], row_number: int, wanted: Collection[str]) -> None:
    keys = {heading_key(name) for name in wanted}
    counts = Counter(heading_key(heading) for heading in headings)
    for heading in headings:
        if counts[heading_key(heading)] > 1 and heading_key(heading) in keys:
            raise Unreadable(
                f"The heading “{heading}” stands more than once in row {row_number}. "
                "Rename or delete the column that does not belong, and save the file again."
            )
