"""The fast cells of a column against the careful ones, and both against what two readers find in the file."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from pd_tracker.sheets.table import Column, Kind, Table
from pd_tracker.sheets.writing import rows as writing_rows
from pd_tracker.sheets.writing import write_workbook
from pd_tracker.sheets.writing.cells import shown_as
from pd_tracker.sheets.writing.rows import ColumnCells, plain_texts
from pd_tracker.sheets.writing.values import excel_value

WEST = timezone(timedelta(hours=-11))
TRICKY_TEXTS = [
    "=1+1", "a|b", "|", " a", "a ", " ", "", "a\nb", "\t", "\r\n", "_x0041_", "_x", "a & b", "<f>1</f>", "]]>", "\x00",
    "\x7f", "\ud800", "\ufffe", "\u00a0a", "é", "😀", "Zoë", "'=1", "-1", "x" * 32_767, "x" * 32_768, "😀" * 16_384,
]  # fmt: skip
TEXTS = st.sampled_from(TRICKY_TEXTS) | st.text(max_size=8) | st.text("abc |", max_size=4)
DAYS = st.dates() | st.dates(date(1900, 2, 20), date(1900, 3, 10))
MOMENTS = st.datetimes(timezones=st.none() | st.just(UTC) | st.just(WEST)) | st.datetimes(
    datetime(1900, 2, 28), datetime(1900, 3, 2)
)
INTEGERS = st.integers() | st.integers(10**15 - 2, 10**15 + 2) | st.integers(-(10**15) - 2, -(10**15) + 2)
SORTS = [
    TEXTS, DAYS, MOMENTS, INTEGERS, st.floats(), st.decimals(), st.booleans(), st.times(), st.timedeltas(),
    INTEGERS | st.floats(), st.lists(TEXTS, max_size=3), st.floats(-1e6, 1e6), st.text("abcé&<>| ", max_size=5),
]  # fmt: skip
COLUMNS_OF_VALUES = st.sampled_from(SORTS).flatmap(
    lambda sort: st.lists(st.none() | sort, min_size=1, max_size=12)
) | st.lists(st.one_of(st.none(), *SORTS), min_size=1, max_size=6)


def style_of(number_format: str) -> int:
    return sum(map(ord, number_format))


def cells_of(cells: tuple[str, list[Sequence[Any]]], values: Sequence[Any]) -> list[str]:
    slot, filling = cells
    return [slot % contents for contents in zip(*filling, strict=True)] if filling else [slot] * len(values)


def understood(cell: str) -> Any:
    """A cell as a reader takes it: attributes, and text or number."""
    if not cell:
        return None
    element = fromstring(cell)
    number = element.findtext("v")
    return element.attrib, element.findtext("is/t") if number is None else float(number)


@given(COLUMNS_OF_VALUES, st.sampled_from(Kind))
def test_fast_cells_are_the_careful_cells(values, kind):
    column = ColumnCells(Column("a", "A", kind), "C", style_of)
    numbers = [str(number) for number in range(2, len(values) + 2)]
    fast, careful = (
        cells_of(column.cells(values, numbers), values),
        cells_of(column.careful_cells(values, numbers), values),
    )
    assert list(map(understood, fast)) == list(map(understood, careful))


@pytest.mark.parametrize("texts", [["Anne", None, "Zoë & Co"], ["", "<b>"], ["x" * 16_383, "y" * 16_383]])
def test_plain_texts_are_not_cleaned_one_by_one(texts):
    escaped = [(text or "").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") for text in texts]
    assert plain_texts(texts) == escaped


def written(columns: Sequence[Column], rows: Sequence[Sequence[Any]]) -> io.BytesIO:
    file = io.BytesIO()
    write_workbook([Table("t", "T", tuple(columns), iter(rows))], file)
    file.seek(0)
    return file


READABLE_SORTS = [  # days and moments are tried in columns of every kind that does not show numbers as days
    TEXTS, st.dates(), st.datetimes(), INTEGERS, st.floats(), st.decimals(allow_nan=False), st.booleans(),
    st.times(), st.timedeltas(timedelta(0), timedelta(days=900)),
]  # fmt: skip


@given(
    st.sampled_from(READABLE_SORTS).flatmap(lambda sort: st.lists(sort | st.none(), min_size=1, max_size=8)),
    st.sampled_from([kind for kind in Kind if kind not in (Kind.DATE, Kind.MOMENT)]),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_two_readers_find_what_the_value_becomes(values, kind):
    column = Column("value", "Value", kind)
    file = written([Column("row", "Row", Kind.INTEGER), column], list(enumerate(values)))
    sheet = openpyxl.load_workbook(file).active
    file.seek(0)
    other = list(CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).iter_rows())
    assert len(other) == len(values) + 1
    for (number, cell), seen, value in zip(sheet.iter_rows(min_row=2), other[1:], values, strict=True):
        content = excel_value(value, kind)
        assert seen[0] == number.value
        if isinstance(content, str):
            assert (cell.value, cell.data_type) == (content, "s")
            assert seen[1] == content.replace("_x005F_", "_")
        elif isinstance(content, int | float | Decimal):
            assert cell.data_type == "n"
            assert float(cell.value) == float(content) == float(seen[1])
        elif content is None:
            assert cell.value is None
            assert seen[1:] in ([], [""])
        else:
            assert cell.data_type == "d"
            assert cell.number_format == shown_as(content, column)
            assert near(cell.value, content)
            assert near(seen[1], content)


def near(found: Any, content: date | time | timedelta) -> bool:
    """The same moment, as far as Excel keeps the parts of a second."""
    return abs(seconds(found) - seconds(content)) < 1e-2


def seconds(value: Any) -> float:
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, time):
        return timedelta(
            hours=value.hour, minutes=value.minute, seconds=value.second, microseconds=value.microsecond
        ) / (timedelta(seconds=1))
    moment = value if isinstance(value, datetime) else datetime.combine(value, time())
    return (moment - datetime(1900, 1, 1)).total_seconds()


def test_blocks_follow_one_another(monkeypatch):
    monkeypatch.setattr(writing_rows, "BLOCK_ROWS", 3)
    columns = [Column("n", "N", Kind.INTEGER), Column("text", "Text")]
    rows = [(number, f"row {number} & \n" if number % 2 else f"row {number}") for number in range(8)]
    sheet = openpyxl.load_workbook(written(columns, rows)).active
    assert [tuple(cell.value for cell in row) for row in sheet.iter_rows(min_row=2)] == rows


def test_a_sheet_ends_before_its_part_is_too_large_for_the_archive(monkeypatch):
    monkeypatch.setattr(writing_rows, "BLOCK_ROWS", 5)
    monkeypatch.setattr(writing_rows, "MOST_BYTES", 1_000)
    book = openpyxl.load_workbook(written([Column("n", "N", Kind.INTEGER)], [(number,) for number in range(700)]))
    assert len(book.sheetnames) > 2
    assert [cell.value for sheet in book for (cell,) in sheet.iter_rows(min_row=2)] == list(range(700))


@pytest.mark.parametrize("last", [(1,), (1, 2, 3)])
def test_a_row_of_another_length_is_a_mistake(last):
    with pytest.raises(ValueError, match="zip"):
        written([Column("a", "A"), Column("b", "B")], [(1, 2)] * 300 + [last])
