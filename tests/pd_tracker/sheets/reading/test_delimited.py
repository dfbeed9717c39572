from __future__ import annotations

import codecs
import io
import tracemalloc

import pytest

from pd_tracker.sheets.reading import CellProblem, Place, Unreadable, open_sheet
from tests.pd_tracker.sheets.books import WANTED, cells, read_all

ROWS = "Staff ID{0}Hours{0}Name\r\n0042{0}1.5{0}José Muñoz\r\n\r\n0043{0}2{0}Zoë\r\n"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_delimiters_and_alphabets_are_found(delimiter, encoding):
    sheet, rows = read_all(ROWS.format(delimiter).encode(encoding), "roster 2025.csv")
    assert (sheet.name, sheet.header_row, sheet.headings) == ("roster 2025", 1, ("Staff ID", "Hours", "Name"))
    assert cells(rows) == [("0042", "1.5", "José Muñoz"), ("0043", "2", "Zoë")]
    assert [row.place for row in rows] == [Place("roster 2025", 2), Place("roster 2025", 4)]


def test_decimal_commas_do_not_make_a_comma_table():
    _, rows = read_all(b"Staff ID;Hours;FTE\n1;1,5;0,5\n2;2,25;1,0\n", "a.csv")
    assert cells(rows) == [("1", "1,5", "0,5"), ("2", "2,25", "1,0")]


def test_commas_in_unknown_headings_still_make_a_table():
    sheet, rows = read_all(b'Nr,"Nom, prenom",Jours\n1,"Lee, Anne",3\n', "a.csv")
    assert sheet.headings == ("Nr", "Nom, prenom", "Jours")
    assert cells(rows) == [("1", "Lee, Anne", "3")]


def test_a_declared_delimiter_is_believed_and_is_no_row():
    sheet, rows = read_all(b"sep=;\r\nStaff ID;Hours\r\n1;2\r\n", "a.csv")
    assert (sheet.header_row, rows[0].place.row, rows[0].cells) == (1, 2, ("1", "2"))


def test_banner_rows_and_line_breaks_inside_quotes():
    sheet, rows = read_all(b'Export of 1 July\n\n"Staff\nID","Hours"\n"1","two\nlines"\n2,3\n', "a.csv")
    assert (sheet.header_row, sheet.headings) == (3, ("Staff ID", "Hours"))
    assert cells(rows) == [("1", "two\nlines"), ("2", "3")]
    assert [row.place.row for row in rows] == [4, 5]


def test_one_column_is_a_table():
    sheet, rows = read_all(b"Staff ID\n0001\n0002\n", "ids.csv", wanted={"staff_id"})
    assert sheet.headings == ("Staff ID",)
    assert cells(rows) == [("0001",), ("0002",)]


def test_short_rows_are_filled_and_blank_extras_dropped():
    _, rows = read_all(b"Staff ID,Hours,Email\n1\n2,3,x@y.example,,  ,\n,,\n", "a.csv")
    assert cells(rows) == [("1", None, None), ("2", "3", "x@y.example")]


def test_a_row_out_of_step_is_not_trusted():
    _, rows = read_all(b"Staff ID,Hours\n1,Lee, Anne\n2,3\n", "a.csv")
    assert cells(rows) == [(CellProblem.TOO_MANY_VALUES,) * 2, ("2", "3")]


def test_the_apostrophe_that_guards_against_formulas_is_taken_off_again():
    _, rows = read_all(b"Staff ID,Hours\n'=1+1,'-\n''=x,'tis\n", "a.csv")
    assert cells(rows) == [("=1+1", "-"), ("'=x", "'tis")]


def test_nul_and_control_characters_are_left_out():
    text = "Staff ID,Hours\n" + "1,2\n" * 20_000 + "a\x00\x08b,3\n"
    assert cells(read_all(text.encode(), "a.csv")[1])[-1] == ("ab", "3")


@pytest.mark.parametrize("text", [b'Staff ID,Hours\n1,"2\n3,4\n', b'Staff ID,Hours\n1,"2"x\n3,4\n'])
@pytest.mark.parametrize("rows_before", [0, 100])
def test_a_stray_quotation_mark_is_named_with_its_row(text, rows_before):
    heading, rest = text.split(b"\n", 1)
    with pytest.raises(Unreadable, match=rf"Row {rows_before + 2} or .* stray quotation mark\. Correct it"):
        read_all(heading + b"\n" + b"1,2\n" * rows_before + rest, "a.csv")


def test_a_file_read_to_its_end_is_closed():
    sheet = open_sheet(io.BytesIO(b"Staff ID,Hours\n1,2\n"), "a.csv", WANTED)
    assert len(list(sheet.rows)) == 1
    assert sheet.close.__self__.closed


def test_an_unknown_alphabet_is_refused():
    with pytest.raises(Unreadable, match="CSV UTF-8"):
        read_all(b"Staff ID,Hours\n1,\x81\n", "a.csv")
    with pytest.raises(Unreadable, match="CSV UTF-8"):
        read_all(codecs.BOM_UTF8 + b"Staff ID,Hours\n1,\xe9\n", "a.csv")


def test_repeated_wanted_headings_are_refused():
    with pytest.raises(Unreadable, match="more than once in row 1"):
        read_all(b"Staff ID,staff_id\n1,2\n", "a.csv")


def test_more_rows_than_allowed_are_refused(monkeypatch):
    monkeypatch.setattr("pd_tracker.sheets.reading.delimited.MAX_ROWS", 3)
    assert len(read_all(b"Staff ID,Hours\n" + b"1,2\n" * 3, "a.csv")[1]) == 3
    with pytest.raises(Unreadable, match="more than 200,000 rows"):
        read_all(b"Staff ID,Hours\n" + b"1,2\n" * 4, "a.csv")


def test_the_name_does_not_decide_what_a_file_is():
    assert read_all(b"Staff ID,Hours\n1,2\n", "really.xlsx")[0].name == "really"


@pytest.mark.slow
def test_rows_stream_without_being_held():
    file = io.BytesIO(b"Staff ID,Hours\n" + b"000001,some text that takes room\n" * 50_000)
    tracemalloc.start()
    with open_sheet(file, "a.csv", WANTED) as sheet:
        tracemalloc.reset_peak()
        before, _ = tracemalloc.get_traced_memory()
        count = sum(1 for _ in sheet.rows)
        _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (count, peak - before < 2**20) == (50_000, True)
