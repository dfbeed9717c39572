from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone, translation

from pd_tracker.sheets.table import Column, Kind
from pd_tracker.web.cells import NOTHING, cell, in_words


@pytest.mark.parametrize(
    ("value", "kind", "words"),
    [
        ("Reading", Kind.TEXT, "Reading"),
        ("0042", Kind.ID, "0042"),
        (1234567, Kind.INTEGER, "1,234,567"),
        (0, Kind.INTEGER, "0"),
        (Decimal("12.5"), Kind.HOURS, "12.5"),
        (Decimal(-12), Kind.MONEY, "-$12.00"),
        (1234.5, Kind.MONEY, "$1,234.50"),
        (0.8236, Kind.PERCENT, "82.4%"),
        (-0.0001, Kind.PERCENT, "0.0%"),
        (3.14159, Kind.DECIMAL, "3.14"),
        (date(2026, 10, 3), Kind.DATE, "Oct 3, 2026"),
        (True, Kind.YES_NO, "Yes"),
        (False, Kind.YES_NO, "No"),
        (None, Kind.YES_NO, NOTHING),
        (None, Kind.HOURS, NOTHING),
        ("", Kind.TEXT, NOTHING),
        (float("nan"), Kind.DECIMAL, "–"),
    ],
)
def test_each_kind_has_its_words(value: Any, kind: Kind, words: str) -> None:
    assert in_words(value, kind) == words


@pytest.mark.parametrize(("hours", "shown"), [("11.99", "11.9"), ("12", "12.0"), ("1999.96", "1,999.9")])
def test_hours_are_never_rounded_up(hours: str, shown: str) -> None:
    assert in_words(Decimal(hours), Kind.HOURS) == shown


def test_a_moment_is_told_in_the_readers_zone() -> None:
    with timezone.override("America/Chicago"):
        assert in_words(datetime(2026, 10, 3, 19, 5, tzinfo=UTC), Kind.MOMENT) == "Oct 3, 2026, 2:05 PM CDT"


def test_a_columns_own_decimals_win() -> None:
    assert cell(2.5, Column("x", "X", Kind.DECIMAL, decimals=0)) == "2"


def test_numbers_stay_as_they_are_written_here_in_spanish() -> None:
    with translation.override("es"):
        assert in_words(1234.5, Kind.HOURS) == "1,234.5"
