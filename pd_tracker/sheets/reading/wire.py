"""Rows as bytes between two processes: JSON, because the one that met the workbook is not to be trusted with more."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time
from math import isfinite
from typing import Any

from .shapes import Cell, CellProblem

# By exact type: a datetime is a date as well.
TAGS: dict[type, tuple[str, Callable[[Any], str]]] = {
    date: ("date", date.isoformat),
    datetime: ("datetime", datetime.isoformat),
    time: ("time", time.isoformat),
    CellProblem: ("problem", lambda problem: problem.name),
}
CELL_TYPES = {str, int, float, bool, type(None), *TAGS}
PLAIN: tuple[str, Callable[[Any], str]] = ("", str)
VALUES: dict[str, Callable[[str], Any]] = {
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "time": time.fromisoformat,
    "problem": CellProblem.__getitem__,
}


def encode_column(cells: Sequence[Cell]) -> list[Any]:
    """A column of dates, or of times, names its type once."""
    kinds: set[type] = set(map(type, cells)) - {type(None)}
    tag, text = TAGS.get(kinds.pop(), PLAIN) if len(kinds) == 1 else PLAIN
    if not tag:
        return [tag, cells]
    known: dict[Cell, str] = {cell: text(cell) for cell in set(cells) if cell is not None}
    return [tag, [known.get(cell) for cell in cells]]


def decode_column(column: tuple[str, list[Any]]) -> list[Cell]:
    """Raises KeyError, TypeError or ValueError for anything that is not a column of cells."""
    tag, cells = column
    if not tag:
        kinds = set(map(type, cells))
        if not kinds <= CELL_TYPES or (float in kinds and not all(map(isfinite, numbers(cells)))):
            raise ValueError
        return cells
    known = {text: VALUES[tag](text) for text in set(cells) if text is not None}
    return [known.get(text) for text in cells]


def numbers(cells: Sequence[Any]) -> Iterator[float]:
    return (cell for cell in cells if type(cell) is float)


def encode(message: object) -> bytes:
    return json.dumps(message, default=tagged, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def decode(message: bytes) -> Any:
    return json.loads(message, object_hook=untagged)


def tagged(value: object) -> dict[str, str]:
    tag, text = TAGS[type(value)]
    return {tag: text(value)}


def untagged(pair: dict[str, str]) -> Any:
    ((tag, text),) = pair.items()
    return VALUES[tag](text)
