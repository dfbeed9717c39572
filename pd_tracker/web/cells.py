"""Values in words: how each kind of column is shown on a page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from pd_tracker.sheets.charts import number
from pd_tracker.sheets.table import Column, Kind

NOTHING = "–"


def in_words(value: Any, kind: Kind = Kind.TEXT, decimals: int | None = None) -> str:
    if value is None or value == "":
        return NOTHING
    return SHOWN.get(kind, _as_text)(value, decimals)


def cell(value: Any, column: Column) -> str:
    return in_words(value, column.kind, column.decimals)


def _as_text(value: Any, decimals: int | None) -> str:
    return str(value)


def _as_number(kind: Kind) -> Callable[[Any, int | None], str]:
    return lambda value, decimals: number(value, kind, decimals)


def _as_hours(value: Any, decimals: int | None) -> str:
    """Rounded down: nobody is shown an hour they do not have."""
    places = 1 if decimals is None else decimals
    floored = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), rounding=ROUND_FLOOR)
    return number(floored, Kind.HOURS, places)


def _as_day(value: date, decimals: int | None) -> str:
    return date_format(value, pgettext("date format", "M j, Y"))


def _as_moment(value: datetime, decimals: int | None) -> str:
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return date_format(local, pgettext("moment format", "M j, Y, g:i A T")).rstrip()


def _as_yes_no(value: Any, decimals: int | None) -> str:
    return _("Yes") if value else _("No")


SHOWN: dict[Kind, Callable[[Any, int | None], str]] = {
    Kind.INTEGER: _as_number(Kind.INTEGER),
    Kind.DECIMAL: _as_number(Kind.DECIMAL),
    Kind.MONEY: _as_number(Kind.MONEY),
    Kind.PERCENT: _as_number(Kind.PERCENT),
    Kind.HOURS: _as_hours,
    Kind.DATE: _as_day,
    Kind.MOMENT: _as_moment,
    Kind.YES_NO: _as_yes_no,
}
