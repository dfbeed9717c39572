from __future__ import annotations

import json
import math
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pd_tracker.sheets.table import Kind
from pd_tracker.sheets.writing import as_json_value
from pd_tracker.sheets.writing.values import MAX_TEXT_UNITS, excel_value, text_value

CHICAGO = datetime(2024, 7, 1, 21, 30, tzinfo=ZoneInfo("America/Chicago"))


class Color(StrEnum):
    RED = "red"


class Lazy:
    def __str__(self) -> str:
        return "translated"


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        (None, Kind.TEXT, None),
        ("", Kind.TEXT, None),
        ("=1+1", Kind.TEXT, "=1+1"),
        ("a\x00b\x0b", Kind.TEXT, "ab"),
        ("a\r\nb", Kind.TEXT, "a\nb"),
        ("_x0041_", Kind.TEXT, "_x005F_x0041_"),
        (Lazy(), Kind.TEXT, "translated"),
        (Color.RED, Kind.TEXT, "red"),
        (["a", 2], Kind.TEXT, "a; 2"),
        (7, Kind.ID, "7"),
        ("0007", Kind.ID, "0007"),
        (10**15, Kind.INTEGER, "1000000000000000"),
        (float("nan"), Kind.HOURS, None),
        (float("-inf"), Kind.HOURS, None),
        (Decimal("NaN"), Kind.MONEY, None),
        (Decimal("1.50"), Kind.MONEY, Decimal("1.50")),
        (np.int64(3), Kind.INTEGER, 3),
        (np.float64("nan"), Kind.PERCENT, None),
        (True, Kind.YES_NO, "Yes"),
        (False, Kind.YES_NO, "No"),
        (CHICAGO, Kind.MOMENT, datetime(2024, 7, 1, 21, 30)),
        (CHICAGO, Kind.DATE, date(2024, 7, 1)),
        (date(1900, 2, 28), Kind.DATE, "1900-02-28"),
        (date(1900, 3, 1), Kind.DATE, date(1900, 3, 1)),
        (datetime(1815, 12, 10, 8), Kind.MOMENT, "1815-12-10 08:00"),
        (time(9, 30, tzinfo=UTC), Kind.TEXT, time(9, 30)),
        (timedelta(hours=30), Kind.TEXT, timedelta(hours=30)),
    ],
)
def test_values_for_excel(value, kind, expected):
    found = excel_value(value, kind)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        (None, Kind.TEXT, ""),
        (Decimal("1E+3"), Kind.MONEY, "1000"),
        (Decimal("-0.50"), Kind.MONEY, "-0.50"),
        (0.1, Kind.PERCENT, "0.1"),
        (date(2024, 7, 1), Kind.DATE, "2024-07-01"),
        (CHICAGO, Kind.MOMENT, "2024-07-01 21:30"),
        (float("inf"), Kind.HOURS, ""),
        ("a\x00b", Kind.TEXT, "ab"),
    ],
)
def test_values_as_text(value, kind, expected):
    assert text_value(value, kind) == expected


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        (None, Kind.DATE, None),
        ("", Kind.TEXT, None),
        ("0042", Kind.ID, "0042"),
        (42, Kind.ID, "42"),
        (Decimal("12.50"), Kind.MONEY, 12.5),
        (Decimal(3), Kind.INTEGER, 3),
        (np.float64(0.25), Kind.PERCENT, 0.25),
        (float("nan"), Kind.PERCENT, None),
        (True, Kind.YES_NO, True),
        (date(2024, 7, 1), Kind.DATE, "2024-07-01"),
        (CHICAGO, Kind.MOMENT, "2024-07-01T21:30:00-05:00"),
        (CHICAGO, Kind.DATE, "2024-07-01"),
        (("a", Lazy()), Kind.TEXT, ["a", "translated"]),
        (Lazy(), Kind.TEXT, "translated"),
    ],
)
def test_values_for_json(value, kind, expected):
    found = as_json_value(value, kind)
    assert found == expected
    assert type(found) is type(expected)
    json.dumps(found, allow_nan=False)


@pytest.mark.parametrize("letter", ["x", "😀", "é"])
def test_text_too_long_is_cut_visibly_and_by_excels_own_count(letter):
    units = len(letter.encode("utf-16-le")) // 2
    longest = letter * (MAX_TEXT_UNITS // units)
    assert excel_value(longest, Kind.TEXT) == longest
    cut = excel_value(longest + letter, Kind.TEXT)
    assert cut.endswith(letter + " … [cut]")
    assert MAX_TEXT_UNITS - 1 <= len(cut.encode("utf-16-le")) // 2 <= MAX_TEXT_UNITS


ANYTHING = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.decimals(), st.text(), st.dates(), st.times(),
    st.datetimes(timezones=st.none() | st.just(UTC) | st.just(timezone(timedelta(hours=-11)))), st.timedeltas(),
    st.lists(st.text()),
)  # fmt: skip


@given(ANYTHING, st.sampled_from(Kind))
def test_no_value_fails(value, kind):
    json.dumps(as_json_value(value, kind), allow_nan=False)
    assert isinstance(text_value(value, kind), str)
    found = excel_value(value, kind)
    if isinstance(found, float):
        assert math.isfinite(found)
    if isinstance(found, datetime | time):
        assert found.tzinfo is None
