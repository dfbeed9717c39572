"""Numbers and intervals in the words every report uses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from pd_tracker.reports.estimators.rates import exact_bound
from pd_tracker.sheets.charts import number
from pd_tracker.sheets.table import Kind
from teachers.rules.periods import Year


def count(value: float) -> str:
    return number(value, Kind.INTEGER)


def percent(share: float, decimals: int = 0) -> str:
    return number(share, Kind.PERCENT, decimals)


def points(share: float) -> str:
    """A difference of shares in points, without its sign."""
    return number(abs(share) * 100, Kind.DECIMAL, 1)


def decimal(value: float, decimals: int = 1) -> str:
    return number(value, Kind.DECIMAL, decimals)


def day(value: date) -> str:
    return date_format(value, pgettext("date format", "M j, Y"))


def year_label(start: int) -> str:
    return Year(int(start)).label


def year_range(starts: Sequence[int]) -> str:
    first, last = year_label(min(starts)), year_label(max(starts))
    return first if first == last else _("{first} to {last}").format(first=first, last=last)


def exact_sentence(left: int, total: int) -> str | None:
    """What nobody or everybody leaving a small group is still compatible with; None for any other count."""
    bound = exact_bound(left, total)
    if bound is None:
        return None
    words = (
        _("{left} of {total} left; a true rate down to {bound} is compatible.")
        if left
        else _("{left} of {total} left; a true rate up to {bound} is compatible.")
    )
    return words.format(left=count(left), total=count(total), bound=percent(bound, 1))
