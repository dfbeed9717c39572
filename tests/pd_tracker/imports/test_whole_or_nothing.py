"""A long import whose worker is killed, or that is started several times at once, leaves one set of rows or none."""

from __future__ import annotations

import io
import os
import random
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from learning_plans.models import Completion, CreditLine
from pd_tracker.imports import actions
from pd_tracker.imports.models import ImportRun
from pd_tracker.jobs.models import Job
from tests.factories import CourseFactory, SchoolFactory, employed, user_with_role
from tests.importing import NOW, OPERATOR, as_csv, options

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.timeout(300)]

ROWS, TRIALS, SEED = 3_000, 7, 20251103
LATER = timedelta(minutes=3)

# The worker as it is served, on the database of this test; it dies after so many seconds or in the midst of writing.
WORKER = """
import django, os, signal, sys, threading, time
django.setup()
from django.db import connection
from django.core.management import call_command
from pd_tracker.imports import staging

connection.settings_dict["NAME"] = sys.argv[1]
die = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
if sys.argv[2] == "halfway":
    write = staging.copy_into
    staging.copy_into = lambda *about: (write(*about), die())
elif sys.argv[2] != "never":
    threading.Timer(float(sys.argv[2]), die).start()
started = time.monotonic()
call_command("worker", once=True, verbosity=0)
print(time.monotonic() - started)
"""


def work(dies: float | str = "never") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", WORKER, str(connection.settings_dict["NAME"]), str(dies)],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "pd_tracker.settings"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(autouse=True)
def people():
    school = SchoolFactory()
    for number in range(5):
        employed(school, staff_id=f"{number}")
    CourseFactory(code="PD-101")


@pytest.fixture
def hr():
    return user_with_role("hr")


def rows(name: object) -> list[dict[str, object]]:
    said = {"course_code": "PD-101", "completed_on": "2025-10-06", "hours": 6}
    return [said | {"staff_id": number % 5, "external_key": f"{name}-{number}"} for number in range(ROWS)]


def received(name: object, actor=OPERATOR) -> ImportRun:
    file = io.BytesIO(as_csv(rows(name)))
    return actions.receive(file=file, filename="file.csv", kind="completions", options=options(), actor=actor)


def waiting(name: object, hr) -> ImportRun:
    run = received(name, hr)
    actions.check(run, actor=hr)
    actions.apply_later(run, actor=hr, ends_confirmed=False)
    return run


def stored(name: object) -> tuple[int, int, int, int]:
    """Completions, their credit, and the history of both."""
    mine = {"completion__external_key__startswith": f"{name}-"}
    completions = Completion.objects.filter(external_key__startswith=f"{name}-")
    credit = CreditLine.objects.filter(**mine)
    return (
        completions.count(),
        credit.count(),
        Completion.history.filter(external_key__startswith=f"{name}-").count(),
        CreditLine.history.filter(id__in=credit.values("pk")).count(),
    )


WHOLE, NOTHING = (ROWS,) * 4, (0,) * 4


def let_time_pass() -> None:
    Job.objects.filter(state=Job.State.RUNNING).update(beat_at=timezone.now() - LATER)


def test_a_worker_killed_at_any_moment_leaves_all_or_nothing_and_the_next_one_finishes(hr, client):
    client.force_login(hr)
    chance = random.Random(SEED)
    waiting("first", hr)
    takes = float(work().stdout)
    assert stored("first") == WHOLE

    for trial in range(TRIALS):
        run = waiting(trial, hr)
        work(chance.uniform(0, takes))
        run.refresh_from_db()
        assert stored(trial) == (WHOLE if run.state == ImportRun.State.APPLIED else NOTHING)
        page = client.get(reverse("imports:preview", args=[run.pk]))
        assert page.status_code == (302 if run.state == ImportRun.State.APPLIED else 200)

        let_time_pass()
        finished = work()

        run.refresh_from_db()
        assert stored(trial) == WHOLE, finished.stderr
        assert (run.state, run.job.state, run.job.attempts <= 2) == ("applied", "done", True)


def test_a_worker_killed_twice_is_reported_and_nothing_was_changed(hr, client):
    client.force_login(hr)
    run = waiting("twice", hr)

    for _attempt in range(2):
        assert work("halfway").returncode == -9
        assert stored("twice") == NOTHING
        let_time_pass()
    work()

    run.refresh_from_db()
    assert (run.state, run.job.state, run.job.attempts) == ("applying", "failed", 2)
    assert stored("twice") == NOTHING
    page = client.get(reverse("imports:preview", args=[run.pk])).content.decode()
    assert "The work stopped before it was done" in page
    assert "Nothing was changed by it" in page

    client.post(reverse("imports:check", args=[run.pk]))
    work()
    run.refresh_from_db()
    assert (run.state, run.outcome["totals"]["created"]) == ("planned", ROWS)


def test_the_same_file_four_times_at_once_is_one_set_of_rows_and_the_later_ones_name_the_first():
    runs = [received("same") for _ in range(4)]
    start = threading.Barrier(len(runs))

    def apply(run: ImportRun) -> None:
        start.wait()
        try:
            actions.apply(run, actor=OPERATOR, at=NOW, fingerprint=None)
        finally:
            connection.close()

    threads = [threading.Thread(target=apply, args=(run,)) for run in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert stored("same") == WHOLE
    found = [ImportRun.objects.get(pk=run.pk) for run in runs]
    assert {run.state for run in found} == {"applied"}
    (first,) = (run for run in found if run.outcome["totals"]["created"] == ROWS)
    later = [run for run in found if run != first]
    assert [run.outcome["totals"]["unchanged"] for run in later] == [ROWS] * 3
    assert {run.outcome["earlier"] for run in later} == {first.pk}
    assert first.outcome["earlier"] is None
