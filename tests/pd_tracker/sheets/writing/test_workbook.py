"""Our own workbooks, read back cell by cell by two readers."""

from __future__ import annotations

import io
import subprocess
import tracemalloc
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from shutil import which
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from pd_tracker.sheets.charts import BarChart, Value
from pd_tracker.sheets.table import Column, Kind, Table
from pd_tracker.sheets.writing import workbook, write_workbook
from pd_tracker.sheets.writing.names import sheet_name
from tests.pd_tracker.sheets.books import cells, read_all

TRIGGERS = [
    "=1+1", '=HYPERLINK("http://x","y")', "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)",
    "\t=1", "\r=1", "#N/A", "#REF!", "=", "%=1",
]  # fmt: skip

COLUMNS = (
    Column("staff_id", "Staff ID", Kind.ID),
    Column("name", "Name"),
    Column("hired_on", "Hired", Kind.DATE),
    Column("changed_at", "Changed", Kind.MOMENT),
    Column("hours", "Hours", Kind.HOURS),
    Column("share", "Share", Kind.PERCENT),
    Column("cost", "Cost", Kind.MONEY),
    Column("count", "Count", Kind.INTEGER),
    Column("rate", "Rate", Kind.DECIMAL, decimals=3),
    Column("done", "Done", Kind.YES_NO),
)
ROW = (
    "0042", "=Anne", date(2024, 2, 29), datetime(2024, 2, 29, 8, 30, tzinfo=UTC),
    1.5, 0.25, Decimal("12.50"), 7, 0.1239, True,
)  # fmt: skip
READ = ("0042", "=Anne", date(2024, 2, 29), datetime(2024, 2, 29, 8, 30), 1.5, 0.25, 12.5, 7, 0.1239, "Yes")
FORMATS = ["@", "General", "yyyy-mm-dd", "yyyy-mm-dd hh:mm", "0.0", "0.0%", "#,##0.00", "0", "0.000", "General"]


def written(*tables: Table, **options: Any) -> io.BytesIO:
    file = io.BytesIO()
    write_workbook(tables, file, **options)
    file.seek(0)
    return file


def opened(*tables: Table, **options: Any) -> openpyxl.Workbook:
    return openpyxl.load_workbook(written(*tables, **options))


def one_column(values: Sequence[Any], kind: Kind = Kind.TEXT) -> Table:
    return Table("t", "T", (Column("value", "Value", kind),), [(value,) for value in values])


def test_real_values_with_the_format_of_their_kind():
    sheet = opened(Table("people", "People", COLUMNS, [ROW]))["People"]
    assert [cell.value for cell in sheet[1]] == [column.label for column in COLUMNS]
    read = [cell.value for cell in sheet[2]]
    assert [value.date() if place == 2 else value for place, value in enumerate(read)] == list(READ)
    assert [cell.number_format for cell in sheet[2]] == FORMATS


def test_our_own_reader_reads_it_back():
    sheet, rows = read_all(written(Table("people", "People", COLUMNS, [ROW, ROW])), wanted={"staff_id", "hours"})
    assert sheet.headings == tuple(column.label for column in COLUMNS)
    assert cells(rows) == [READ, READ]


