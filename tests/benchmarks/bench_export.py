"""Files: how long a workbook takes beside another library's, and beside the queries it is made from; and its memory."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import Any

import pytest
import xlsxwriter
from django.db import connection
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from pd_tracker.reports.hr_summary.form import HrSummaryForm
from pd_tracker.reports.hr_summary.workbook import summary
from pd_tracker.sheets.table import Kind
from pd_tracker.sheets.writing import write_workbook
from pd_tracker.sheets.writing.cells import number_format
from tests.benchmarks.district import BigDistrict, big_district
from tests.benchmarks.measuring import cpu, ratio, wall
from tests.benchmarks.typed_cells import COLUMNS, KINDS, rows, table

FORMATS = [number_format(column) for column in COLUMNS]
ALONE = """
import re, resource, sys, tempfile
import openpyxl.chart
from pd_tracker.sheets.writing import book, write_workbook
from tests.benchmarks.typed_cells import rows, table
if count := int(sys.argv[1]):
    with tempfile.TemporaryFile() as out:
        write_workbook([table(rows(count))], out)
if sys.platform == "linux":  # where the usage of a new process begins with that of its parent
    print(int(re.search(r"VmHWM:\\s*([0-9]+)", open("/proc/self/status").read())[1]) * 1_024)
else:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
Reach = Callable[..., None]
Statement = tuple[str, Any]
Cells = Sequence[Sequence[Any]]


def with_xlsxwriter(cells: Cells) -> None:
    """The same cells with the same formats; constant_memory is its way to write many rows."""
    book = xlsxwriter.Workbook(io.BytesIO(), {"constant_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet()
    formats = [book.add_format({"num_format": shown}) for shown in FORMATS]
    sheet.write_row(0, 0, [column.label for column in COLUMNS])
    writers = [sheet.write_number if kind.is_number else sheet.write_string for kind in KINDS]
    for place in (place for place, kind in enumerate(KINDS) if kind is Kind.DATE):
        writers[place] = sheet.write_datetime
    for number, row in enumerate(cells, 1):
        for place, (value, write, shown) in enumerate(zip(row, writers, formats, strict=True)):
            write(number, place, value, shown)
    book.close()


def with_openpyxl(cells: Cells) -> None:
    """The usual way: a styled cell for each value."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append([column.label for column in COLUMNS])
    for row in cells:
        made = [WriteOnlyCell(sheet, value) for value in row]
        for cell, shown in zip(made, FORMATS, strict=True):
            cell.number_format = shown
        sheet.append(made)
    book.save(io.BytesIO())


def test_a_large_workbook(reach_bar: Reach) -> None:
    cells = list(rows(50_000))
    few = cells[:5_000]
    naive = ratio(lambda: with_openpyxl(few), lambda: with_xlsxwriter(few), clock=cpu, rounds=1)
    reach_bar(
        "xlsx of 50,000 x 20 cells, CPU / XlsxWriter",
        lambda: ratio(
            lambda: write_workbook([table(cells)], io.BytesIO()), lambda: with_xlsxwriter(cells), clock=cpu, rounds=2
        ),
        allowed=0.25,
        naive=naive,
    )


def peak_mib(count: int) -> float:
    """The most memory a process of its own held when it wrote so many rows; for none it only loads what writes."""
    done = subprocess.run([sys.executable, "-c", ALONE, str(count)], check=True, capture_output=True, text=True)
    return int(done.stdout) / 2**20


def test_memory_does_not_grow_with_rows(reach_bar: Reach) -> None:
    many = peak_mib(300_000)
    reach_bar("xlsx memory, 300,000 rows / 3,000 rows", lambda: many / peak_mib(3_000), allowed=1.2)
    reach_bar("xlsx memory of 300,000 rows above an idle process", lambda: many - peak_mib(0), allowed=60, unit=" MiB")


@pytest.mark.django_db
def test_the_hr_summary(reach_bar: Reach) -> None:
    district = big_district()
    statements = asked_by(lambda: hr_summary(district))
    reach_bar(
        "HR summary of 25,000 teachers to xlsx, time / its bare queries",
        lambda: ratio(lambda: hr_summary(district), lambda: bare(statements), clock=wall),
        allowed=4 if connection.vendor == "sqlite" else 2.5,
    )


def hr_summary(district: BigDistrict) -> None:
    made = summary(HrSummaryForm(district.hr, {}).asked, made_at=timezone.localtime())
    made.write(io.BytesIO())
    assert made.checks.agree
    assert made.checks.rows["by_teacher"] > 0.9 * district.teachers


def asked_by(work: Callable[[], None]) -> list[Statement]:
    found: list[Statement] = []

    def note(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        found.append((sql, parameters))
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(note):
        work()
    return found


def bare(statements: list[Statement]) -> None:
    """The very statements the workbook asks, each fetched whole as the driver's tuples, which nobody looks at."""
    for sql, parameters in statements:
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            cursor.fetchall()
