from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pd_tracker.sheets.reading import CellProblem, excel_date
from pd_tracker.sheets.reading.cells import clean_row
from pd_tracker.sheets.reading.wire import decode, decode_column, encode, encode_column


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        (99999.0, 99999),
        (0.5, 0.5),
        (-0.0, 0),
        (1e300, 1e300),
        (float("inf"), CellProblem.NUMBER_OUT_OF_RANGE),
        (float("nan"), CellProblem.NUMBER_OUT_OF_RANGE),
        (True, True),
        ("", None),
        ("  \n ", None),
        (" No ", "No"),
        ("0042", "0042"),
        ("N/A", "N/A"),
        ("-", "-"),
        ("a\x00b\x08c", "abc"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("\ufeffid", "id"),
        ("Jose\u0301", "José"),
        ("x" * 40_000, "x" * 32_767),
        (datetime(2024, 1, 2), date(2024, 1, 2)),
        (datetime(2024, 1, 2, 9, 59, 59, 999_600), datetime(2024, 1, 2, 10)),
        (datetime(2024, 1, 1, 23, 59, 59, 999_999), date(2024, 1, 2)),
        (datetime(9999, 12, 31, 23, 59, 59, 999_999), datetime(9999, 12, 31, 23, 59, 59)),
        (date(2024, 1, 2), date(2024, 1, 2)),
        (time(12, 29, 59, 999_999), time(12, 30)),
        (timedelta(hours=1.5), time(1, 30)),
        (timedelta(hours=30), "30:00"),
        (None, None),
    ],
)
def test_raw_values_become_clean_cells(raw, clean):
    (cell,) = clean_row([raw])
    assert cell == clean
    assert type(cell) is type(clean)


@pytest.mark.parametrize(
    ("serial", "day"),
    [
        (1, date(1900, 1, 1)),
        (59, date(1900, 2, 28)),
        (61, date(1900, 3, 1)),
        (45292, date(2024, 1, 1)),
        (45292.5, datetime(2024, 1, 1, 12)),
        (2_958_465, date(9999, 12, 31)),
    ],
)
def test_serial_numbers_are_days(serial, day):
    assert excel_date(serial) == day


def test_serial_numbers_of_the_1904_calendar():
    assert excel_date(43830, date1904=True) == date(2024, 1, 1)
    assert excel_date(0, date1904=True) == date(1904, 1, 1)


@pytest.mark.parametrize("serial", [0, -1, 2_958_466, float("nan"), float("inf")])
def test_other_numbers_are_no_days(serial):
    with pytest.raises(ValueError, match="is not a date"):
        excel_date(serial)


CELLS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(),
    st.dates(), st.datetimes(), st.times(), st.sampled_from(CellProblem),
)  # fmt: skip


@given(st.lists(CELLS))
def test_cells_cross_the_wire_unchanged(row):
    row = [cell.encode("utf-8", "ignore").decode() if isinstance(cell, str) else cell for cell in row]
    kind, column = decode(encode(["rows", encode_column(row)]))
    assert (kind, decode_column(column)) == ("rows", row)


def test_the_wire_carries_no_other_types():
    with pytest.raises((TypeError, KeyError)):
        encode([object()])
    with pytest.raises((TypeError, KeyError, ValueError)):
        decode(json.dumps({"os.system": "true"}).encode())


@pytest.mark.parametrize(
    "column", ['["", [[1]]]', '["", [NaN]]', '["", [1e999]]', '["date", [1]]', '["x", ["1"]]', "[1]"]
)
def test_a_column_of_anything_but_cells_is_refused(column):
    with pytest.raises((KeyError, TypeError, ValueError)):
        decode_column(decode(column.encode()))
