"""What a column of a file may hold: a cell becomes a value, or a sentence that says how to put it right."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import TextChoices
from django.utils import translation
from django.utils.translation import gettext as _

from pd_tracker.sheets.reading import Cell, CellProblem, excel_date

EMPTY_WORDS = frozenset({"", "n/a", "#n/a", "-", "--", "–", "—"})
YES = frozenset({"yes", "y", "true", "t", "1", "x"})
NO = frozenset({"no", "n", "false", "f", "0"})

DATE_SHAPES = {
    "mm/dd/yyyy": "%m/%d/%Y",
    "mm/dd/yy": "%m/%d/%y",
    "dd/mm/yyyy": "%d/%m/%Y",
    "dd/mm/yy": "%d/%m/%y",
    "dd.mm.yyyy": "%d.%m.%Y",
    "mm-dd-yyyy": "%m-%d-%Y",
    "dd-mm-yyyy": "%d-%m-%Y",
    "yyyy/mm/dd": "%Y/%m/%d",
    "dd-mon-yyyy": "%d-%b-%Y",
}
FIRST_YEAR, LAST_YEAR = 1920, 2100
ISO_DAY = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})")
SERIAL = re.compile(r"\d{5}(\.\d+)?")
TIME_OF_DAY = re.compile(r"[ T]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*([AaPp]\.?[Mm]\.?)?(Z|[+-]\d{2}:?\d{2})?$")
NUMBER = re.compile(r"[-+]?(\d[\d,]*(\.\d*)?|\.\d+)([eE][-+]?\d+)?")
THOUSANDS = re.compile(r"[-+]?\d{1,3}(,\d{3})+(\.\d*)?")
HOUR_WORD = re.compile(r"\s*(h|hr|hrs|hour|hours)\.?$", re.IGNORECASE)
CLOCK = re.compile(r"(\d{1,3}):([0-5]\d)(:00)?")
TWO_YEARS = re.compile(r"(?:sy\s*)?(\d{4})\s*[-–—/]\s*(\d{2}|\d{4})", re.IGNORECASE)
SEPARATORS = re.compile(r"[;,\n]")


class Wrong(ValueError):
    """A cell that cannot be taken as it is; the text says what to do about it."""


@dataclass(frozen=True, slots=True)
class Conventions:
    """What one file means by its dates and school years; asked once per file, never guessed row by row."""

    date_shape: str = ""
    year_means: str = "end"  # a lone "2004" is the year that ends then, or starts then
    date1904: bool = False


Parser = Callable[[Cell, Conventions], Any]


@dataclass(frozen=True, slots=True)
class Field:
    """One heading of ours. `also` are headings that other systems use: proposed to people, never assumed."""

    key: str
    label: Any
    parse: Parser
    required: bool = False  # on every row
    needs_column: bool = False  # though a cell may be empty
    help: Any = ""
    example: Any = ""
    also: tuple[str, ...] = ()

    def read(self, cell: Cell, conventions: Conventions) -> Any:
        if isinstance(cell, CellProblem):
            raise Wrong(str(cell))
        if is_empty(cell):
            if self.required:
                raise Wrong(_("this is empty; every row needs it"))
            return None
        return self.parse(cell, conventions)


def is_empty(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and cell.strip().lower() in EMPTY_WORDS)


# --- Words and ids ----------------------------------------------------------------------------------------------


def written(cell: Cell) -> str:
    """The cell as somebody wrote it: whole numbers without a point, and no dates that a spreadsheet made of text."""
    if isinstance(cell, (date, time)):
        raise Wrong(_("the spreadsheet turned this into a date or time; format the column as text and type it again"))
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(str(cell).split())


def text(longest: int) -> Parser:
    def parse(cell: Cell, conventions: Conventions) -> str:
        words = written(cell)
        if len(words) > longest:
            raise Wrong(_("this is longer than %(longest)d characters; shorten it") % {"longest": longest})
        return words

    return parse


def email(cell: Cell, conventions: Conventions) -> str:
    address = written(cell).lower()
    try:
        validate_email(address)
    except ValidationError:
        raise Wrong(_("“%(value)s” is not an email address") % {"value": address}) from None
    return address


def several(cell: Cell, conventions: Conventions) -> tuple[str, ...]:
    """Words between semicolons or commas, each once."""
    parts = (" ".join(part.split()) for part in SEPARATORS.split(str(cell)))
    return tuple(dict.fromkeys(part for part in parts if part))


# --- Closed lists -----------------------------------------------------------------------------------------------


def folded(words: object) -> str:
    return re.sub(r"[\s_\-–'’./,()]+", "", str(words)).casefold()


def choice(choices: type[TextChoices], synonyms: Mapping[str, str] | None = None) -> Parser:
    """One of the values, their labels or their synonyms, however spaced and cased."""

    @cache
    def known() -> dict[str, str]:
        found = {folded(words): str(value) for words, value in (synonyms or {}).items()}
        with translation.override("en"):  # files are written in the terms of the field, whoever loads them
            found |= {folded(label): value for value, label in choices.choices}
        return found | {folded(value): value for value in choices.values}

    def parse(cell: Cell, conventions: Conventions) -> str:
        try:
            return known()[folded(written(cell))]
        except KeyError:
            allowed = {"value": written(cell), "allowed": ", ".join(choices.values)}
            raise Wrong(_("“%(value)s” is not in the list; use one of: %(allowed)s") % allowed) from None

    return parse


def yes_no(cell: Cell, conventions: Conventions) -> bool:
    word = written(cell).lower()
    if word in YES:
        return True
    if word in NO:
        return False
    raise Wrong(_("“%(value)s” is neither yes nor no") % {"value": word})


# --- Numbers ----------------------------------------------------------------------------------------------------


def number(cell: Cell) -> Decimal:
    if isinstance(cell, (date, time, bool)):
        raise Wrong(_("this is a date or yes/no where a number belongs; format the column as a number"))
    if isinstance(cell, float):
        return Decimal(str(round(cell, 10)))
    if isinstance(cell, int):
        return Decimal(cell)
    digits = str(cell).strip().removeprefix("$").strip()
    if not NUMBER.fullmatch(digits) or not comma_is_thousands(digits):
        raise Wrong(_("“%(value)s” is not a number; write it like 1234.5") % {"value": cell})
    return Decimal(digits.replace(",", ""))


def comma_is_thousands(digits: str) -> bool:
    return "," not in digits or THOUSANDS.fullmatch(digits) is not None


def between(value: Decimal, low: Any, high: Any) -> None:
    if (low is not None and value < low) or (high is not None and value > high):
        if high is None:
            raise Wrong(_("%(value)s is below %(low)s") % {"value": value, "low": low})
        limits = {"value": value, "low": low, "high": high}
        raise Wrong(_("%(value)s does not lie between %(low)s and %(high)s") % limits)


def decimal(*, places: int, low: Any = None, high: Any = None) -> Parser:
    """A number kept to as many places as the database keeps."""
    unit = Decimal(1).scaleb(-places)

    def parse(cell: Cell, conventions: Conventions) -> Decimal:
        value = number(cell)
        between(value, low, high)
        return value.quantize(unit, rounding=ROUND_HALF_UP)

    return parse


def integer(*, low: int = 0, high: int = 2_147_483_647) -> Parser:
    def parse(cell: Cell, conventions: Conventions) -> int:
        value = number(cell)
        if value != value.to_integral_value():
            raise Wrong(_("%(value)s is not a whole number") % {"value": value})
        between(value, low, high)
        return int(value)

    return parse


def percent(cell: Cell, conventions: Conventions) -> Decimal:
    """From 0 to 100; a cell that says "61.5%" is taken at its word."""
    value = number(cell.rstrip("% ") if isinstance(cell, str) else cell)
    between(value, 0, 100)
    return value


def hours_as_minutes(cell: Cell, conventions: Conventions) -> int:
    """1.5, "1.5 hrs", "1:30" or a time of day become 90 minutes; to the nearest minute, so 0.33 hours are 20."""
    if isinstance(cell, time):
        return cell.hour * 60 + cell.minute
    if isinstance(cell, str):
        if clock := CLOCK.fullmatch(cell.strip()):
            return int(clock[1]) * 60 + int(clock[2])
        cell = HOUR_WORD.sub("", cell)
    value = number(cell)
    between(value, 0, 10_000)
    return int((value * 60).to_integral_value(rounding=ROUND_HALF_UP))


# --- Days and school years --------------------------------------------------------------------------------------


def day(cell: Cell, conventions: Conventions) -> date:
    found = day_of(cell, conventions)
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise Wrong(
            _("%(day)s lies outside the years %(first)d to %(last)d")
            % {"day": found, "first": FIRST_YEAR, "last": LAST_YEAR}
        )
    return found


def day_of(cell: Cell, conventions: Conventions) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, (bool, time)) or cell is None:
        raise Wrong(_("this is not a date; write it like 2025-08-18"))
    words = TIME_OF_DAY.sub("", str(cell).strip())
    if iso := ISO_DAY.fullmatch(words):
        return calendar_day(words, int(iso[1]), int(iso[2]), int(iso[3]))
    if not isinstance(cell, str) or SERIAL.fullmatch(words):
        return serial_day(float(words), conventions)
    return day_in_words(words, conventions)


def calendar_day(words: str, year: int, month: int, day_of_month: int) -> date:
    try:
        return date(year, month, day_of_month)
    except ValueError:
        raise Wrong(_("“%(value)s” is not a day of the calendar") % {"value": words}) from None


def serial_day(serial: float, conventions: Conventions) -> date:
    try:
        found = excel_date(serial, conventions.date1904)
    except ValueError:
        raise Wrong(_("%(value)g is not a date; write it like 2025-08-18") % {"value": serial}) from None
    if found.year < FIRST_YEAR:  # 2004 as a serial number is a day in 1905
        raise Wrong(_("%(value)g is not a whole date; write it like 2025-08-18") % {"value": serial})
    return found.date() if isinstance(found, datetime) else found


def day_in_words(words: str, conventions: Conventions) -> date:
    if not conventions.date_shape:
        raise Wrong(
            _("“%(value)s” can be read in more than one way; say how this file writes dates, or use 2025-08-18")
            % {"value": words}
        )
    try:
        # A calendar day has no zone.
        return datetime.strptime(words, DATE_SHAPES[conventions.date_shape]).date()  # noqa: DTZ007
    except ValueError:
        shape = {"value": words, "shape": conventions.date_shape}
        raise Wrong(_("“%(value)s” is not a date written as %(shape)s") % shape) from None


def school_year(cell: Cell, conventions: Conventions) -> int:
    """The calendar year in which the school year starts."""
    if isinstance(cell, date):
        return year_made_a_month(cell)
    words = written(cell)
    if both := TWO_YEARS.fullmatch(words):
        start, end = int(both[1]), both[2]
        if int(end) != (start + 1 if len(end) == 4 else (start + 1) % 100):
            raise Wrong(_("“%(value)s” does not name two years that follow each other") % {"value": words})
        return plausible_year(start)
    if not re.fullmatch(r"\d{4}", words):
        raise Wrong(_("“%(value)s” is not a school year; write it like 2025-26") % {"value": words})
    return plausible_year(int(words) - (conventions.year_means == "end"))


def year_made_a_month(cell: date) -> int:
    """Excel makes April 2003 of a typed 2003-04; where the month fits the next year it can be taken back."""
    if cell.day == 1 and cell.month == (cell.year + 1) % 100:
        return plausible_year(cell.year)
    raise Wrong(_("this is a date; write the school year like 2025-26, in a column formatted as text"))


def plausible_year(start: int) -> int:
    if not FIRST_YEAR <= start <= LAST_YEAR:
        raise Wrong(_("%(value)d is not a likely school year; write it like 2025-26") % {"value": start})
    return start
