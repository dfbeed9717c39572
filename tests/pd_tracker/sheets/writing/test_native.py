"""Charts of Excel show the numbers of the page, by reference to cells, in every shape."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from itertools import pairwise
from shutil import which

import pytest

from pd_tracker.sheets.charts import BarChart, Curve, DotChart, LineChart, Series, ShareChart, StepChart, Value
from pd_tracker.sheets.table import Column, Kind, Table
from pd_tracker.sheets.writing import write_workbook
from tests.pd_tracker.sheets.writing.drawn import at, book_with, shown

YEARS = ("2021-22", "2022-23", "2023-24")
RATES = Table(
    "rates",
    "Rates",
    (
        Column("year", "School year"),
        Column("n", "Teachers", Kind.INTEGER),
        Column("district", "In the district", Kind.PERCENT),
        Column("school", "In the school", Kind.PERCENT),
    ),
    [(year, 100, 0.8 + 0.01 * place, 0.7) for place, year in enumerate(YEARS)],
)
HOURS = (Value(12.0, 10.0, 15.0), Value(3.0), Value(None))
BARS = BarChart(title="Hours", labels=("Hill", "Lake", "Mill"), values=HOURS, unit="hours", kind=Kind.HOURS)
LINES = LineChart(
    title="Still here",
    labels=YEARS,
    series=(
        Series("District", tuple(Value(row[2], row[2] - 0.02, row[2] + 0.03) for row in RATES.rows)),
        Series("School", tuple(Value(row[3]) for row in RATES.rows)),
    ),
    kind=Kind.PERCENT,
    from_zero=False,
)
SHARES = ShareChart(title="Shares", labels=("A", "B"), parts=("Stayed", "Left"), shares=((0.75, 0.25), (0.5, 0.5)))
DOTS = DotChart(
    title="Before and after",
    labels=("1 year before", "Year 0", "1 year later", "2 years later"),
    values=(Value(-0.1, -0.3, 0.1, -0.5, 0.3), Value(0.2, 0.1, 0.4, 0.0, 0.6), Value(0.0), Value(None)),
    unit="SD",
    decimals=2,
)
STEPS = StepChart(
    title="Still here by tenure",
    times=(1.0, 2.0, 3.0),
    curves=(
        Curve("Elementary", (Value(0.9, 0.8, 0.95), Value(0.8, 0.7, 0.9), Value(0.7, 0.6, 0.8)), (90, 70, 50)),
        Curve("High", (Value(0.85), Value(0.6), Value(None)), (40, 30, 0)),
    ),
    across="Tenure year",
)
ALL = {"rates": [BARS, LINES, SHARES, DOTS, STEPS]}


def drawn(chart, table=RATES):
    book = book_with([table], {table.key: [chart]})
    return book, book[table.title]._charts[0]


def approximately(ends):
    return [None if pair is None else pytest.approx(pair) for pair in ends]


def test_lines_refer_to_the_cells_of_the_table_and_carry_their_intervals():
    book, chart = drawn(LINES)
    district, school = chart.series
    assert district.val.numRef.f == "'Rates'!$C$2:$C$4"
    assert school.val.numRef.f == "'Rates'!$D$2:$D$4"
    assert district.cat.strRef.f == "'Rates'!$A$2:$A$4"
    first, second = shown(book, chart)
    assert (first["name"], second["name"]) == ("District", "School")
    assert first["ends"] == approximately([value.interval for value in LINES.series[0].values])
    assert "ends" not in second
    assert chart.y_axis.scaling.min <= 0.7
    assert book.sheetnames == ["Rates", "Chart data"]


def test_a_table_that_has_all_numbers_needs_no_chart_data():
    book, chart = drawn(LineChart(title="T", labels=YEARS, series=LINES.series[1:], kind=Kind.PERCENT))
    assert book.sheetnames == ["Rates"]
    assert chart.legend is None
    assert (chart.y_axis.scaling.min, chart.y_axis.numFmt.formatCode) == (0, "0%")


def test_bars_lie_with_the_first_on_top_and_a_missing_one_stays_empty():
    book, chart = drawn(BARS)
    (series,) = shown(book, chart)
    assert series["values"] == [12, 3, None]
    assert series["labels"] == ["Hill", "Lake", "Mill"]
    assert series["ends"] == [(10, 15), None, None]
    assert (chart.barDir, chart.x_axis.scaling.orientation) == ("bar", "maxMin")
    assert book["Chart data"]["A6"].value == "Numbers that only the chart “Hours” on sheet “Rates” needs."


def test_shares_are_stacked_to_a_whole():
    book, chart = drawn(SHARES)
    assert chart.grouping == "percentStacked"
    assert [(part["name"], part["values"]) for part in shown(book, chart)] == [
        ("Stayed", [0.75, 0.5]),
        ("Left", [0.25, 0.5]),
    ]


def test_dots_are_a_row_each_with_both_intervals_and_their_name():
    book, chart = drawn(DOTS)
    found = shown(book, chart)
    assert [row["name"] for row in found] == ["1 year before"] * 2 + ["Year 0"] * 2 + ["1 year later"] * 2
    assert [row["values"] for row in found[::2]] == [[-0.1], [0.2], [0]]
    assert [row.get("ends") for row in found[::2]] == [*map(approximately, ([(-0.3, 0.1)], [(0.1, 0.4)])), None]
    assert [row.get("ends") for row in found[1::2]] == [*map(approximately, ([(-0.5, 0.3)], [(0.0, 0.6)])), None]
    heights = [at(book, series.yVal.numRef.f) for series in chart.series[::2]]
    assert heights == [[4], [3], [2]]
    assert (chart.x_axis.scaling.min, chart.x_axis.scaling.max) == (-0.5, 0.75)
    assert chart.y_axis.crossesAt == 0


def test_dots_refer_to_the_table_in_whatever_order_it_has_them():
    columns = (Column("what", "What"), Column("value", "Value", Kind.DECIMAL), Column("same", "Same", Kind.DECIMAL))
    table = Table("t", "Table", columns, [("b", 2.0, 2.0), ("between", 9.0, 9.0), ("a", 1.0, 0.0)])
    _book, chart = drawn(DotChart(title="T", labels=("a", "b"), values=(Value(1.0), Value(2.0))), table)
    assert [series.xVal.numRef.f for series in chart.series] == ["'Table'!$B$4", "'Table'!$B$2"]
    assert [series.tx.strRef.f for series in chart.series] == ["'Table'!$A$4", "'Table'!$A$2"]


def test_steps_are_flat_until_the_next_time_and_end_where_nothing_is_known():
    book, chart = drawn(STEPS)
    found = [(series.tx.v, at(book, series.xVal.numRef.f), at(book, series.yVal.numRef.f)) for series in chart.series]
    assert found == [
        ("Elementary", [1, 2, 2, 3, 3], [0.9, 0.9, 0.8, 0.8, 0.7]),
        ("Elementary, interval from", [1, 2, 2, 3, 3], [0.8, 0.8, 0.7, 0.7, 0.6]),
        ("Elementary, interval to", [1, 2, 2, 3, 3], [0.95, 0.95, 0.9, 0.9, 0.8]),
        ("High", [1, 2, 2], [0.85, 0.85, 0.6]),
    ]
    assert [entry.idx for entry in chart.legend.legendEntry if entry.delete] == [1, 2]
    assert not any(series.smooth for series in chart.series)


def test_charts_stand_beside_their_table_one_below_the_other():
    book = book_with([RATES], ALL)
    corners = [(chart.anchor._from.col, chart.anchor._from.row) for chart in book["Rates"]._charts]
    assert len(corners) == 5
    assert {column for column, _row in corners} == {5}
    rows = [row for _column, row in corners]
    assert rows == sorted(set(rows))
    assert all(after - before > 12 for before, after in pairwise(rows))


@pytest.fixture(scope="module")
def parts():
    file = io.BytesIO()
    write_workbook([RATES], file, charts=ALL)
    with zipfile.ZipFile(file) as book:
        return {name: book.read(name).decode() for name in book.namelist()}


def test_the_parts_of_an_interval_stand_in_the_order_excel_wants(parts):
    wanted = ["errDir", "errBarType", "errValType", "noEndCap", "plus", "minus", "spPr"]
    charts = "".join(text for name, text in parts.items() if name.startswith("xl/charts/chart"))
    intervals = re.findall("<errBars>(.*?)</errBars>", charts)
    assert len(intervals) == 6
    for inside in intervals:
        found = [name for name in re.findall(r"<(\w+)", inside) if name in wanted]
        assert found == [name for name in wanted if name in found]
        assert {"plus", "minus"} <= set(found)


def test_a_chart_says_what_it_shows_and_has_no_depth(parts):
    assert re.findall(r'descr="([^"]*)"', parts["xl/drawings/drawing1.xml"]) == [chart.title for chart in ALL["rates"]]
    assert not any("3DChart" in text for name, text in parts.items() if name.startswith("xl/charts/"))


@pytest.mark.office
@pytest.mark.slow
def test_libreoffice_draws_every_shape(tmp_path):
    office = which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    path = tmp_path / "charts.xlsx"
    with path.open("wb") as file:
        write_workbook([RATES], file, charts=ALL)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [office, "--headless", profile, "--convert-to", "fods", "--outdir", tmp_path, path]
    subprocess.run(command, check=True, capture_output=True, timeout=110)
    made = (tmp_path / "charts.fods").read_text("utf-8")
    assert made.count("<draw:object") == 5
    for kind, charts in (("chart:bar", 2), ("chart:line", 1), ("chart:scatter", 2)):
        assert len(re.findall(rf'<chart:chart [^>]*chart:class="{kind}"', made)) == charts
    assert made.count("<chart:error-indicator ") >= 6
