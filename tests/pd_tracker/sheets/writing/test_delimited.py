from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pd_tracker.sheets.reading.delimited import without_quote
from pd_tracker.sheets.table import Column, Kind, Table
from pd_tracker.sheets.writing import write_csv
from pd_tracker.sheets.writing.delimited import csv_field
from tests.pd_tracker.sheets.books import cells, read_all
from tests.pd_tracker.sheets.writing.test_workbook import COLUMNS, ROW, TRIGGERS


def written(table: Table) -> bytes:
    file = io.BytesIO()
    write_csv(table, file)
    return file.getvalue()


def test_plain_values_under_their_labels():
    lines = written(Table("people", "People", COLUMNS, [ROW])).decode("utf-8-sig").split("\r\n")
    assert lines == [
        "Staff ID,Name,Hired,Changed,Hours,Share,Cost,Count,Rate,Done",
        "0042,'=Anne,2024-02-29,2024-02-29 08:30,1.5,0.25,12.50,7,0.1239,Yes",
        "",
    ]


def test_excel_sees_that_it_is_utf_8():
    table = Table("t", "T", (Column("a", "Año"),), [("Zoë",)])
    assert written(table) == b"\xef\xbb\xbf" + "Año\r\nZoë\r\n".encode()


def test_totals_and_notes_are_no_data():
    table = Table("t", "T", (Column("a", "A", Kind.INTEGER),), [(1,)], totals=(1,), note="Note")
    assert written(table).decode("utf-8-sig") == "A\r\n1\r\n"


@pytest.mark.parametrize("kind", list(Kind))
def test_text_that_would_be_calculated_is_guarded_in_every_column(kind):
    for text in TRIGGERS:
        guarded = csv_field(text, kind)
        assert guarded[0] not in "=+-@\t\r\n"


@pytest.mark.parametrize(
    ("value", "kind"), [(-1, Kind.INTEGER), (-0.5, Kind.HOURS), (Decimal("-2.50"), Kind.MONEY), (-1e-9, Kind.DECIMAL)]
)
def test_numbers_keep_their_minus_sign(value, kind):
    assert csv_field(value, kind).startswith("-")


def test_labels_are_guarded_too():
    assert written(Table("t", "T", (Column("a", "=A"),), [])).decode("utf-8-sig") == "'=A\r\n"


@given(st.text(st.sampled_from("'=+-@\t\n ax,\"")))
def test_reading_takes_exactly_the_guard_off(text):
    assert without_quote(csv_field(text, Kind.TEXT)) == text


@given(st.lists(st.tuples(st.text(), st.integers() | st.none(), st.dates()), max_size=20))
def test_a_csv_reader_gets_every_record(rows):
    columns = (Column("a", "A"), Column("b", "B", Kind.INTEGER), Column("c", "C", Kind.DATE))
    text = written(Table("t", "T", columns, iter(rows))).decode("utf-8-sig")
    found = list(csv.reader(io.StringIO(text, newline="")))[1:]
    assert [(number, day) for _, number, day in found] == [
        ("" if number is None else str(number), day.isoformat()) for _, number, day in rows
    ]


def test_our_own_reader_reads_it_back():
    rows = [("=1", "-"), ('a,"b"\nc', "0042")]
    table = Table("t", "T", (Column("a", "Staff ID"), Column("b", "Hours", Kind.ID)), rows)
    assert cells(read_all(written(table), "t.csv")[1]) == rows


def test_days_before_the_calendar_of_excel_are_plain():
    assert csv_field(date(1815, 12, 10), Kind.DATE) == "1815-12-10"
