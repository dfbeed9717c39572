"""Raw values of a spreadsheet → clean cells."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from .shapes import MAX_CELL_CHARACTERS, Cell, CellProblem

UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
LINE_END = re.compile("\r\n?")
EXACT_INTEGERS = 2.0**53
LAST_SERIAL = 2_958_465  # 9999-12-31 in the 1900 system


def clean_text(value: str) -> str | None:
    text = value.strip()
    if not (text.isascii() and text.isprintable()):
        text = UNWANTED.sub("", LINE_END.sub("\n", text)).strip()
        text = unicodedata.normalize("NFC", text)
    return text[:MAX_CELL_CHARACTERS] or None


def clean_number(value: float) -> Cell:
    if not math.isfinite(value):
        return CellProblem.NUMBER_OUT_OF_RANGE
    return int(value) if value.is_integer() and abs(value) < EXACT_INTEGERS else value


def clean_datetime(value: datetime) -> Cell:
    moment = to_second(value)
    return moment.date() if moment.time() == time.min else moment


def clean_time(value: time) -> Cell:
    return to_second(datetime.combine(date.min, value)).time()


def clean_duration(value: timedelta) -> Cell:
    """A duration under a day is a time of day, as Excel stores it; a longer one is the text Excel shows."""
    minutes, seconds = divmod(round(value.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return time(hours, minutes, seconds) if 0 <= hours < 24 else f"{hours}:{minutes:02}"


def to_second(value: datetime) -> datetime:
    """Serial numbers carry rounding noise: 09:59:59.9999 was typed as 10:00."""
    if value.microsecond < 500_000 or value > datetime.max - timedelta(seconds=1):
        return value.replace(microsecond=0)
    return value.replace(microsecond=0) + timedelta(seconds=1)


def unchanged(value: Any) -> Any:
    return value


CLEANERS: dict[type, Callable[[Any], Cell]] = {
    str: clean_text,
    float: clean_number,
    datetime: clean_datetime,
    time: clean_time,
    timedelta: clean_duration,
}


def clean_row(values: Iterable[Any]) -> list[Cell]:
    cleaner: Callable[..., Callable[[Any], Cell]] = CLEANERS.get
    return [cleaner(type(value), unchanged)(value) for value in values]


def clean_column(values: Sequence[Any]) -> list[Cell]:
    """The same for a column, where most values repeat themselves."""
    kinds = set(map(type, values))
    if len(kinds) > 1:
        return clean_row(values)
    cleaner: Callable[[Any], Cell] = CLEANERS.get(kinds.pop(), unchanged)
    known = {value: cleaner(value) for value in set(values)}
    return list(map(known.__getitem__, values))


def excel_date(number: float, date1904: bool = False) -> date | datetime:
    """The day (with its time, where there is one) that a serial number stands for.

    Raises
    ------
    ValueError
        The number is not a day between 1900 and 9999.
    """
    days = number + 1462 if date1904 else number
    if not 1 <= days < LAST_SERIAL + 1:
        raise ValueError(f"{number} is not a date")
    if days < 60:  # Excel counts a 29 February 1900 that never was
        days += 1
    moment = to_second(datetime(1899, 12, 30) + timedelta(days=days))
    return moment.date() if moment.time() == time.min else moment
