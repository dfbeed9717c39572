"""What it costs to keep the training of school years summed up while completions are written."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from statistics import median
from typing import Any

import pytest
from django.db import connection, transaction

from learning_plans.models import Completion, CreditLine
from learning_plans.sums import Dated, add_up, compared
from pd_tracker.imports.staging import Note, insert
from tests.benchmarks.conftest import Reach
from tests.benchmarks.district import COURSES, YEARS, BigDistrict, big_district
from tests.benchmarks.measuring import seconds, wall

ROWS, TEACHERS, ROUNDS = 20_000, 2_000, 3
FIRST = date(YEARS[0], 7, 1)
NOTE = Note(None, "Import", datetime(2026, 3, 1, tzinfo=UTC))
ALLOWED = {"postgresql": 1.15, "sqlite": 1.25}

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> BigDistrict:
    return big_district(TEACHERS, 50_000)


def rows() -> list[dict[str, Any]]:
    """A school year of everybody, ten completions each, as in a state."""
    random = Random(1)
    return [
        {
            "teacher_id": 1 + number % TEACHERS,
            "course_id": random.randrange(1, COURSES + 1),
            "completed_on": FIRST + timedelta(days=random.randrange(365)),
            "minutes": random.randrange(30, 600),
            "category": f"Category {random.randrange(8)}",
            "external_key": f"N{number}",
        }
        for number in range(ROWS)
    ]


def by_key(keys: list[int], given: list[dict[str, Any]]) -> dict[int, Dated]:
    return {key: (row["teacher_id"], row["completed_on"]) for key, row in zip(keys, given, strict=True)}


def write(given: list[dict[str, Any]], *, with_sums: bool) -> float:
    """Seconds until completions, credit and their history are written as an import writes them; then undone."""

    def work() -> None:
        keys = insert(Completion, given, NOTE)
        if with_sums:
            add_up(by_key(keys, given))
        insert(
            CreditLine, [{"completion_id": key, "unit": "hour", "amount": "1.5", "category": ""} for key in keys], NOTE
        )
        if connection.vendor == "postgresql":
            connection.check_constraints()  # which the end of the transaction would do

    with transaction.atomic():
        taken = seconds(work, wall)
        transaction.set_rollback(True)
    return taken


def test_sums_are_kept_for_little_more_than_the_rows(made: BigDistrict, reach_bar: Reach) -> None:
    given = rows()

    def measure() -> float:
        turns = [(write(given, with_sums=True), write(given, with_sums=False)) for _ in range(ROUNDS)]
        return median(ours for ours, _plain in turns) / median(plain for _ours, plain in turns)

    name = f"{ROWS:,} completions written with their sums / without"
    reach_bar(name, measure, allowed=ALLOWED[connection.vendor])

    add_up(by_key(insert(Completion, given, NOTE), given))
    assert [each for found in compared(made.district, repair=False) for each in found] == []
