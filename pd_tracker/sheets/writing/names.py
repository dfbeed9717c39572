"""Names of sheets that Excel accepts."""

from __future__ import annotations

import re
from collections.abc import Collection

from .values import clean_text

NOT_IN_NAME = re.compile(r"[\[\]:*?/\\]")
LONGEST_NAME = 31
RESERVED_NAMES = {"history"}


def sheet_name(wanted: str, taken: Collection[str]) -> str:
    """A name Excel accepts and no other sheet of the book has."""
    plain = " ".join(NOT_IN_NAME.sub(" ", clean_text(wanted)).split()).strip("' ") or "Sheet"
    names = {name.casefold() for name in taken} | RESERVED_NAMES
    name, number = plain[:LONGEST_NAME].strip("' "), 1
    while name.casefold() in names:
        number += 1
        ending = f" ({number})"
        name = plain[: LONGEST_NAME - len(ending)].strip("' ") + ending
    return name
