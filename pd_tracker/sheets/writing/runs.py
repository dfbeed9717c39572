"""Where the numbers of a chart stand: in its own table, or else in columns made for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from math import isclose
from typing import Any

from pd_tracker.sheets.table import Column, Kind, Table

Parts = Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Run:
    """Cells of one column, below one another."""

    sheet: str
    column: int
    first: int
    last: int

    @property
    def formula(self) -> str:
        from openpyxl.utils import absolute_coordinate, get_column_letter, quote_sheetname

        letter = get_column_letter(self.column)
        ends = [f"{letter}{row}" for row in sorted({self.first, self.last})]
        return f"{quote_sheetname(self.sheet)}!{absolute_coordinate(':'.join(ends))}"

    @property
    def cells(self) -> list[Run]:
        return [Run(self.sheet, self.column, row, row) for row in range(self.first, self.last + 1)]


@dataclass(slots=True)
class Cells:
    """The rows of a table on a sheet, and beside them the columns that a chart needs and the table lacks."""

    sheet: str
    table: Table
    data_sheet: str
    added: list[tuple[Column, Sequence[Any]]] = field(default_factory=list)

    def numbers(self, label: Any, values: Parts, kind: Kind, decimals: int | None = None) -> Run:
        return self.found(values, kind) or self.add(Column("", label, kind, decimals=decimals), values)

    def words(self, label: Any, labels: Sequence[Any]) -> Run:
        texts = [str(one) for one in labels]
        return self.found(texts, Kind.TEXT) or self.add(Column("", label), texts)

    def number_cells(self, label: Any, values: Parts, kind: Kind, decimals: int | None = None) -> list[Run]:
        """A cell for each number, wherever it stands in a column of the table."""
        return self.scattered(values, kind) or self.add(Column("", label, kind, decimals=decimals), values).cells

    def word_cells(self, label: Any, labels: Sequence[Any]) -> list[Run]:
        texts = [str(one) for one in labels]
        return self.scattered(texts, Kind.TEXT) or self.add(Column("", label), texts).cells

    def add(self, column: Column, values: Sequence[Any]) -> Run:
        self.added.append((column, values))
        return Run(self.data_sheet, len(self.added), 2, len(values) + 1)

    def found(self, wanted: Sequence[Any], kind: Kind) -> Run | None:
        """The first column of that kind with these values below one another."""
        for place, values in self.candidates(wanted, kind):
            start = start_of(wanted, values)
            if start is not None:
                return Run(self.sheet, place, start + 2, start + 1 + len(wanted))
        return None

    def scattered(self, wanted: Sequence[Any], kind: Kind) -> list[Run] | None:
        """The first column of that kind with all these values, in any order; a cell is taken once."""
        for place, values in self.candidates(wanted, kind):
            rows: list[int] = []
            for one in wanted:
                rows += [row for row, value in enumerate(values) if row not in rows and same(one, value)][:1]
            if len(rows) == len(wanted):
                return [Run(self.sheet, place, row + 2, row + 2) for row in rows]
        return None

    def candidates(self, wanted: Sequence[Any], kind: Kind) -> Iterator[tuple[int, list[Any]]]:
        """Columns that may hold the values: numbers for numbers, and counts only for counts."""
        rows = self.table.rows
        if not isinstance(rows, Sequence) or all(one is None for one in wanted):
            return
        for place, column in enumerate(self.table.columns, 1):
            both_count = (column.kind is Kind.INTEGER) == (kind is Kind.INTEGER)
            if both_count and column.kind.is_number == kind.is_number:
                yield place, [row[place - 1] for row in rows]

    def data(self, title: Any, note: Any) -> Table:
        """The added columns as a table; shorter ones end with empty cells."""
        columns = tuple(column for column, _values in self.added)
        longest = max((len(values) for _column, values in self.added), default=0)
        padded = [[*values, *[None] * (longest - len(values))] for _column, values in self.added]
        return Table("", title, columns, list(zip(*padded, strict=True)), note=note)


def start_of(wanted: Sequence[Any], values: Sequence[Any]) -> int | None:
    starts = range(len(values) - len(wanted) + 1)
    return next((start for start in starts if agree(wanted, values[start : start + len(wanted)])), None)


def agree(wanted: Iterable[Any], values: Iterable[Any]) -> bool:
    return all(same(one, other) for one, other in zip(wanted, values, strict=True))


def same(one: Any, other: Any) -> bool:
    if isinstance(one, str) or one is None or other is None:
        return one is other or (other is not None and one == str(other))
    return isinstance(other, (int, float)) and isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)
