"""Charts of a workbook read back, with the values of the cells they refer to."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import openpyxl

from pd_tracker.sheets.charts import Chart
from pd_tracker.sheets.table import Table
from pd_tracker.sheets.writing import write_workbook


def book_with(tables: Sequence[Table], charts: Mapping[str, Sequence[Chart]]) -> Any:
    file = io.BytesIO()
    write_workbook(tables, file, charts=charts)
    return openpyxl.load_workbook(file)


def at(book: Any, formula: str) -> list[Any]:
    """The values of the cells a chart refers to."""
    sheet, cells = formula.rsplit("!", 1)
    found = book[sheet.strip("'").replace("''", "'")][cells.replace("$", "")]
    return [row[0].value for row in found] if isinstance(found, tuple) else [found.value]


def shown(book: Any, chart: Any) -> list[dict[str, Any]]:
    """Each series: its name, its values and categories, and both ends of its intervals."""
    return [one_series(book, series) for series in chart.series]


def one_series(book: Any, series: Any) -> dict[str, Any]:
    values = (
        series.val or series.xVal if series.xVal is None or len(at(book, formula_of(series.xVal))) == 1 else series.yVal
    )
    found = {"name": name_of(book, series), "values": at(book, formula_of(values))}
    if series.cat is not None:
        found["labels"] = at(book, series.cat.strRef.f)
    if series.errBars is not None:
        arms = (at(book, arm.numRef.f) for arm in (series.errBars.minus, series.errBars.plus))
        below, above = arms
        rows = list(zip(found["values"], below, above, strict=True))
        found["ends"] = [None if low is None else (value - low, value + high) for value, low, high in rows]
    return found


def formula_of(source: Any) -> str:
    return source.numRef.f


def name_of(book: Any, series: Any) -> str | None:
    if series.tx is None:
        return None
    return series.tx.v or at(book, series.tx.strRef.f)[0]
