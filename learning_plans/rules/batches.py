"""Many rows a few hundred at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

BATCH = 500
Row = TypeVar("Row")


def batches(rows: Iterable[Row], size: int | None = None) -> Iterator[list[Row]]:
    """Read to the end first: what is written in between changes who is found."""
    found, size = list(rows), size or BATCH
    return (found[start : start + size] for start in range(0, len(found), size))
