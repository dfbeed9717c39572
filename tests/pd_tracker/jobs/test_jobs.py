"""Long work: started with what asked for it, run once, seen while it runs, told when it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from pd_tracker.jobs import running
from pd_tracker.jobs.actions import deliver_waiting, recover, start, start_daily, start_once
from pd_tracker.jobs.management.commands.worker import start_work_of_the_day
from pd_tracker.jobs.models import Job
from pd_tracker.jobs.running import JobStopped, end, function_named, held, is_held, run_job
from pd_tracker.notices.models import Notice
from tests.factories import DistrictFactory, UserFactory

FUNCTION = "teachers.imports.loading"
DATABASE = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}


def work(monkeypatch: pytest.MonkeyPatch, function: Any) -> None:
    monkeypatch.setattr(running, "function_named", lambda path: function)
    monkeypatch.setattr("pd_tracker.jobs.actions.function_named", lambda path: function)


@pytest.fixture
def started(db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Starts a job with a given function, without running it yet."""
    settings.TASKS = DATABASE
    owner = UserFactory()

    def begin(function: Any, **arguments: Any) -> Job:
        work(monkeypatch, function)
        return start(function=FUNCTION, title="Loading the roster", owner=owner, arguments=arguments)

    return begin


@pytest.fixture
def evening(db: None, monkeypatch: pytest.MonkeyPatch) -> str:
    """Past midnight in UTC, and still the evening before where the district is."""
    DistrictFactory()
    moment = datetime(2025, 11, 4, 3, 0, tzinfo=UTC)
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
    return "2025-11-03"


def run(job: Job) -> Job:
    run_job.call(job.pk)
    job.refresh_from_db()
    return job


def test_job_runs_with_its_arguments_and_links_to_what_came_out(started):
    seen = {}

    def function(job: Job, *, run: int) -> str:
        seen["run"] = run
        job.tell(done=3, total=3, message="Reading row 3")
        return "/imports/5/"

    job = run(started(function, run=5))
    assert seen == {"run": 5}
    assert (job.state, job.result_url, job.done, job.total, job.attempts) == (Job.State.DONE, "/imports/5/", 3, 3, 1)
    assert job.is_over


def test_owner_is_told_when_it_ends(started):
    job = run(started(lambda job: None))
    notice = Notice.objects.get(user=job.owner)
    assert (notice.kind, notice.url) == (Notice.Kind.JOB_ENDED, reverse("jobs:job", args=[job.pk]))
    assert str(notice) == "Finished: Loading the roster"


def test_starting_is_part_of_the_callers_transaction(started):
    with transaction.atomic():
        started(lambda job: None)
        transaction.set_rollback(True)
    assert not Job.objects.exists()
    assert not DBTaskResult.objects.exists()


def test_delivered_twice_runs_once(started):
    runs = []
    job = started(lambda job: runs.append(job.pk))
    run(job)
    run(job)
    assert runs == [job.pk]
    assert Notice.objects.count() == 1


def test_reason_to_stop_is_shown_as_it_is(started):
    def function(job: Job) -> None:
        raise JobStopped("The file was removed; nothing was changed.")

    job = run(started(function))
    assert (job.state, job.message) == (Job.State.FAILED, "The file was removed; nothing was changed.")


def test_fault_is_told_honestly_and_logged_without_anybodys_data(started, caplog):
    def function(job: Job, *, person: str) -> None:
        job.tell(message="Writing row 12")
        raise ValueError(person)

    job = run(started(function, person="Jane Doe, born 1980"))
    assert job.state == Job.State.FAILED
    assert "Writing row 12" in job.message
    assert f"job {job.pk}" in job.message
    assert "Jane" not in job.message + caplog.text
    assert "ValueError" in caplog.text
    assert str(Notice.objects.get()) == "This could not be finished: Loading the roster"


