"""Native Excel charts drawn from the columns of a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pd_tracker.sheets.table import Table

from .cells import number_format
from .values import clean_text

ROWS_PER_CHART = 18


@dataclass(frozen=True, slots=True)
class ColumnChart:
    """Bars or lines of some columns of a table over one other, named by their keys."""

    shape: Literal["bar", "line"]
    title: Any
    over: str
    values: tuple[str, ...]


def add_charts(sheet: Any, table: Table, rows: int, charts: Sequence[Any]) -> None:
    """Put the charts to the right of the table, one below the other."""
    from openpyxl.utils import get_column_letter

    column = get_column_letter(len(table.columns) + 2)
    for index, chart in enumerate(charts if rows else ()):
        native = native_chart(sheet, table, rows, chart) if isinstance(chart, ColumnChart) else chart
        sheet.add_chart(native, f"{column}{2 + index * ROWS_PER_CHART}")


def native_chart(sheet: Any, table: Table, rows: int, chart: ColumnChart) -> Any:
    from openpyxl.chart import BarChart, LineChart, Reference

    places = {column.key: index for index, column in enumerate(table.columns, 1)}
    native = BarChart() if chart.shape == "bar" else LineChart()
    native.title = clean_text(str(chart.title))
    for key in chart.values:
        native.add_data(Reference(sheet, places[key], 1, places[key], rows + 1), titles_from_data=True)
    native.set_categories(Reference(sheet, places[chart.over], 2, places[chart.over], rows + 1))
    native.x_axis.title = clean_text(str(table.columns[places[chart.over] - 1].label))
    native.y_axis.number_format = number_format(table.columns[places[chart.values[0]] - 1])
    native.x_axis.delete = native.y_axis.delete = False  # openpyxl hides both otherwise
    return native
