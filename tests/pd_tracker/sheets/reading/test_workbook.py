"""Honest workbooks, as they are."""

from __future__ import annotations

import io
import tracemalloc
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest

from pd_tracker.sheets.reading import CellProblem, Place, Unreadable, excel_date, open_sheet, shapes
from pd_tracker.sheets.reading.child import safe_messages
from pd_tracker.sheets.reading.workbook import block_of
from tests.pd_tracker.sheets.books import HEADER, WANTED, book_of, cells, made_book, raw_book, read_all, saved


def test_rows_know_their_sheet_and_row_number():
    sheet, rows = read_all(book_of(("Staff ID", "Hours"), ("0042", 3), (None, None), ("0043", 4.5)))
    assert (sheet.name, sheet.header_row, sheet.headings, sheet.date1904) == ("Sheet", 1, ("Staff ID", "Hours"), False)
    assert [row.place for row in rows] == [Place("Sheet", 2), Place("Sheet", 4)]
    assert cells(rows) == [("0042", 3), ("0043", 4.5)]


def test_a_title_sheet_and_banner_rows_are_passed_over():
    def fill(book: openpyxl.Workbook) -> None:
        book.active.title = "Title"
        book.active["A1"] = "Unduplicated counts of the district"
        book.active["A3"] = "Staff ID and hours are on the next sheet"
        data = book.create_sheet("Data 2025")
        data["B2"] = "Report of 1 July"
        data.merge_cells("B2:D2")
        for column, heading in zip("BCD", ["Staff \nID", "E-mail\n", "Total\nhours"], strict=True):
            data[f"{column}4"] = heading
        data["B6"], data["D6"] = "0001", 12
        notes = book.create_sheet("Notes")
        notes["A1"] = "Hours are whole hours."

    sheet, rows = read_all(made_book(fill), wanted={"staff_id", "total_hours"})
    assert (sheet.name, sheet.header_row) == ("Data 2025", 4)
    assert sheet.headings == ("Staff ID", "E-mail", "Total hours")
    assert rows[0].place == Place("Data 2025", 6)
    assert cells(rows) == [("0001", None, 12)]


def test_unknown_headings_are_still_offered():
    sheet, rows = read_all(
        book_of(("List of staff",), (), ("Numéro", "Nom", "Jours"), ("1", "Anne", 3), ("2", "Luc", 4))
    )
    assert (sheet.header_row, sheet.headings) == (3, ("Numéro", "Nom", "Jours"))
    assert len(rows) == 2


def test_a_visible_sheet_wins_over_a_hidden_copy_with_more_headings():
    def fill(book: openpyxl.Workbook) -> None:
        old = book.active
        old.title, old.sheet_state = "Old", "hidden"
        old.append(("Staff ID", "Hours", "Email"))
        book.create_sheet("New").append(("Hours", "Staff ID"))

    assert read_all(made_book(fill))[0].name == "New"


def test_a_hidden_sheet_is_read_when_only_it_matches():
    def fill(book: openpyxl.Workbook) -> None:
        book.active.append(("Welcome", "to", "this", "file"))
        data = book.create_sheet("Data")
        data.append(("Staff ID", "Hours"))
        data.sheet_state = "veryHidden"

    assert read_all(made_book(fill))[0].name == "Data"


def test_values_keep_their_kind():
    values = ("0042", 99999, 0.25, True, date(2024, 2, 29), datetime(2024, 2, 29, 8, 30), time(12, 30), " x ", "N/A")
    _, rows = read_all(book_of(("Staff ID", "Hours", "c", "d", "e", "f", "g", "h", "i"), values))
    assert cells(rows) == [
        ("0042", 99999, 0.25, True, date(2024, 2, 29), datetime(2024, 2, 29, 8, 30), time(12, 30), "x", "N/A")
    ]


def test_trailing_blank_rows_columns_and_formats_are_no_rows():
    def fill(book: openpyxl.Workbook) -> None:
        book.active.append(("Staff ID", "Hours", None, None))
        book.active.append(("1", 2, None, "  "))
        book.active.append((" ", None, None, "a remark beside the table"))
        book.active["XFD900000"].font = openpyxl.styles.Font(bold=True)

    sheet, rows = read_all(made_book(fill))
    assert sheet.headings == ("Staff ID", "Hours")
    assert cells(rows) == [("1", 2)]


