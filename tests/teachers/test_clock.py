"""Today is the district's day, at every door."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.core.management import call_command
from django.utils import timezone

from pd_tracker.jobs.models import Job
from pd_tracker.jobs.running import run_job
from teachers.clock import district_time
from teachers.models import RosterExtract
from tests.factories import DistrictFactory

pytestmark = pytest.mark.django_db
LATE_EVENING_IN_CALIFORNIA = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def late_evening(monkeypatch):
    DistrictFactory(time_zone="America/Los_Angeles")
    monkeypatch.setattr(timezone, "now", lambda: LATE_EVENING_IN_CALIFORNIA)


def test_the_day_is_the_districts():
    with timezone.override(UTC):
        assert timezone.localdate() == date(2026, 3, 2)
    with district_time():
        assert timezone.localdate() == date(2026, 3, 1)


def test_an_import_by_command_is_dated_by_the_districts_day(tmp_path):
    file = tmp_path / "roster.csv"
    file.write_text("staff_id,given_name,family_name,employment_start\n0001,Ana,One,2020-08-15\n", encoding="utf-8")
    call_command("import_file", "roster", str(file), "--apply", "--json")
    assert RosterExtract.objects.get().as_of == date(2026, 3, 1)


def note_day(job):
    job.message = str(timezone.localdate())


def test_a_job_works_on_the_districts_day(monkeypatch):
    monkeypatch.setattr("pd_tracker.jobs.running.function_named", lambda path: note_day)
    job = Job.objects.create(title="Long work", function="teachers.imports.nothing")
    run_job.call(job.pk)
    assert Job.objects.get().message == "2026-03-01"
