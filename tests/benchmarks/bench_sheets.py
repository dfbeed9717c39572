"""How long the largest file that people may hand in takes to write and to read, and how much memory."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from pd_tracker.sheets.reading import open_sheet
from pd_tracker.sheets.table import Column, Kind, Table
from pd_tracker.sheets.writing import write_csv, write_workbook

ROWS = 200_000
MOST_MEGABYTES = 300
COLUMNS = (
    Column("staff_id", "staff_id", Kind.ID),
    Column("course_code", "course_code"),
    Column("completed_on", "completed_on", Kind.DATE),
    Column("hours", "hours", Kind.HOURS),
    Column("category", "category"),
    Column("amount", "amount", Kind.MONEY),
)


def rows() -> Iterator[tuple[Any, ...]]:
    return ((f"{n:06}", f"C-{n % 90}", date(2025, 1 + n % 12, 1), n % 40 / 4, "instruction", 25) for n in range(ROWS))


def write_table_as_csv(tables: list[Table], file: BinaryIO) -> None:
    write_csv(tables[0], file)


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("name", "write"), [("long.csv", write_table_as_csv), ("long.xlsx", write_workbook)])
def test_a_long_file(tmp_path: Path, name: str, write: Callable[..., None]) -> None:
    path = tmp_path / name
    started = time.perf_counter()
    with path.open("wb") as file:
        write([Table("completions", "Completions", COLUMNS, rows())], file)
    written = time.perf_counter()
    with path.open("rb") as file, open_sheet(file, name, wanted={column.key for column in COLUMNS}) as sheet:
        count = sum(1 for _ in sheet.rows)
    read = time.perf_counter()

    megabytes = (
        max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    )
    seconds = f"written in {written - started:.1f} s, read in {read - written:.1f} s"
    print(f"\n{name}: {ROWS:,} rows {seconds}, {megabytes:.0f} MB")  # noqa: T201  (the numbers are what this is for)
    assert count == ROWS
    assert megabytes < MOST_MEGABYTES
