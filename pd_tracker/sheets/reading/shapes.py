"""What reading a spreadsheet gives: a sheet, its rows, their places, and what could not be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import Enum
from functools import cached_property
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


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows that follow each other, column by column, which is far quicker to go through where there are many."""

    numbers: Sequence[int]
    columns: Sequence[Sequence[Cell]]


def rows_of(sheet: str, blocks: Iterable[Block]) -> Iterator[Row]:
    for block in blocks:
        for number, cells in zip(block.numbers, zip(*block.columns, strict=True), strict=True):
            yield Row(Place(sheet, number), cells)


def nothing_to_close() -> None:
    pass


@dataclass(frozen=True)
class Sheet:
    """One table found in a file. Its rows are read as they are asked for, once, one by one or in blocks; leave it by
    `with` or `close()`."""

    name: str
    header_row: int
    headings: tuple[str, ...]
    date1904: bool
    blocks: Iterator[Block]
    close: Callable[[], None] = field(default=nothing_to_close, repr=False, compare=False)

    @cached_property
    def rows(self) -> Iterator[Row]:
        return rows_of(self.name, self.blocks)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