def test_the_work_of_a_day_begins_once(db, settings):
    settings.TASKS = DATABASE
    functions, day = ("learning_plans.jobs.daily",), date(2025, 11, 3)
    (job,) = start_daily(functions=functions, on=day)
    assert (job.owner, job.arguments, job.state) == (None, {"on": "2025-11-03"}, Job.State.WAITING)
    assert start_daily(functions=functions, on=day) == []
    assert len(start_daily(functions=functions, on=day + timedelta(days=1))) == 1
    assert run(job).state == Job.State.DONE


def test_the_worker_begins_the_day_of_the_district(db, settings, evening):
    settings.TASKS = DATABASE
    start_work_of_the_day()
    begun = {(job.function, job.arguments["on"]) for job in Job.objects.all()}
    assert begun == {(function, evening) for function in settings.DAILY_WORK}


@pytest.mark.parametrize(
    "path", ["os.system", "teachers.models.User", "learning_plans.actions.plans.assign_training", "imports.os.system"]
)
def test_only_functions_of_our_jobs_and_imports_may_be_named(path):
    with pytest.raises(ValueError, match="not a function of"):
        function_named(path)


def test_borrowed_function_may_not_be_named(monkeypatch):
    monkeypatch.setattr("teachers.imports.shell", os.system, raising=False)
    with pytest.raises(ValueError, match="not a function of"):
        function_named("teachers.imports.shell")


# --- Recovery -----------------------------------------------------------------------------------------------------


def interrupted(job: Job, *, attempts: int = 1, silent: timedelta = timedelta(minutes=3)) -> Job:
    DBTaskResult.objects.all().delete()
    beat = timezone.now() - silent
    Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING, attempts=attempts, beat_at=beat)
    job.refresh_from_db()
    return job


def test_interrupted_job_is_sent_again_once(started):
    job = interrupted(started(lambda job: None))
    assert recover(at=timezone.now()) == 1
    job.refresh_from_db()
    assert job.state == Job.State.WAITING
    assert DBTaskResult.objects.count() == 1
    assert recover(at=timezone.now()) == 0


def test_job_interrupted_twice_is_reported_as_failed(started):
    job = interrupted(started(lambda job: None), attempts=2)
    recover(at=timezone.now())
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert "2 times" in job.message
    assert Notice.objects.count() == 1


@pytest.mark.parametrize(("silent", "expected"), [(timedelta(seconds=119), 0), (timedelta(seconds=121), 1)])
def test_job_counts_as_interrupted_after_two_silent_minutes(started, silent, expected):
    interrupted(started(lambda job: None), silent=silent)
    assert recover(at=timezone.now()) == expected


def test_silent_job_whose_process_lives_is_left_alone(started):
    job = interrupted(started(lambda job: None))
    with held(job):
        assert is_held(job)
        assert recover(at=timezone.now()) == 0
    assert not is_held(job)


def test_attempt_that_was_given_up_has_no_say(started):
    job = interrupted(started(lambda job: None))
    Job.objects.filter(pk=job.pk).update(attempts=2)
    assert not end(job, state=Job.State.DONE, message="", at=timezone.now())
    assert not Notice.objects.exists()


def test_lost_delivery_is_sent_again(started):
    started(lambda job: None)
    DBTaskResult.objects.all().delete()
    deliver_waiting(before=timezone.now())
    assert DBTaskResult.objects.count() == 1


# --- Seen from outside --------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_progress_is_seen_while_the_job_runs(monkeypatch, settings):
    settings.TASKS = DATABASE
    monkeypatch.setattr(running, "PULSE_SECONDS", 0.05)
    seen: list[tuple[int, int | None, str]] = []

    def function(job: Job) -> None:
        job.tell(done=4, total=9, message="Reading")
        deadline = time.monotonic() + 10
        while not seen and time.monotonic() < deadline:
            seen.extend(Job.objects.filter(pk=job.pk, done=4).values_list("done", "total", "message"))

    work(monkeypatch, function)
    run_job.call(start(function=FUNCTION, title="Loading", owner=None, arguments={}).pk)
    assert seen == [(4, 9, "Reading")]


