"""What a value becomes in a file: nothing here can fail, and nothing a person typed becomes a formula."""

from __future__ import annotations

import math
import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from numbers import Integral, Real
from typing import Any

from pd_tracker.sheets.table import Kind

MAX_TEXT_UNITS = 32_767  # of UTF-16, as Excel counts
CUT_MARK = " … [cut]"
EXACT_DIGITS = 10**15  # Excel keeps fifteen digits of a number
FIRST_SAFE_DAY = date(1900, 3, 1)  # before it Excel's calendar and ours differ

NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LINE_END = re.compile("\r\n?")
ESCAPE_LOOKALIKE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")

ExcelValue = str | int | float | Decimal | date | time | timedelta | None


def excel_value(value: Any, kind: Kind) -> ExcelValue:
    """A value Excel can hold; text is cleaned and cut, a number that is none is left empty."""
    simple = simple_value(value, kind)
    if isinstance(simple, str):
        return excel_text(simple)
    if isinstance(simple, int) and abs(simple) >= EXACT_DIGITS:
        return str(simple)
    if isinstance(simple, date) and day_of(simple) < FIRST_SAFE_DAY:
        return text_value(simple, kind)
    return simple


def text_value(value: Any, kind: Kind) -> str:
    """The value as text for csv: ISO dates, plain numbers, "" for nothing."""
    simple = simple_value(value, kind)
    if isinstance(simple, datetime):
        return simple.isoformat(" ", "minutes")
    if isinstance(simple, Decimal):
        return f"{simple:f}"
    return "" if simple is None else clean_text(str(simple))


def as_json_value(value: Any, kind: Kind = Kind.TEXT) -> Any:
    """The value for JSON.

    Days and moments are ISO text (a moment keeps its zone), ids are text, yes and no are booleans, nothing is null.
    Decimals are numbers like all others: ours are hours and money with few digits, which a float carries exactly as
    far as anybody prints them.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, (list, tuple, set, frozenset)):
        return [as_json_value(part, kind) for part in value]
    if isinstance(value, datetime) and kind is not Kind.DATE:
        return value.isoformat()
    simple = simple_value(value, kind)
    if isinstance(simple, (date, time)):
        return simple.isoformat()
    if isinstance(simple, Decimal):
        return int(simple) if kind is Kind.INTEGER and simple == simple.to_integral_value() else float(simple)
    return simple if simple is None or isinstance(simple, (int, float)) else str(simple)


def simple_value(value: Any, kind: Kind) -> ExcelValue:
    """One of the few types that every file knows, without zones, infinities, or blanks that are not None."""
    if value is None:
        return None
    if isinstance(value, str):
        return str(value) or None
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return str(value) if kind is Kind.ID else simple_object(value, kind)


def simple_object(value: Any, kind: Kind) -> ExcelValue:
    if isinstance(value, (Real, Decimal)):
        return finite(value)
    if isinstance(value, datetime):
        return value.date() if kind is Kind.DATE else value.replace(tzinfo=None)
    if isinstance(value, (date, timedelta)):
        return value
    if isinstance(value, time):
        return value.replace(tzinfo=None)
    if isinstance(value, (list, tuple, set, frozenset)):
        return "; ".join(map(str, value))
    return str(value)  # lazy translations, enums


def finite(value: Real | Decimal) -> int | float | Decimal | None:
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Decimal):
        return value if value.is_finite() and math.isfinite(float(value)) else None
    return float(value) if math.isfinite(value) else None


def excel_text(text: str) -> str | None:
    """Text as a cell holds it: what XML cannot carry is left out, and `_x0041_` is kept from becoming an A."""
    clean = ESCAPE_LOOKALIKE.sub("_x005F_", clean_text(text))
    return cut(clean) or None


def clean_text(text: str) -> str:
    return NOT_IN_XML.sub("", LINE_END.sub("\n", text))


def cut(text: str) -> str:
    if len(text) * 2 <= MAX_TEXT_UNITS:
        return text
    units = text.encode("utf-16-le")
    if len(units) <= MAX_TEXT_UNITS * 2:
        return text
    return units[: (MAX_TEXT_UNITS - len(CUT_MARK)) * 2].decode("utf-16-le", "ignore") + CUT_MARK


def day_of(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value
