"""Values in words: how each kind of column is shown on a page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, tzinfo
from decimal import ROUND_FLOOR, Decimal
from functools import lru_cache, partial
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from pd_tracker.sheets.charts import number
from pd_tracker.sheets.table import Column, Kind, Table

NOTHING = "–"
REMEMBERED = 10_000  # the days of ten years in two languages, and then some

Words = Callable[[Any], str]


def in_words(value: Any, kind: Kind = Kind.TEXT, decimals: int | None = None) -> str:
    return words_of(kind, decimals)(value)


def cell(value: Any, column: Column) -> str:
    return in_words(value, column.kind, column.decimals)


def words_of(kind: Kind, decimals: int | None = None) -> Words:
    """What `in_words` does, resolved once for many values of a column, in the language and zone of the moment."""
    if kind not in SHOWN:  # words already; a lazy translation is looked up once only
        return lambda value: NOTHING if value is None else str(value) or NOTHING
    say = SHOWN[kind](decimals)
    return lambda value: NOTHING if value is None or value == "" else say(value)


def _numbers(kind: Kind) -> Callable[[int | None], Words]:
    return lambda decimals: lambda value: number(value, kind, decimals)


def _hours(decimals: int | None) -> Words:
    """Rounded down: nobody is shown an hour they do not have."""
    places = 1 if decimals is None else decimals
    step = Decimal(1).scaleb(-places)

    def say(value: Any) -> str:
        exact = value if isinstance(value, Decimal) else Decimal(str(value))
        return number(exact.quantize(step, rounding=ROUND_FLOOR), Kind.HOURS, places)

    return say


def _days(decimals: int | None) -> Words:
    say = partial(_day, pgettext("date format", "M j, Y"), get_language())
    return lambda value: say(value.toordinal())


def _moments(decimals: int | None) -> Words:
    form, zone = pgettext("moment format", "M j, Y, g:i A T"), timezone.get_current_timezone()
    say = partial(_moment, form, get_language(), zone)

    # In UTC, since in a zone of its own one hour of autumn comes twice: equal moments, and yet not the same words.
    return lambda value: say(value.astimezone(UTC) if timezone.is_aware(value) else value)


def _yes_no(decimals: int | None) -> Words:
    yes, no = _("Yes"), _("No")
    return lambda value: yes if value else no


# Django looks up names of months anew for each date. The language belongs to the key: it is what those names hang on.
@lru_cache(REMEMBERED)
def _day(form: str, language: str | None, number_of_day: int) -> str:
    return date_format(date.fromordinal(number_of_day), form)


@lru_cache(REMEMBERED)
def _moment(form: str, language: str | None, zone: tzinfo, value: datetime) -> str:
    local = timezone.localtime(value, zone) if timezone.is_aware(value) else value
    return date_format(local, form).rstrip()


SHOWN: dict[Kind, Callable[[int | None], Words]] = {
    Kind.INTEGER: _numbers(Kind.INTEGER),
    Kind.DECIMAL: _numbers(Kind.DECIMAL),
    Kind.MONEY: _numbers(Kind.MONEY),
    Kind.PERCENT: _numbers(Kind.PERCENT),
    Kind.HOURS: _hours,
    Kind.DATE: _days,
    Kind.MOMENT: _moments,
    Kind.YES_NO: _yes_no,
}


class Cell(NamedTuple):
    words: str
    is_number: bool


def in_cells(table: Table) -> Table:
    """The same table with every value in words, for paper, where nothing sorts or links."""
    says = [(words_of(column.kind, column.decimals), column.kind.is_number) for column in table.columns]
    rows = [[Cell(say(value), right) for value, (say, right) in zip(row, says, strict=True)] for row in table.rows]
    return table.with_rows(rows)
