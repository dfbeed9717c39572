"""The restore drill, as an operator would do it: back up under writes, restore elsewhere, compare everything."""

from __future__ import annotations

import re
import sqlite3
import stat
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.pd_tracker.web.backups.doctoring import doctored
from tests.sites import Site, new_site

pytestmark = [pytest.mark.database, pytest.mark.timeout(240), pytest.mark.xdist_group("drill")]

PASSING = {"django_session", "django_cache"}
# Two rows of two tables and a file at a time, told once they are committed.
WRITER = """
import itertools, sys
from pathlib import Path
from django.conf import settings
from django.db import transaction
from pd_tracker.audit.actions import record
from pd_tracker.jobs.models import Job
for number in itertools.count():
    path = Path(settings.MEDIA_ROOT, "drill", f"{number}.txt")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"file {number}")
    with transaction.atomic():
        record(actor=None, verb="drill.wrote", number=number)
        Job.objects.create(title=f"drill {number}", function="teachers.imports.loading")
    print(number, flush=True)
"""
SESSION = """
from datetime import UTC, datetime
from django.contrib.sessions.models import Session
from django.core.cache import cache
Session.objects.create(session_key="k" * 32, session_data="somebody", expire_date=datetime(2040, 1, 1, tzinfo=UTC))
cache.set("counter", 5)
"""


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A small demonstration district, with uploaded files and somebody signed in."""
    site = new_site(tmp_path_factory.mktemp("drill"), "drill_district")
    site.must("prepare", "--verbosity=0")
    site.must("demo", "--teachers=60", "--years=3")
    site.run(SESSION)
    for name, content in {"imports/ros ter.csv": b"id,name\n", "imports/naïve.xlsx": bytes(range(256)) * 900}.items():
        path = site.folder / "files" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return site


@pytest.fixture(scope="module")
def backup(district: Site) -> Path:
    """Taken while another process writes as fast as it can."""
    target = district.folder / "backup.tar"
    writer = district.start(WRITER)
    try:
        assert writer.stdout is not None
        while int(writer.stdout.readline()) < 20:
            pass
        district.must("backup", target)
        written_after = int(writer.stdout.readline())
    finally:
        writer.kill()
        writer.communicate()
    assert written_after > 20
    return target


@pytest.fixture(scope="module")
def restored(backup: Path, tmp_path_factory: pytest.TempPathFactory) -> Site:
    site = new_site(tmp_path_factory.mktemp("elsewhere"), "drill_elsewhere")
    began = time.monotonic()
    said = site.must("restore", backup)
    assert "as they were backed up" in said
    assert time.monotonic() - began < 60
    return site


def tables(site: Site) -> dict[str, list[str]]:
    """Every row of every table as the engine itself shows it, in order."""
    if "DATABASE_URL" in site.environment:
        with psycopg.connect(site.environment["DATABASE_URL"]) as server:
            return rows_of(server, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    with closing(sqlite3.connect(site.folder / "pd_tracker.sqlite3")) as database:
        return rows_of(database, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")


def rows_of(database: Any, names: str) -> dict[str, list[str]]:
    found = database.execute(names).fetchall()
    return {name: sorted(map(str, database.execute(f'SELECT * FROM "{name}"'))) for (name,) in found}  # noqa: S608


def files(site: Site) -> dict[str, bytes]:
    root = site.folder / "files"
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_every_table_and_file_comes_back_as_it_was(district: Site, restored: Site) -> None:
    before, after = tables(district), tables(restored)
    assert before.keys() == after.keys()
    # The writer went on, and the commands left their line in the trail: of these two tables a beginning is compared.
    growing = {"audit_auditevent", "jobs_job"}
    assert {name for name in before.keys() - growing - PASSING if before[name] != after[name]} == set()
    assert len(before["learning_plans_completion"]) > 20
    jobs = set(after["jobs_job"])
    assert jobs < set(before["jobs_job"])
    assert set(drilled(after["audit_auditevent"])) < set(drilled(before["audit_auditevent"]))
    assert len(jobs) == len(drilled(after["audit_auditevent"])) > 20
    kept = files(restored)
    assert kept == {name: content for name, content in files(district).items() if name in kept}
    assert {"imports/ros ter.csv", "imports/naïve.xlsx", *(f"drill/{n}.txt" for n in range(len(jobs)))} <= kept.keys()


def drilled(events: list[str]) -> list[str]:
    return [event for event in events if "drill.wrote" in event]


def test_who_was_signed_in_is_not_in_a_backup(district: Site, restored: Site, backup: Path) -> None:
    assert len(tables(district)["django_session"]) == len(tables(district)["django_cache"]) == 1
    assert {name: tables(restored)[name] for name in PASSING} == {name: [] for name in PASSING}
    assert b"k" * 32 not in backup.read_bytes()


def test_the_key_of_the_site_is_not_in_a_backup(district: Site, backup: Path) -> None:
    district.must("check")  # on PostgreSQL too, so that there is a key
    assert (district.folder / "secret_key").read_bytes().strip() not in backup.read_bytes()


def test_only_its_owner_reads_a_backup_and_what_came_from_it(backup: Path, restored: Site) -> None:
    uploads = [path for path in (restored.folder / "files").rglob("*") if path.is_file()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in (backup, *uploads)} == {0o600}
    assert [path.name for path in backup.parent.iterdir() if path.name.startswith(".")] == []


def test_a_restored_site_goes_on_working(restored: Site) -> None:
    assert restored.manage("migrate", "--check").returncode == 0
    restored.run(
        "from teachers.models import School\nschool = School.objects.first()\n"
        "school.pk, school.school_id = None, 'new'\nschool.save()"
    )


def test_a_backup_is_checked_without_a_database(backup: Path, tmp_path: Path) -> None:
    nowhere = Site(tmp_path, {"DATABASE_URL": "postgres://nobody@127.0.0.1:9/none"})
    said = nowhere.must("backup", "--check", backup)
    assert said.startswith("Whole: PD Tracker 0.1.0 on ")


def test_a_filled_place_is_never_overwritten(district: Site, backup: Path, tmp_path: Path) -> None:
    assert "never overwrites" in district.refuses("restore", backup)
    assert "never overwrites" in district.refuses("backup", backup)
    elsewhere = new_site(tmp_path, "drill_filled")
    (elsewhere.folder / "files").mkdir()
    (elsewhere.folder / "files" / "kept.txt").write_text("kept", encoding="ascii")
    assert "Move that folder away" in elsewhere.refuses("restore", backup)
    assert files(elsewhere) == {"kept.txt": b"kept"}


def test_damage_leaves_the_empty_place_empty(backup: Path, tmp_path: Path) -> None:
    whole = backup.read_bytes()
    damaged = tmp_path / "damaged.tar"
    damaged.write_bytes(whole[: len(whole) // 2])
    elsewhere = new_site(tmp_path, "drill_damaged")
    assert "damaged or was cut short" in elsewhere.refuses("restore", damaged)
    assert not (elsewhere.folder / "files").exists()
    damaged.write_bytes(whole)
    elsewhere.must("restore", damaged)  # the same place takes the whole one


def test_an_older_backup_is_brought_up_to_date(tmp_path: Path) -> None:
    older, today = new_site(tmp_path, "drill_older"), new_site(tmp_path, "drill_today")
    older.must("migrate", "--verbosity=0")
    older.must("migrate", "axes", "0008", "--verbosity=0")
    older.must("backup", tmp_path)
    [made] = tmp_path.glob("pd-tracker-*Z.tar")
    assert re.fullmatch(r"pd-tracker-\d{8}T\d{6}Z\.tar", made.name)
    today.must("restore", made)
    assert today.manage("migrate", "--check").returncode == 0


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"migrations": [["teachers", "9999_future"]]}, "newer than this one"),
        ({"engine": "another"}, "was made on another, and this site runs on"),
        ({"form": 2}, "newer version of PD Tracker"),
        ({"tables": {"teachers_school": {"rows": 1, "sha256": "0"}}}, "differs from what was backed up"),
    ],
)
def test_what_does_not_fit_is_refused(backup: Path, tmp_path: Path, change: dict[str, Any], sentence: str) -> None:
    elsewhere = new_site(tmp_path, "drill_refusing")
    assert sentence in elsewhere.refuses("restore", doctored(backup, tmp_path / "doctored.tar", **change))


def test_a_database_of_a_newer_version_is_not_backed_up(restored: Site, tmp_path: Path) -> None:
    restored.run(
        "from django.db import connection\nfrom django.db.migrations.recorder import MigrationRecorder\n"
        "MigrationRecorder(connection).record_applied('teachers', '9999_future')"
    )
    assert "newer than this one" in restored.refuses("backup", tmp_path / "none.tar")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.postgres_only
def test_missing_and_old_programs_of_the_server_are_named(district: Site, tmp_path: Path) -> None:
    for version, sentence in {"": "pg_dump is not installed", "9.6.24": "pg_dump here is of version 9"}.items():
        programs = tmp_path / f"programs{version}"
        programs.mkdir()
        if version:
            (programs / "pg_dump").write_text(f"#!/bin/sh\necho 'pg_dump (PostgreSQL) {version}'\n", encoding="ascii")
            (programs / "pg_dump").chmod(0o755)
        done = district.manage("backup", tmp_path / "none.tar", PATH=f"{programs}")
        assert sentence in done.stderr
        assert "Install PostgreSQL's client programs" in done.stderr
