"""What reading a spreadsheet gives: a sheet, its rows, their places, and what could not be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import Enum
from typing import Self

MAX_ROWS = 200_000
MAX_SHEETS = 50
MAX_FILE_BYTES = 64 * 2**20
MAX_CELL_CHARACTERS = 32_767

NO_ROWS = "This file has no rows. Check that it is the right file, and that it was saved with its rows."
TOO_MANY_ROWS = (
    f"This file has more than {MAX_ROWS:,} rows. Split it into smaller files, each with the headings, and upload them."
)


class Unreadable(Exception):
    """A file that cannot be read; the text says why and what to do about it."""


class CellProblem(Enum):
    """Stands in a row where the file shows something that is not a value; its value is the sentence about it."""

    FORMULA_WITHOUT_VALUE = "this cell holds a formula without a saved value; paste values and save again"
    ERROR_VALUE = "this cell shows an error such as #REF! or #DIV/0!; correct it and save again"
    NUMBER_OUT_OF_RANGE = "this cell holds a number too large to read"
    TOO_MANY_VALUES = "this row has more values than there are headings; look for a stray comma or quotation mark"

    def __str__(self) -> str:
        return self.value


Cell = str | int | float | bool | date | datetime | time | None | CellProblem


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands: the sheet (for csv the file's stem) and the row as the spreadsheet shows it, from 1."""

    sheet: str
    row: int


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row, in the order of the sheet's headings; blanks are None."""

    place: Place
    cells: tuple[Cell, ...]


def nothing_to_close() -> None:
    pass


@dataclass(frozen=True)
class Sheet:
    """One table found in a file. Its rows are read as they are asked for, once; leave it by `with` or `close()`."""

    name: str
    header_row: int
    headings: tuple[str, ...]
    date1904: bool
    rows: Iterator[Row]
    close: Callable[[], None] = field(default=nothing_to_close, repr=False, compare=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
