"""What load balancers and monitors are told, also when things are down."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from pd_tracker.jobs.management.commands import worker
from pd_tracker.jobs.models import Job
from pd_tracker.jobs.running import run_job
from pd_tracker.web import health, vitals
from tests.factories import UserFactory, user_with_role
from tests.sites import Site

TOKEN = "a long token for the monitor"
OUTSIDE = {"REMOTE_ADDR": "203.0.113.7"}


@pytest.fixture
def healthy(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    disk(monkeypatch, total=100, free=80)
    vitals.worker_signs(at=timezone.now())


def disk(monkeypatch: pytest.MonkeyPatch, *, total: float, free: float) -> None:
    usage = SimpleNamespace(total=int(total * 2**30), free=int(free * 2**30))
    monkeypatch.setattr("shutil.disk_usage", lambda path: usage)


def asked(**extra: Any) -> tuple[int, dict[str, Any]]:
    response = Client(**{"REMOTE_ADDR": "127.0.0.1"} | extra).get("/health/ready")
    return response.status_code, response.json()


@pytest.mark.usefixtures("healthy")
def test_a_working_site_is_ready() -> None:
    status, said = asked()
    assert (status, said["status"], set(said["facts"].values())) == (200, "ready", {"good"})
    assert set(said["facts"]) == {"database", "migrations", "cache", "storage", "worker", "queue", "disk"}


def test_living_asks_no_database() -> None:
    """Without the database mark of pytest any query would fail here."""
    response = Client().get("/health/live")
    assert (response.status_code, response.json()) == (200, {"status": "live"})


@pytest.mark.usefixtures("healthy")
@pytest.mark.parametrize(
    ("extra", "told"),
    [
        ({}, True),
        (OUTSIDE, False),
        (OUTSIDE | {"HTTP_AUTHORIZATION": f"Bearer {TOKEN}"}, True),
        (OUTSIDE | {"HTTP_AUTHORIZATION": "Bearer another token"}, False),
        ({"HTTP_AUTHORIZATION": "Bearer another token"}, False),
        ({"HTTP_X_FORWARDED_FOR": "203.0.113.7"}, False),
        ({"HTTP_X_FORWARDED_PROTO": "https"}, False),
        ({"REMOTE_ADDR": ""}, False),
    ],
)
def test_only_insiders_read_the_facts(settings: Any, extra: dict[str, str], told: bool) -> None:
    settings.HEALTH_TOKEN = TOKEN
    status, said = asked(**extra)
    assert (status, said["status"], "facts" in said) == (200, "ready", told)


@pytest.mark.usefixtures("healthy")
def test_an_empty_token_lets_nobody_in(settings: Any) -> None:
    settings.HEALTH_TOKEN = ""
    assert "facts" not in asked(**OUTSIDE, HTTP_AUTHORIZATION="Bearer ")[1]


@pytest.mark.usefixtures("healthy")
def test_probes_pass_by_sessions_https_and_host_names(settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    client = Client(HTTP_HOST="10.1.2.3", REMOTE_ADDR="127.0.0.1")
    client.force_login(UserFactory())
    with CaptureQueriesContext(connection) as asked_for:
        response = client.get("/health/ready")
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies
    assert [query["sql"] for query in asked_for if "django_session" in query["sql"]] == []
    assert client.post("/health/ready").status_code == 405
    assert client.get("/health/other").status_code == 404


# --- What makes it unavailable, and what only asks for attention --------------------------------------------------


@pytest.mark.usefixtures("healthy")
def test_a_missing_migration_makes_it_unavailable() -> None:
    MigrationRecorder.Migration.objects.filter(app="notices").delete()
    status, said = asked()
    assert (status, said["facts"]["migrations"]) == (503, "run manage.py prepare")
    assert asked(**OUTSIDE) == (503, {"status": "unavailable"})


@pytest.mark.usefixtures("healthy")
def test_an_unwritable_folder_makes_it_unavailable(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "file"
    settings.MEDIA_ROOT.touch()
    status, said = asked()
    assert (status, said["facts"]["storage"]) == (503, "failed: FileExistsError")


@pytest.mark.usefixtures("healthy")
@pytest.mark.parametrize("check", ["database", "cache"])
def test_what_fails_is_told_by_its_kind_without_its_words(monkeypatch: pytest.MonkeyPatch, check: str) -> None:
    def fail() -> str:
        raise OperationalError("password of hr@example.org is wrong")

    monkeypatch.setitem(health.NEEDED, check, fail)
    status, said = asked()
    assert (status, said["facts"][check]) == (503, "failed: OperationalError")
    assert "hr@example.org" not in json.dumps(said)


@pytest.mark.usefixtures("healthy")
@pytest.mark.parametrize("seen", [None, timedelta(minutes=6)])
def test_a_silent_worker_asks_for_attention(seen: timedelta | None) -> None:
    cache.delete(vitals.WORKER_SEEN)
    if seen is not None:
        vitals.worker_signs(at=timezone.now() - seen)
    status, said = asked()
    assert (status, said["status"]) == (200, "attention")
    assert "start manage.py worker" in said["facts"]["worker"]


@pytest.mark.usefixtures("healthy")
def test_a_long_queue_asks_for_attention_and_is_told_to_hr(settings: Any, client: Client) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
    hr, coach = user_with_role("hr"), user_with_role("coach")
    run_job.enqueue(Job.objects.create(title="Load", function="teachers.imports.loading").pk)
    assert asked()[1]["status"] == "ready"
    DBTaskResult.objects.update(enqueued_at=timezone.now() - timedelta(minutes=7))
    assert asked()[1]["facts"]["queue"] == "a job waits for 7 minutes"
    sentence = "the background worker is not running"
    for user, told in ((hr, True), (coach, False)):
        client.force_login(user)
        assert (sentence in client.get("/").content.decode()) is told


@pytest.mark.usefixtures("healthy")
def test_the_page_of_a_waiting_job_says_when_nobody_works(client: Client) -> None:
    job = Job.objects.create(title="Load", function="teachers.imports.loading", owner=UserFactory())
    client.force_login(job.owner)
    sentence = "The background worker is not running, so this does not start."
    assert sentence not in client.get(job.get_absolute_url()).content.decode()
    cache.delete(vitals.WORKER_SEEN)
    assert sentence in client.get(job.get_absolute_url()).content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_worker_signs_when_it_begins_and_on_each_round(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "call_command", lambda *words, **options: None)
    cache.delete(vitals.WORKER_SEEN)
    call_command("worker")
    assert not vitals.worker_is_silent(at=timezone.now())
    cache.delete(vitals.WORKER_SEEN)
    rounds = iter([False, True])
    worker.make_rounds(SimpleNamespace(wait=lambda seconds: next(rounds)))
    assert not vitals.worker_is_silent(at=timezone.now())


@pytest.mark.usefixtures("healthy")
@pytest.mark.parametrize(
    ("total", "free", "words", "refused"),
    [
        (100, 15.1, "good", False),
        (100, 14.9, "less than 15 % free", False),
        (100, 4.9, "almost full; files are refused", True),
        (10, 0.9, "almost full; files are refused", True),
    ],
)
def test_a_filling_disk_is_told_and_then_takes_no_files(
    monkeypatch: pytest.MonkeyPatch, client: Client, total: float, free: float, words: str, refused: bool
) -> None:
    disk(monkeypatch, total=total, free=free)
    assert asked()[1]["facts"]["disk"] == words
    client.force_login(user_with_role("hr"))
    page = client.post("/imports/new/", {"file": SimpleUploadedFile("schools.csv", b"school_id\n1\n")}).content.decode()
    assert ("The disk of this site is almost full" in page) is refused


# --- When the database is gone ------------------------------------------------------------------------------------


@contextmanager
def silent_server() -> Iterator[int]:
    """Takes connections and never says a word, as behind a firewall that drops everything."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


@pytest.mark.parametrize("database", ["refusing", "silent", "sqlite"])
def test_without_a_database_it_is_unavailable_within_three_seconds(tmp_path: Path, database: str) -> None:
    with silent_server() as port:
        url = {
            "refusing": "postgres://u:p@127.0.0.1:9/none",
            "silent": f"postgres://u:p@127.0.0.1:{port}/none",
            "sqlite": f"sqlite:///{tmp_path}",
        }[database]
        said = served(Site(tmp_path, {"DATABASE_URL": url}, before_setup="import pd_tracker.wsgi; "))
    assert said["live"][:2] == [200, "live"]
    assert said["ready"][:2] == [503, "unavailable"]
    assert said["ready"][2] < 3


def served(site: Site) -> dict[str, Any]:
    """Through the application as a web server calls it."""
    return json.loads(
        site.run(
            "import json, time\nfrom django.test import Client\n"
            "def ask(path):\n"
            "    began = time.monotonic()\n"
            "    response = Client(REMOTE_ADDR='127.0.0.1').get(path)\n"
            "    return [response.status_code, response.json()['status'], time.monotonic() - began]\n"
            "print(json.dumps({'live': ask('/health/live'), 'ready': ask('/health/ready')}))"
        )
    )