def test_formulas_give_their_saved_value_or_say_that_there_is_none():
    file = raw_book(
        HEADER
        + '<row r="2"><c r="A2" t="str"><f>T("x")</f><v>0042</v></c><c r="B2"><f>1+2</f><v>3</v></c></row>'
        + '<row r="3"><c r="A3"><v>7</v></c><c r="B3" s="0"><f>1+2</f></c></row>'
        + '<row r="4"><c r="A4" t="str"><f>""</f><v></v></c><c r="B4"><f t="shared" si="0"/><v></v></c></row>'
        + '<row r="5"><c r="A5"/><c r="B5"><f>A1&amp;"&lt;"</f><v/></c></row>'
    )
    _, rows = read_all(file)
    missing = CellProblem.FORMULA_WITHOUT_VALUE
    assert cells(rows) == [("0042", 3), (7, missing), (None, missing), (None, missing)]
    assert [row.place.row for row in rows] == [2, 3, 4, 5]
    assert str(missing) == "this cell holds a formula without a saved value; paste values and save again"


def test_a_workbook_that_a_library_wrote_has_formulas_without_values():
    _, rows = read_all(book_of(("Staff ID", "Hours"), ("1", "=1+1"), ("=A2", "=B2")))
    assert cells(rows) == [("1", CellProblem.FORMULA_WITHOUT_VALUE), (CellProblem.FORMULA_WITHOUT_VALUE,) * 2]


@pytest.mark.slow
def test_problems_are_marked_across_the_pieces_of_a_long_sheet():
    rows = "".join(
        f'<row r="{n}"><c r="A{n}"><v>{n}</v></c><c r="B{n}"><f>A{n}</f></c></row>' for n in range(2, 40_002)
    )
    _, found = read_all(raw_book(HEADER + rows))
    assert cells(found) == [(n, CellProblem.FORMULA_WITHOUT_VALUE) for n in range(2, 40_002)]


def test_error_values_are_problems_but_not_available_is_a_word():
    file = raw_book(
        HEADER
        + '<row r="2"><c r="A2" t="e"><v>#REF!</v></c><c r="B2" t="e"><f>NA()</f><v>#N/A</v></c></row>'
        + '<row r="3"><c r="A3"><v>1e999</v></c><c r="B3"><v>1</v></c></row>'
    )
    _, rows = read_all(file)
    assert cells(rows) == [(CellProblem.ERROR_VALUE, "#N/A"), (CellProblem.NUMBER_OUT_OF_RANGE, 1)]


def test_problems_stand_right_when_the_table_starts_further_right():
    file = raw_book(
        '<row r="3"><c r="C3" t="str"><v>Staff ID</v></c><c r="D3" t="str"><v>Hours</v></c></row>'
        '<row r="4"><c r="C4"><v>1</v></c><c r="D4"><f>1</f></c></row>'
    )
    assert cells(read_all(file)[1]) == [(1, CellProblem.FORMULA_WITHOUT_VALUE)]


def test_formulas_in_a_sheet_without_references_refuse_the_file():
    with pytest.raises(Unreadable, match="formulas without saved values"):
        read_all(raw_book("<row><c><f>1</f></c></row>"))


def test_prefixed_markup_is_searched_as_well():
    parts = '<x:row r="2"><x:c r="A2"><x:v>1</x:v></x:c><x:c r="B2"><x:f>1</x:f></x:c></x:row>'
    file = raw_book(
        HEADER + parts.replace("<x:row", '<x:row xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"')
    )
    assert cells(read_all(file)[1]) == [(1, CellProblem.FORMULA_WITHOUT_VALUE)]


def test_serial_numbers_and_the_1904_calendar():
    sheet, rows = read_all(
        raw_book(HEADER + '<row r="2"><c r="A2"><v>1</v></c><c r="B2"><v>43830</v></c></row>', date1904=True)
    )
    assert sheet.date1904
    assert excel_date(rows[0].cells[1], sheet.date1904) == date(2024, 1, 1)


def test_real_dates_of_the_1904_calendar_are_right():
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.active.append(("Staff ID", "Hours"))
    book.active.append(("1", date(2024, 5, 6)))
    assert cells(read_all(saved(book))[1]) == [("1", date(2024, 5, 6))]


def test_nul_written_as_an_escape_is_left_out():
    assert cells(read_all(book_of(("Staff ID", "Hours"), ("a_x0000_b", 1)))[1]) == [("ab", 1)]


