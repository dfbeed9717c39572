"""A report as a workbook: its charts are those of the page, with the same numbers."""

from __future__ import annotations

import io
from dataclasses import replace

import openpyxl
import pytest

from pd_tracker.reports import files
from pd_tracker.reports.catalogue import run
from pd_tracker.sheets.charts import LineChart, ShareChart
from tests.pd_tracker.reports.conftest import OPERATOR, TODAY
from tests.pd_tracker.sheets.writing.drawn import at, shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def retention(staffed):
    return run("retention", OPERATOR, on=TODAY, given={})


def workbook(result):
    out = io.BytesIO()
    files.write(result, "xlsx", out)
    return openpyxl.load_workbook(out)


def test_a_workbook_draws_the_charts_of_the_page_beside_their_tables(retention):
    book = workbook(retention)
    lines, shares = (chart for _key, chart in retention.charts)
    assert isinstance(lines, LineChart)
    assert isinstance(shares, ShareChart)
    (drawn,) = book[book.sheetnames[0]]._charts
    found = shown(book, drawn)
    assert [row["values"] for row in found] == [[value.value for value in one.values] for one in lines.series]
    assert found[0]["labels"] == list(lines.labels)
    for row, one in zip(found, lines.series, strict=True):
        assert row["ends"] == [pytest.approx(value.interval) for value in one.values]
    (stacked,) = book[book.sheetnames[1]]._charts
    parts = [at(book, series.val.numRef.f) for series in stacked.series]
    assert [list(row) for row in zip(*parts, strict=True)] == [pytest.approx(row) for row in shares.shares]


def test_numbers_of_the_table_are_referred_to_and_not_copied(retention):
    book = workbook(retention)
    (drawn,) = book[book.sheetnames[0]]._charts
    assert drawn.series[0].val.numRef.f.startswith(f"'{book.sheetnames[0]}'!")
    assert book.sheetnames[-1] == "Chart data"


def test_a_chart_whose_table_is_not_shown_stands_beside_the_first(retention):
    chart = retention.charts[0][1]
    moved = replace(retention, charts=(("elsewhere", chart),))
    assert files.charts_by_table(moved) == {retention.tables[0].key: [chart]}
