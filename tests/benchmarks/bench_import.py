"""A long file of completions, from the workbook to the rows and their history, beside the least that must be done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import pytest
import xlsxwriter
from django.db import connection, transaction
from python_calamine import CalamineWorkbook

from learning_plans.models import Completion, Course, CreditLine
from pd_tracker.access import Operator
from pd_tracker.imports.catalogue import importers
from pd_tracker.imports.importer import Asked, Options
from pd_tracker.imports.records import Writer
from pd_tracker.imports.running import Applied, Source, apply_file, make_plan
from teachers.models import Employment, Teacher
from tests.benchmarks.conftest import Reach
from tests.benchmarks.measuring import ROUNDS, seconds, wall
from tests.factories import LONG_AGO, DistrictFactory

ROWS, TEACHERS, COURSES = 100_000, 5_000, 200
TODAY, NOW = date(2025, 11, 3), datetime(2025, 11, 3, 9, 30, tzinfo=UTC)
HEADINGS = ("staff_id", "course_code", "completed_on", "hours", "category", "fund", "source", "external_key")
FUNDS = ("", "General", "Title I-A", "Title II-A")
# Where no server has to be asked, and checks no reference, the checking of the rows weighs more.
ALLOWED = {"postgresql": 1.8, "sqlite": 2.6}
# Both sides write these, in this order.
TARGETS = (Completion, Completion.history.model, CreditLine, CreditLine.history.model)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("import") / "completions.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, HEADINGS)
    for n in range(ROWS):
        on = date(2021, 8, 16) + timedelta(days=n * 7 % 1_500)
        cells = staff_id(n * 7 % TEACHERS), code(n * 11 % COURSES), None, (n % 16 + 1) / 2
        sheet.write_row(n + 1, 0, (*cells, f"Category {n % 8}", FUNDS[n % 4], "hr", f"TR-{n:07}"))
        sheet.write_datetime(n + 1, 2, on, day)
    book.close()
    return path


def staff_id(n: int) -> str:
    return f"S{n:05}"


def code(n: int) -> str:
    return f"PD-{n:03}"


@pytest.fixture
def district(db: None) -> None:
    here = DistrictFactory()
    people = [
        Teacher(district=here, staff_id=staff_id(n), given_name="Ana", family_name=f"Reyes {n}")
        for n in range(TEACHERS)
    ]
    spells = [Employment(teacher=person, started_on=LONG_AGO) for person in Teacher.objects.bulk_create(people)]
    Employment.objects.bulk_create(spells)
    Course.objects.bulk_create(
        Course(district=here, code=code(n), title=f"Course {n}", minutes=360) for n in range(COURSES)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        if not on_postgres():
            cursor.execute("PRAGMA synchronous = FULL")  # as the product runs; other tests need not survive a power cut


def import_it(workbook: Path) -> Applied:
    options = Options(as_of=TODAY, today=TODAY)
    source = Source(workbook, workbook.name)
    return apply_file(source, importers()["completions"], Operator(today=TODAY), options, at=NOW)


# --- The least that must be done --------------------------------------------------------------------------------


class Floor:
    """The same file opened and the same rows written, as they stand now: nothing is compared or checked any more."""

    def __init__(self, workbook: Path) -> None:
        self.workbook = workbook
        self.rows = {model: ready_rows(model) for model in (Completion, CreditLine)}
        self.notes = [
            field.get_db_prep_save(value, connection)
            for field, value in zip(history_fields(Completion), (NOW, "Import", "+", None), strict=True)
        ]

    def __call__(self) -> None:
        with CalamineWorkbook.from_path(str(self.workbook)) as book:
            assert len(book.get_sheet_by_index(0).to_python()) == ROWS + 1
        with transaction.atomic(), connection.cursor() as cursor:
            for model, rows in self.rows.items():
                table, columns = model._meta.db_table, ", ".join(field.column for field in model._meta.concrete_fields)
                cursor.execute(f"CREATE TEMPORARY TABLE ready AS SELECT {columns} FROM {table} LIMIT 0")
                send(cursor, rows)
                cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM ready")
                also = ", ".join(field.column for field in history_fields(model))
                history = model.history.model._meta.db_table
                cursor.execute(
                    f"INSERT INTO {history} ({columns}, {also}) SELECT {columns}, %s, %s, %s, %s FROM ready", self.notes
                )
                cursor.execute("DROP TABLE ready")


def history_fields(model: Any) -> list[Any]:
    names = "history_date", "history_change_reason", "history_type", "history_user"
    return [model.history.model._meta.get_field(name) for name in names]


def ready_rows(model: Any) -> list[tuple[Any, ...]]:
    fields = model._meta.concrete_fields
    rows = model.objects.order_by("pk").values_list(*(field.attname for field in fields))
    return [
        tuple(field.get_db_prep_save(value, connection) for field, value in zip(fields, row, strict=True))
        for row in rows.iterator()
    ]


def send(cursor: Any, rows: list[tuple[Any, ...]]) -> None:
    if on_postgres():
        with cursor.copy("COPY ready FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    else:
        cursor.executemany(f"INSERT INTO ready VALUES ({', '.join(['%s'] * len(rows[0]))})", rows)


def on_postgres() -> bool:
    return connection.vendor == "postgresql"


# --- Bars -------------------------------------------------------------------------------------------------------


def from_empty_tables(work: Callable[[], object]) -> float:
    """Wall seconds to the end of the commit; every turn finds the tables empty."""
    with connection.cursor() as cursor:
        for model in reversed(TARGETS):
            table = model._meta.db_table
            cursor.execute(f"TRUNCATE TABLE {table} CASCADE" if on_postgres() else f"DELETE FROM {table}")
    return seconds(work, wall)


def test_a_long_import_takes_little_longer_than_opening_its_file_and_writing_its_rows(
    workbook: Path, district: None, reach_bar: Reach
) -> None:
    assert import_it(workbook).plan.totals()["created"] == ROWS
    floor = Floor(workbook)

    def times_the_floor() -> float:
        turns = [(from_empty_tables(lambda: import_it(workbook)), from_empty_tables(floor)) for _ in range(ROUNDS)]
        return median(ours for ours, _floor in turns) / median(floor for _ours, floor in turns)

    # Row by row, with two look-ups and two saved objects, 500 rows took 2 ms each on SQLite and 4.4 ms on PostgreSQL:
    # three and seven minutes for this file.
    reach_bar("import of 100,000 Excel rows, whole: floor", times_the_floor, allowed=ALLOWED[connection.vendor])


def test_the_same_file_again_writes_nothing(workbook: Path, district: None, reach_bar: Reach) -> None:
    first = write_seconds(workbook)
    before = footprint()

    reach_bar("the same file again: write step", lambda: write_seconds(workbook) / first, allowed=0.3)

    assert footprint() == before
    assert Completion.history.count() == CreditLine.history.count() == ROWS


def write_seconds(workbook: Path) -> float:
    asked = Asked(Operator(today=TODAY), Options(as_of=TODAY, today=TODAY), will_write=True)
    with transaction.atomic():
        plan, planner = make_plan(Source(workbook, workbook.name), importers()["completions"], asked)
        assert plan.can_apply
        return seconds(lambda: planner.write(Writer(None, "Import", NOW, lambda count: None)), wall)


def footprint() -> list[Any]:
    """Changes with every row that is written, be it with the values it had."""
    sums = "SELECT sum(hashtext(ctid::text || xmin::text)) FROM {}" if on_postgres() else "SELECT total_changes() -- {}"
    with connection.cursor() as cursor:
        found = []
        for model in TARGETS:
            cursor.execute(sums.format(model._meta.db_table))
            found.append(cursor.fetchone())
        return found
