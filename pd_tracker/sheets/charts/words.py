"""Numbers as people read them, and the few words of a drawing."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import isnan
from typing import Any

from pd_tracker.sheets.table import Kind

from .shapes import Titled, Value

PLACES = {Kind.INTEGER: 0, Kind.DECIMAL: 2, Kind.HOURS: 1, Kind.MONEY: 2, Kind.PERCENT: 1}


@dataclass(frozen=True, slots=True)
class Words:
    interval: str = "interval {low} to {high}"
    band: str = "for all together {low} to {high}"
    nothing: str = "no value"
    in_view: str = "Still in view"
    at_risk: str = "{n} in view"


@dataclass(frozen=True, slots=True)
class DataWords:
    """What the columns are called that a chart of a workbook needs beside its table."""

    sheet: str = "Chart data"
    note: str = "Numbers that only the chart “{title}” on sheet “{sheet}” needs."
    label: str = "Label"
    row: str = "Row"
    above: str = "above"
    below: str = "below"
    low: str = "interval from"
    high: str = "interval to"
    together: str = "For all together"


def number(value: float | Decimal, kind: Kind = Kind.DECIMAL, decimals: int | None = None) -> str:
    """Thousands separated, always the same decimals; a share from 0 to 1 is read as per cent."""
    if isnan(value):
        return "–"
    places = PLACES.get(kind, 2) if decimals is None else decimals
    shown = value * 100 if kind is Kind.PERCENT else value
    digits = f"{abs(shown):,.{places}f}"
    sign = "-" if shown < 0 and digits.strip("0.,") else ""
    return sign + {Kind.MONEY: "$" + digits, Kind.PERCENT: digits + "%"}.get(kind, digits)


def spoken(chart: Titled, value: Value, words: Words) -> str:
    """The value with its unit and interval, as it is read out."""
    if value.value is None:
        return words.nothing
    said = f"{in_kind(chart, value.value)} {chart.unit}".rstrip()
    if value.interval is None:
        return said
    ends = [(words.interval, value.interval), *([(words.band, value.band)] if value.band else [])]
    return ", ".join(
        [said, *(form.format(low=in_kind(chart, low), high=in_kind(chart, high)) for form, (low, high) in ends)]
    )


def in_kind(chart: Titled, value: Any) -> str:
    return number(value, chart.kind, chart.decimals)
