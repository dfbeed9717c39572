"""Arrays as the database keeps them: their bytes, and after these the three letters of their type."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

LETTERS = 3


def packed(column: NDArray[Any]) -> bytes:
    return column.tobytes() + column.dtype.str.encode()


def unpacked(stored: bytes | memoryview) -> NDArray[Any]:
    kind = np.dtype(bytes(stored[-LETTERS:]).decode())
    found: NDArray[Any] = np.frombuffer(stored, kind, count=(len(stored) - LETTERS) // kind.itemsize)
    return found
