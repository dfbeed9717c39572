"""How the cells of a column look: number format and width."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from pd_tracker.sheets.table import Column, Kind

from .values import ExcelValue, excel_value

GENERAL = "General"
NUMBER_FORMATS = {
    Kind.TEXT: GENERAL,
    Kind.ID: "@",
    Kind.INTEGER: "0",
    Kind.DECIMAL: GENERAL,
    Kind.HOURS: "0.0",
    Kind.MONEY: "#,##0.00",
    Kind.PERCENT: "0.0%",
    Kind.DATE: "yyyy-mm-dd",
    Kind.MOMENT: "yyyy-mm-dd hh:mm",
    Kind.YES_NO: GENERAL,
}
PLACES = {Kind.INTEGER: "0", Kind.DECIMAL: "0", Kind.HOURS: "0", Kind.MONEY: "#,##0", Kind.PERCENT: "0"}
TIME_FORMAT = "hh:mm"
DURATION_FORMAT = "[h]:mm"

NARROWEST, WIDEST = 8, 60
FILTER_ARROW = 3


def number_format(column: Column) -> str:
    if column.decimals is None or column.kind not in PLACES:
        return NUMBER_FORMATS[column.kind]
    places = "." + "0" * column.decimals if column.decimals else ""
    return PLACES[column.kind] + places + ("%" if column.kind is Kind.PERCENT else "")


def shown_as(content: ExcelValue, column: Column) -> str:
    """The column's own format, unless the value would be unreadable in it (a day in a column of numbers)."""
    if isinstance(content, timedelta):
        return DURATION_FORMAT
    if isinstance(content, time):
        return TIME_FORMAT
    if isinstance(content, date) and column.kind is not Kind.MOMENT:
        return NUMBER_FORMATS[Kind.MOMENT if hasattr(content, "hour") else Kind.DATE]
    return number_format(column)


def width(column: Column, values: Iterable[Any]) -> int:
    longest = max((shown_length(value, column.kind) for value in values), default=0)
    return max(NARROWEST, min(WIDEST, max(longest + 2, len(str(column.label)) + FILTER_ARROW)))


def shown_length(value: Any, kind: Kind) -> int:
    content = excel_value(value, kind)
    if content is None:
        return 0
    if isinstance(content, (int, float, Decimal)):
        return len(f"{content:,.2f}")
    return max(map(len, str(content).splitlines()), default=0)
