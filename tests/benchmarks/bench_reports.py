"""The first page of every report about a district of 25,000 teachers, with nothing kept from an earlier one."""

from __future__ import annotations

import os

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from pd_tracker.access import Capability
from pd_tracker.reports.catalogue import CATALOGUE, report
from tests.benchmarks.conftest import Reach
from tests.benchmarks.district import big_district
from tests.benchmarks.measuring import cpu, seconds

# With PD_TRACKER_BENCH_STATE, three million person-years of a state: that takes minutes, and ten gigabytes of disk.
TEACHERS = 520_000 if os.environ.get("PD_TRACKER_BENCH_STATE") else 25_000
ALLOWED = {"postgresql": 400, "sqlite": 1_000}  # on SQLite the work of the database is our own

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(1_200)]


def test_every_report_of_a_large_district_is_there_at_once(reach_bar: Reach) -> None:
    made = big_district(TEACHERS, 10 * TEACHERS if TEACHERS == 25_000 else 3_000_000)
    client = Client()
    client.force_login(made.hr)
    names = [name for name in CATALOGUE if made.hr.may(report(name).capability)]
    assert Capability.REPORTS_VIEW in {report(name).capability for name in names}

    def page(name: str) -> None:
        response = client.get(reverse("reports:report", args=[name]))
        assert response.status_code == 200
        assert b"</main>" in response.content

    page("retention")  # what a process loads once, it has loaded

    def slowest() -> float:
        return 1000 * max(seconds(lambda name=name: page(name), cpu) for name in names)

    allowed = ALLOWED[connection.vendor]
    reach_bar(f"slowest page of {len(names)} reports, {TEACHERS:,} teachers", slowest, allowed=allowed, unit="ms")
