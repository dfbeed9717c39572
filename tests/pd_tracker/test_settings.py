"""What the settings make of an environment, each tried in a process of its own."""

from __future__ import annotations

import os
import stat
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

KEY = "k3Q9vX2mB7nR5tW8yZ1aC4dF6gH0jL-pS_uE" * 2
ABROAD = {"ALLOWED_HOSTS": "pd.example.org", "SECRET_KEY": KEY, "DATABASE_URL": "postgres://u:p@localhost/x"}


def manage(folder, *words, **environment):
    """A command beside an empty data folder, with nothing of our own environment that the settings would read."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=settings.BASE_DIR,
        env=kept | {"PD_TRACKER_DATA": str(folder)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_production_settings_leave_the_deployment_check_nothing_to_say(tmp_path):
    done = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **ABROAD)
    assert (done.returncode, "no issues" in done.stdout) == (0, True), done.stderr


@pytest.mark.parametrize(
    "unsafe", [{"DEBUG": "1"}, {"SECRET_KEY": ""}, {"SECRET_KEY": "k" * 60}, {"ALLOWED_HOSTS": "pd.example.org,*"}]
)
def test_unsafe_values_are_refused_beyond_this_machine(tmp_path, unsafe):
    done = manage(tmp_path, "check", **ABROAD | unsafe)
    assert done.returncode != 0
    assert "ImproperlyConfigured" in done.stderr


@pytest.mark.slow
def test_what_is_kept_on_this_machine_is_for_its_owner_only(tmp_path):
    folder = tmp_path / "open"
    folder.mkdir(mode=0o755)
    done = manage(folder, "migrate", "contenttypes", "--verbosity=0")
    assert done.returncode == 0, done.stderr
    files = [path for path in folder.iterdir() if path.is_file()]
    assert {"pd_tracker.sqlite3", "secret_key"} <= {path.name for path in files}
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


@pytest.mark.postgres_only
@pytest.mark.django_db
def test_postgresql_does_not_compile_the_queries_of_pages():
    with connection.cursor() as cursor:
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)