@pytest.mark.django_db(transaction=True)
def test_pulse_survives_a_long_transaction(monkeypatch, settings):
    settings.TASKS = DATABASE
    monkeypatch.setattr(running, "PULSE_SECONDS", 0.05)

    def function(job: Job) -> None:
        with transaction.atomic():
            UserFactory()  # from here on SQLite lets nobody else write
            job.tell(done=1, total=2)
            time.sleep(0.3)
        job.tell(done=2)

    work(monkeypatch, function)
    job = start(function=FUNCTION, title="Loading", owner=None, arguments={})
    run_job.call(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done) == (Job.State.DONE, 2)


# --- Page ---------------------------------------------------------------------------------------------------------


def test_page_is_for_its_owner_only(started, client):
    job = started(lambda job: None)
    client.force_login(UserFactory())
    assert client.get(job.get_absolute_url()).status_code == 404
    client.force_login(job.owner)
    assert client.get(job.get_absolute_url()).status_code == 200


def test_page_asks_again_until_the_job_is_over_and_then_links_to_the_result(started, client):
    job = started(lambda job: "/imports/5/")
    client.force_login(job.owner)
    poll = f'hx-get="{job.get_absolute_url()}"'
    assert poll in client.get(job.get_absolute_url()).content.decode()
    run(job)
    part = client.get(job.get_absolute_url(), headers={"HX-Request": "true"}).content.decode()
    assert poll not in part
    assert 'href="/imports/5/"' in part
    assert "<html" not in part


def test_a_page_that_shows_the_progress_of_its_own_work_is_read_anew_at_the_end(started, client):
    job = started(lambda job: "/imports/5/")
    client.force_login(job.owner)
    own = f"http://testserver{job.get_absolute_url()}"

    def refreshes(page: str) -> bool:
        asked = client.get(job.get_absolute_url(), headers={"HX-Request": "true", "HX-Current-URL": page})
        return asked.headers.get("HX-Refresh") == "true"

    assert not refreshes("http://testserver/imports/5/preview/")
    run(job)
    assert (refreshes("http://testserver/imports/5/preview/"), refreshes(own)) == (True, False)


# --- A worker of its own ------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_worker_runs_what_waits_and_stops_when_asked(settings):
    settings.TASKS = DATABASE
    owner = UserFactory()
    job = Job.objects.create(function="teachers.imports.nothing_of_this_name", title="Loading", owner=owner)
    run_job.enqueue(job.pk)
    worker = worker_process()
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and not Job.objects.get(pk=job.pk).is_over:
            time.sleep(0.2)
        worker.send_signal(signal.SIGTERM)
        output = worker.communicate(timeout=30)[0].decode()
    finally:
        worker.kill()
    job.refresh_from_db()
    assert job.state == Job.State.FAILED, output
    assert worker.returncode == 0, output
    assert owner.email not in output
    assert Notice.objects.filter(user=owner).exists()


def worker_process() -> subprocess.Popen[bytes]:
    """The command as it is served, on the database of this test run."""
    script = (
        "import django, sys; from django.conf import settings; django.setup();"
        "from django.db import connection; connection.settings_dict['NAME'] = sys.argv[1];"
        "from django.core.management import call_command; call_command('worker', interval=0.2)"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "pd_tracker.settings"}
    name = str(connection.settings_dict["NAME"])
    return subprocess.Popen(
        [sys.executable, "-c", script, name],
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def test_what_is_under_way_is_not_started_twice(started, monkeypatch):
    first = started(lambda job, **arguments: None, district_id=1)
    about = {"function": FUNCTION, "title": "Again", "owner": None}
    assert start_once(**about, arguments={"district_id": 1}) == first
    assert start_once(**about, arguments={"district_id": 2}) != first

    Job.objects.filter(pk=first.pk).update(state=Job.State.DONE)
    assert start_once(**about, arguments={"district_id": 1}) != first
