"""A delimited file of chosen columns, and its first rows."""

from __future__ import annotations

import io

import pytest

from pd_tracker.reports.exports.columns import SHOWN_ROWS, SOURCES, ColumnFile
from pd_tracker.reports.hr_summary.form import HrSummaryForm
from tests.factories import employed
from tests.pd_tracker.reports.hr_summary.books import OPERATOR

pytestmark = pytest.mark.django_db
OPTIONS = {
    "table": "by_teacher",
    "columns": [["family_name", "LAST"], ["staff_id", ""], ["hired_on", "HIRED"], ["hours", "HRS"]],
    "delimiter": "bar",
    "days": "plain",
    "mark": False,
}


def made(**options):
    return ColumnFile(HrSummaryForm(OPERATOR, {}).asked, OPTIONS | options)


def written(**options):
    out = io.BytesIO()
    found = made(**options)
    found.write(out)
    return out.getvalue(), found


def test_columns_stand_in_the_chosen_order_under_the_chosen_names(tiny):
    content, found = written()

    assert content.decode().split("\r\n") == [
        "LAST|Staff id|HIRED|HRS",
        "'=1+1|0004|20250801|0.00",
        "Ash|0001|20200815|9.00",
        "Birch|0002|20240815|2.00",
        "Cedar|0003|20210815|0.50",
        "",
    ]
    assert found.rows == {"rows": 4}
    assert found.name == "by-teacher-2025-26.txt"


def test_a_transcript_with_commas_for_excel(tiny):
    columns = [["credit_id", "id"], ["course", "course"], ["completed_on", "day"]]
    content, found = written(table="transcript", columns=columns, delimiter="comma", days="us", mark=True)

    assert content.startswith(b"\xef\xbb\xbfid,course,day\r\n")
    assert ",'-Reading,09/10/2025\r\n" in content.decode()
    assert found.name == "transcript-2025-26.csv"


def test_a_column_that_is_no_more_is_left_out(tiny):
    content, _found = written(columns=[["shoe_size", "Shoes"], ["staff_id", "Id"]])

    assert content.decode().splitlines()[:2] == ["Id", "0004"]


def test_the_preview_ends_after_ten_rows(tiny):
    for _ in range(SHOWN_ROWS):
        employed()

    found = made().first_rows()

    assert len(found.rows) == SHOWN_ROWS
    assert [str(column.label) for column in found.columns] == ["LAST", "Staff id", "HIRED", "HRS"]


@pytest.mark.parametrize("table", SOURCES)
def test_every_declared_column_is_one_of_the_table(tiny, table):
    keys = [column.key for column in SOURCES[table].columns]
    whole = SOURCES[table].made(HrSummaryForm(OPERATOR, {}).asked, SOURCES[table].labels())

    assert set(keys) <= {column.key for column in whole.columns}
    assert len(set(keys)) == len(keys)
