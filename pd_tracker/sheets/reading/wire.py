"""Rows as bytes between two processes: JSON, because the one that met the workbook is not to be trusted with more."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from .shapes import CellProblem

# By exact type: a datetime is a date as well.
TAGS: dict[type, tuple[str, Callable[[Any], str]]] = {
    date: ("date", date.isoformat),
    datetime: ("datetime", datetime.isoformat),
    time: ("time", time.isoformat),
    CellProblem: ("problem", lambda problem: problem.name),
}
VALUES: dict[str, Callable[[str], Any]] = {
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "time": time.fromisoformat,
    "problem": CellProblem.__getitem__,
}


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
