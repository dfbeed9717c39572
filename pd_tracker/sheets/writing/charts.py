"""Charts of Excel beside the tables whose numbers they draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pd_tracker.sheets.charts import Chart
from pd_tracker.sheets.charts.words import DataWords
from pd_tracker.sheets.table import Table

from .names import sheet_name
from .runs import Cells

ROW_HEIGHT = 0.53  # centimetres of a sheet's row

Drawn = dict[str, list[Any]]  # by name of the sheet


def draw(
    named: Mapping[str, Table], charts: Mapping[str, Sequence[Chart]], words: DataWords
) -> tuple[Drawn, dict[str, Table]]:
    """Charts by the sheet they belong to, and the tables of what else they need, by the name of a sheet for each."""
    from .native import native  # loads the charts of openpyxl

    drawn: Drawn = {}
    more: dict[str, Table] = {}
    for sheet, table in named.items():
        for chart in charts.get(table.key, ()):
            cells = Cells(sheet, table, sheet_name(str(words.sheet), {*named, *more}))
            drawn.setdefault(sheet, []).append(native(chart, cells, words))
            if cells.added:
                note = words.note.format(title=chart.title, sheet=sheet)
                more[cells.data_sheet] = cells.data(cells.data_sheet, note)
    return drawn, more


def place(sheet: Any, columns: int, drawn: Sequence[Any]) -> None:
    """To the right of the table, one below the other."""
    from openpyxl.utils import get_column_letter

    row = 2
    for chart in drawn:
        sheet.add_chart(chart, f"{get_column_letter(columns + 2)}{row}")
        row += round(chart.height / ROW_HEIGHT) + 2
