"""Training and retention from the person-years that are kept: beside working everything out, and alone in a process."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from learning_plans.sums import fill_in
from pd_tracker.reports.facts.stored import keep_person_years
from pd_tracker.reports.models import PersonYearStore
from teachers.models import School, SchoolYear
from tests.benchmarks.conftest import Reach
from tests.benchmarks.district import LEVELS, OPENED, SCHOOLS, BigDistrict, big_district, fill, one_of, run
from tests.benchmarks.measuring import ratio

STATE = bool(os.environ.get("PD_TRACKER_BENCH_STATE"))
ALONE = """
import json, re, time
import django
django.setup()
from django.conf import settings
from django.test import Client
from django.urls import reverse
from teachers.models import User
settings.ALLOWED_HOSTS = ["*"]
settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
client = Client()
client.force_login(User.objects.get(email="hr@big.example"))
client.get(reverse("reports:catalogue"))
began = time.process_time()
response = client.get(reverse("reports:report", args=["pd_retention"]))
assert response.status_code == 200 and b"</main>" in response.content
peak = int(re.search(r"VmHWM:\\s*([0-9]+)", open("/proc/self/status").read())[1])
print(json.dumps([time.process_time() - began, peak / 1024]))
"""

pytestmark = [pytest.mark.django_db(transaction=STATE), pytest.mark.timeout(3_600)]


@pytest.mark.skipif(STATE, reason="the bars of a state are its own")
def test_what_is_kept_is_read_in_a_part_of_the_time(reach_bar: Reach) -> None:
    made = big_district()
    client = Client()
    client.force_login(made.hr)

    def page() -> bytes:
        response = client.get(reverse("reports:report", args=["pd_retention"]))
        assert response.status_code == 200
        return response.content.partition(b"<main")[2].partition(b"</main>")[0]

    def worked_out() -> bytes:
        kept = PersonYearStore.objects.get()
        PersonYearStore.objects.filter(pk=kept.pk).update(as_of=kept.made_at.date())
        found = page()
        PersonYearStore.objects.filter(pk=kept.pk).update(as_of=kept.as_of)
        return found

    keep_person_years(made.district, at=timezone.now())
    assert page() == worked_out()
    reach_bar(
        f"training and retention of {made.teachers:,} teachers from what is kept / worked out",
        lambda: ratio(page, worked_out, rounds=5),
        allowed=0.5,
    )


@pytest.mark.skipif(not STATE, reason="takes many minutes: make bench-state")
def test_a_state_is_compared_in_a_small_process(reach_bar: Reach) -> None:
    made = big_district(560_000, 3_000_000)
    spread_over_a_state(made)
    rows = keep_person_years(made.district, at=timezone.now())
    name = f"training and retention, {rows:,} person-years, 8,000 schools, a process of its own"
    measured = [alone() for _ in range(3)]
    reach_bar(f"{name}: CPU", lambda: min(seconds for seconds, _ in measured), allowed=1.5, unit="s")
    reach_bar(f"{name}: memory", lambda: min(peak for _, peak in measured), allowed=400, unit="MB")


def alone() -> tuple[float, float]:
    """Seconds of the page and megabytes of its process, on the database of this test."""
    url = os.environ["DATABASE_URL"].replace("/postgres?", f"/{connection.settings_dict['NAME']}?")
    environment = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "pd_tracker.settings"}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", ALONE], env=environment, check=True, capture_output=True, text=True
    )
    seconds, peak = json.loads(done.stdout.splitlines()[-1])
    return seconds, peak


def spread_over_a_state(made: BigDistrict) -> None:
    """8,000 schools, training in every year, and a third of the people who left at some time."""
    district, years = made.district.pk, range(2014, 2026)
    fill(
        School, 8_000 - SCHOOLS, start=SCHOOLS, district_id=district, school_id=f"1000 + n + {SCHOOLS}",
        name="'School ' || n", level=one_of(LEVELS), **OPENED,
    )  # fmt: skip
    known = {year.starts_on.year for year in SchoolYear.objects.all()}
    for year in sorted(set(years) - known):
        label, days = f"{year}-{(year + 1) % 100}", (f"{year}-07-01", f"{year + 1}-06-30", f"{year}-10-01")
        SchoolYear.objects.create(
            district=made.district, label=label, starts_on=days[0], ends_on=days[1], census_on=days[2]
        )
    run(
        "INSERT INTO teachers_schoolyearprofile (school_id, school_year_id, title_i)"
        " SELECT s.id, y.id, s.id % 3 = 0 FROM teachers_school s CROSS JOIN teachers_schoolyear y"
        " ON CONFLICT DO NOTHING"
    )
    run("UPDATE teachers_assignment SET school_id = 1 + (teacher_id::bigint * 7919 + id % 3) % 8000")
    run("UPDATE teachers_teacher SET experience_years = id % 25")
    last = "e.started_on + (300 + (e.teacher_id::bigint * 104729) % 5200)::int"
    run(
        f"UPDATE teachers_employment e SET ended_on = {last}"
        f" WHERE e.teacher_id % 3 = 0 AND e.ended_on IS NULL AND {last} < '2026-02-01'"
    )
    run(
        "UPDATE teachers_assignment a SET ended_on = GREATEST(e.ended_on, a.started_on) FROM teachers_employment e"
        " WHERE e.teacher_id = a.teacher_id AND e.ended_on IS NOT NULL"
    )
    run(
        "INSERT INTO learning_plans_trainingyear (teacher_id, year, category, minutes, completions, last_on)"
        " SELECT t.id, y, '-', 60 * (1 + (t.id::bigint * 31 + y * 17 + t.id / 77) % 70), 3, make_date(y + 1, 5, 1)"
        f" FROM teachers_teacher t CROSS JOIN generate_series({years[0]}, {years[-1]}) y"
        " WHERE (t.id / 13 + y) % 12 <> 0 ON CONFLICT DO NOTHING"
    )
    fill_in(district, SchoolYear.objects.days_of(district, years[0], years[-1]))
    run("ANALYZE")
