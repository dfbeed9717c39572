"""What a report hands to every door: page, JSON, file and terminal show this object and compute nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from pd_tracker.sheets.charts import Chart
from pd_tracker.sheets.table import Column, Kind, Table
from pd_tracker.sheets.writing import as_json_value
from pd_tracker.web.cells import in_words


@dataclass(frozen=True, slots=True)
class Estimate:
    """One number with its interval; `n` people or classrooms in `clusters` schools stand behind it."""

    key: str
    label: str
    value: float | None
    low: float | None
    high: float | None
    n: int
    clusters: int | None = None
    kind: Kind = Kind.PERCENT  # how people read it; the JSON says it in the label
    decimals: int = 1

    @property
    def words(self) -> str:
        """The value, its interval and what stands behind it, as a page says it."""
        value, low, high = (in_words(part, self.kind, self.decimals) for part in (self.value, self.low, self.high))
        interval = "" if self.low is None else _(" (interval {low} to {high})").format(low=low, high=high)
        behind = _("n = {n}").format(n=in_words(self.n, Kind.INTEGER))
        schools = "" if self.clusters is None else _(", {n} schools").format(n=self.clusters)
        return f"{value}{interval}; {behind}{schools}"

    def to_json(self) -> dict[str, Any]:
        keys = ("key", "label", "value", "low", "high", "n", "clusters")
        return {key: as_json_value(getattr(self, key)) for key in keys}


@dataclass(frozen=True, slots=True)
class ReportResult:
    """`answer` is the sentence that comes first; `as_of` the day the newest roster was made.

    A chart is named after the table whose numbers it draws.
    """

    name: str
    title: str
    question: str
    answer: str
    parameters: dict[str, str]
    definitions: tuple[str, ...]
    as_of: date | None
    tables: tuple[Table, ...] = ()
    estimates: tuple[Estimate, ...] = ()
    caveats: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    charts: tuple[tuple[str, Chart], ...] = ()

    def table(self, key: str) -> Table | None:
        return next((table for table in self.tables if table.key == key), None)

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "title": self.title,
            "question": self.question,
            "parameters": self.parameters,
            "definitions": list(self.definitions),
            "as_of": as_json_value(self.as_of),
            "tables": [_table_json(table) for table in self.tables],
            "estimates": [made.to_json() for made in self.estimates],
            "caveats": [sentence for sentence in (self.answer, *self.caveats) if sentence],
            "warnings": list(self.warnings),
        }


def _table_json(table: Table) -> dict[str, Any]:
    return {
        "key": table.key,
        "title": str(table.title),
        "columns": [{"key": made.key, "label": str(made.label), "kind": made.kind.value} for made in table.columns],
        "rows": [_row_json(table.columns, row) for row in table.rows],
    }


def _row_json(columns: tuple[Column, ...], row: Any) -> dict[str, Any]:
    return {column.key: as_json_value(value, column.kind) for column, value in zip(columns, row, strict=True)}