def test_header_is_bold_filled_frozen_and_filters_the_rows_only():
    totals = ("Total", None, None, None, 3.0, None, None, 14, None, None)
    sheet = opened(Table("people", "People", COLUMNS, [ROW, ROW], totals=totals, note="As of 1 July."))["People"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:J3"
    assert all(cell.font.bold and cell.fill.fgColor.rgb == "00DDE6EE" for cell in sheet[1])
    assert [cell.value for cell in sheet[4]] == list(totals)
    assert sheet["E4"].font.bold
    assert (sheet["E4"].number_format, sheet["E4"].data_type) == ("0.0", "n")
    assert not sheet["E3"].font.bold
    assert (sheet["A5"].value, sheet["A6"].value) == (None, "As of 1 July.")
    assert sheet.print_title_rows == "$1:$1"


@pytest.mark.parametrize("kind", list(Kind))
def test_text_is_never_a_formula_or_an_error(kind):
    file = written(one_column(TRIGGERS, kind))
    found = [row[0] for row in openpyxl.load_workbook(file).active.iter_rows(min_row=2)]
    assert [cell.data_type for cell in found] == ["s"] * len(TRIGGERS)
    assert [cell.value for cell in found] == [text.replace("\r", "\n") for text in TRIGGERS]
    with zipfile.ZipFile(file) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


def test_labels_titles_and_notes_are_text_too():
    file = written(
        Table("t", "=1", (Column("a", "=2"),), [("=3",)], totals=("=4",), note="=5"), title="=6", creator="a\x00"
    )
    sheet = openpyxl.load_workbook(file).active
    assert [cell.data_type for (cell,) in sheet.iter_rows() if cell.value] == ["s"] * 4


def test_document_properties():
    properties = opened(one_column([1]), title="Summary", creator="Hill District").properties
    assert (properties.title, properties.creator) == ("Summary", "Hill District")


def test_widths_follow_the_content():
    columns = (Column("a", "A"), Column("b", "A much longer heading"), Column("c", "C"))
    sheet = opened(Table("t", "T", columns, [("short", "x", "y" * 500), ("fifteen letters", "x", "z")]))["T"]
    widths = [sheet.column_dimensions[letter].width for letter in "ABC"]
    assert widths == [17, 24, 60]


def test_sheet_names_are_valid_and_unique():
    tables = [Table(str(n), title, (Column("a", "A"),), []) for n, title in enumerate(
        ["By [school]: 2024/25?", "by  school   2024 25", "x" * 40, "X" * 40, "History", "'quoted'", "", ":::"]
    )]  # fmt: skip
    names = opened(*tables).sheetnames
    assert names == [
        "By school 2024 25", "by school 2024 25 (2)", "x" * 31, "X" * 27 + " (2)",
        "History (2)", "quoted", "6", "Sheet",
    ]  # fmt: skip


def test_no_sheet_name_is_taken_twice():
    taken: list[str] = []
    for _ in range(120):
        taken.append(sheet_name("A title that is far too long for a sheet", taken))
    assert len({name.casefold() for name in taken}) == 120
    assert max(map(len, taken)) <= 31


@pytest.mark.parametrize("count", [6, 7, 12, 13])
def test_rows_beyond_a_sheet_go_on_in_the_next(monkeypatch, count):
    monkeypatch.setattr(workbook, "EXCEL_ROWS", 10)
    rows = ((number,) for number in range(count))
    table = Table("t", "Detail", (Column("n", "Number", Kind.INTEGER),), rows, totals=(count,))
    book = opened(table)
    found = [[cell.value for (cell,) in sheet.iter_rows()] for sheet in book]
    expected = [list(range(count))[start : start + 6] for start in range(0, count, 6)]
    assert found == [["Number", *part, *([count] if part is expected[-1] else [])] for part in expected]
    assert book.sheetnames == ["Detail", "Detail (2)", "Detail (3)"][: len(expected)]


def test_an_empty_table_is_a_header():
    sheet = opened(Table("t", "T", COLUMNS, [], totals=(None,) * len(COLUMNS)))["T"]
    assert sheet.auto_filter.ref == "A1:J1"
    assert sheet.max_row >= 1


@pytest.mark.slow
def test_rows_stream_without_being_held():
    def rows() -> Iterator[tuple[str, int]]:
        for number in range(10_000):
            yield f"Some text that takes room and differs each time: {number}", number

    table = Table("t", "T", (Column("a", "A"), Column("b", "B", Kind.INTEGER)), rows())
    tracemalloc.start()
    write_workbook([one_column([1])], io.BytesIO())
    tracemalloc.reset_peak()
    before, _ = tracemalloc.get_traced_memory()
    file = written(table)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak - before < 1.5 * 2**20 + len(file.getvalue()) * 2


def test_an_unseekable_target_will_do():
    class Stream(io.RawIOBase):
        received = b""

        def writable(self) -> bool:
            return True

        def write(self, block: Any) -> int:
            self.received += bytes(block)
            return len(block)

    stream = Stream()
    write_workbook([one_column(["a"])], stream)
    assert openpyxl.load_workbook(io.BytesIO(stream.received)).active["A2"].value == "a"


SAFE_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
FAR_PAST, FAR_FUTURE = date(1901, 1, 1), date(9999, 12, 30)


@given(
    st.lists(
        st.tuples(
            SAFE_TEXT | st.sampled_from(TRIGGERS),
            st.integers(-(10**14), 10**14) | st.none(),
            st.floats(-1e12, 1e12) | st.none(),
            st.dates(FAR_PAST, FAR_FUTURE) | st.none(),
            st.booleans(),
        ),
        max_size=8,
    )
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_values_come_back_from_another_reader(rows):
    kinds = [Kind.TEXT, Kind.INTEGER, Kind.DECIMAL, Kind.DATE, Kind.YES_NO]
    columns = tuple(Column(kind.value, kind.value, kind) for kind in kinds)
    sheet = CalamineWorkbook.from_filelike(written(Table("t", "T", columns, rows))).get_sheet_by_index(0)
    found = list(sheet.iter_rows())[1:]
    assert len(found) == len(rows)
    for (text, whole, number, day, answer), cell in zip(rows, found, strict=True):
        assert cell[0] == readable(text)
        assert cell[1] == ("" if whole is None else whole)
        assert cell[2] == ("" if number is None else pytest.approx(number, rel=1e-14))
        assert cell[3] == ("" if day is None else day)
        assert cell[4] == ("Yes" if answer else "No")


def readable(text: str) -> str:
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(letter for letter in plain if letter in "\n\t" or (letter >= " " and letter not in "\ufffe\uffff"))


def test_control_characters_spoil_nothing_wherever_they_stand():
    everything = "".join(map(chr, range(32))) + "\ud800\ufffe\uffff=1+1"
    labels, values = (everything, everything), (Value(None), Value(1.0, 0.5, 2.0))
    charts = {"t": [BarChart(title=everything, labels=labels, values=values, unit=everything, description=everything)]}
    columns = (Column("a", everything), Column("n", everything, Kind.INTEGER))
    rows = [(everything, everything), (everything, 1)]
    table = Table("t", everything, columns, rows, totals=(everything, everything), note=everything)
    file = written(table, charts=charts, title=everything, creator=everything)
    sheet, data = openpyxl.load_workbook(file).worksheets
    texts = [cell for row in sheet.iter_rows() for cell in row if cell.value not in (None, 1)]
    assert {(cell.value, cell.data_type) for cell in texts} == {("\t\n\n=1+1", "s")}
    assert len(texts) == 8
    file.seek(0)
    assert CalamineWorkbook.from_filelike(file).sheet_names == ["=1+1", "Chart data"]
    assert {cell.data_type for row in data.iter_rows() for cell in row if isinstance(cell.value, str)} == {"s"}


@pytest.mark.office
@pytest.mark.slow
def test_libreoffice_shows_every_row(tmp_path):
    office = which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    empty = ("0043", " Anne & <b> ", *(None,) * (len(ROW) - 2))
    rows = [ROW, empty] * 600
    drawn = BarChart(title="Hours", labels=("=Anne",), values=(Value(1.5, 1.0, 2.0),), kind=Kind.HOURS)
    path = tmp_path / "people.xlsx"
    with path.open("wb") as file:
        totals = ("Total", *(None,) * 3, 900.0, *(None,) * 5)
        people = Table("people", "People", COLUMNS, iter(rows), totals, "As of 1 July.")
        write_workbook([people], file, charts={"people": [drawn]})
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    as_shown = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true"
    command = [office, "--headless", profile, "--convert-to", as_shown, "--outdir", tmp_path, path]
    subprocess.run(command, check=True, capture_output=True, timeout=110)
    lines = (tmp_path / "people.csv").read_text("utf-8").splitlines()
    assert lines[1:] == [
        "0042,=Anne,2024-02-29,2024-02-29 08:30,1.5,25.0%,12.50,7,0.124,Yes",
        "0043, Anne & <b> ,,,,,,,,",
    ] * 600 + ["Total,,,,900.0,,,,,", ",,,,,,,,,", "As of 1 July.,,,,,,,,,"]
