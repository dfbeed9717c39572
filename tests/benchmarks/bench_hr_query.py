"""The learning of a year by person and category, beside a plain scan of tables that hold the same rows."""

from __future__ import annotations

import os

import pytest
from django.db import connection

from pd_tracker.reports.facts.hr.learning import learning
from pd_tracker.reports.hr_summary.form import HrSummaryForm
from tests.benchmarks.bench_export import Statement, asked_by, bare
from tests.benchmarks.conftest import Reach
from tests.benchmarks.district import big_district
from tests.benchmarks.measuring import ratio, wall

# With PD_TRACKER_BENCH_STATE, the 300,000 teachers of a state with three million completions: that takes minutes.
TEACHERS = 300_000 if os.environ.get("PD_TRACKER_BENCH_STATE") else 25_000

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(1_800), pytest.mark.postgres_only]


def test_the_learning_of_a_year_is_read_about_as_fast_as_stored_rows(reach_bar: Reach) -> None:
    district = big_district(TEACHERS, 10 * TEACHERS)
    scope = HrSummaryForm(district.hr, {}).asked.scope
    statements = asked_by(lambda: learning(scope))
    scans: list[Statement] = []
    with connection.cursor() as cursor:
        for place, (sql, parameters) in enumerate(statements):
            cursor.execute(f"CREATE TEMPORARY TABLE same_{place} AS {sql}", parameters)
            scans.append((f"SELECT * FROM same_{place}", None))
    reach_bar(
        f"HR summary query, {TEACHERS:,} teachers / a scan of the same rows",
        lambda: ratio(lambda: bare(statements), lambda: bare(scans), clock=wall, rounds=5),
        allowed=3,
    )