def test_a_repeated_wanted_heading_is_refused():
    with pytest.raises(Unreadable, match="“Hours” stands more than once in row 1"):
        read_all(book_of(("Staff ID", "Hours", "HOURS"), ("1", 2, 3)))


def test_a_workbook_without_any_value_is_refused():
    with pytest.raises(Unreadable, match="has no rows"):
        read_all(saved(openpyxl.Workbook()))


def test_a_path_is_read_like_a_file(tmp_path):
    path = tmp_path / "roster.bin"
    path.write_bytes(book_of(("Staff ID", "Hours"), ("1", 2)).getvalue())
    with open_sheet(path, "roster.xlsx", WANTED) as sheet:
        assert len(list(sheet.rows)) == 1


def test_the_file_given_may_be_closed_before_the_rows_are_read():
    file = book_of(("Staff ID", "Hours"), ("1", 2))
    file.seek(7)
    with open_sheet(file, "roster.xlsx", WANTED) as sheet:
        file.close()
        assert cells(list(sheet.rows)) == [("1", 2)]


def long_book(rows: int) -> io.BytesIO:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(["Staff ID", "Hours"] + [f"Column {n}" for n in range(10)])
    for number in range(rows):
        sheet.append([f"{number:06}", number, *("some text that takes room", 1.5) * 5])
    return saved(book)


def test_leaving_early_ends_the_child():
    with open_sheet(long_book(5_000), "long.xlsx", WANTED) as sheet:
        next(sheet.rows)
        process = sheet.blocks.child.process
        assert process.returncode is None
    assert process.returncode is not None
    assert list(sheet.blocks) == []


def test_a_forgotten_sheet_ends_its_child():
    sheet = open_sheet(long_book(5_000), "long.xlsx", WANTED)
    process = sheet.blocks.child.process
    del sheet
    assert process.returncode is not None


def test_reading_to_the_end_ends_the_child():
    sheet = open_sheet(book_of(("Staff ID", "Hours"), ("1", 2)), "a.xlsx", WANTED)
    process = sheet.blocks.child.process
    assert len(list(sheet.rows)) == 1
    assert process.returncode is not None


@pytest.mark.slow
def test_rows_stream_without_being_held():
    file = long_book(20_000)
    tracemalloc.start()
    with open_sheet(file, "long.xlsx", WANTED) as sheet:
        tracemalloc.reset_peak()
        before, _ = tracemalloc.get_traced_memory()
        count = sum(1 for _ in sheet.rows)
        _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 20_000
    assert peak - before < 4 * 2**20  # all rows held at once take many times as much


def test_more_rows_than_allowed_are_refused_after_the_allowed_ones(monkeypatch):
    monkeypatch.setattr("pd_tracker.sheets.reading.child.MAX_ROWS", 3)
    messages = list(safe_messages(book_of(("Staff ID", "Hours"), *[("1", 2)] * 4), ["staff_id", "hours"]))
    assert messages[-1][0] == "refused"
    assert f"more than {shapes.MAX_ROWS:,} rows. Split it" in messages[-1][1]


def test_exactly_as_many_rows_as_allowed_are_read(monkeypatch):
    monkeypatch.setattr("pd_tracker.sheets.reading.child.MAX_ROWS", 3)
    kinds = [kind for kind, _ in safe_messages(book_of(("Staff ID", "Hours"), *[("1", 2)] * 3), ["staff_id", "hours"])]
    assert kinds == ["sheet", "rows", "end"]


def test_the_child_starts_without_django_and_without_our_secrets(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "must not travel")
    with open_sheet(long_book(5_000), "long.xlsx", WANTED) as sheet:
        pid = sheet.blocks.child.process.pid
        environment = Path(f"/proc/{pid}/environ").read_bytes()
        maps = Path(f"/proc/{pid}/maps").read_text()
    assert b"must not travel" not in environment
    assert "python_calamine" in maps
    assert "django" not in maps


@pytest.mark.parametrize(
    "block",
    [
        None,
        [[2]],
        [[2], [["", ["1"]]]],
        [[2], [["", ["1"]], ["", []]]],
        [["2"], [["", ["1"]], ["", [1]]]],
        [2, [["", ["1"]]]],
    ],
)
def test_what_the_child_says_is_checked(block):
    with pytest.raises(Unreadable, match="damaged"):
        block_of(block, 2)
