"""What the settings make of an environment, each tried in a process of its own."""

from __future__ import annotations

import json
import os
import stat

import pytest
from django.db import connection

from tests.sites import Site

KEY = "k3Q9vX2mB7nR5tW8yZ1aC4dF6gH0jL-pS_uE" * 2
ABROAD = {"ALLOWED_HOSTS": "pd.example.org", "SECRET_KEY": KEY, "DATABASE_URL": "postgres://u:p@localhost/x"}

PLANNED = "-c jit=off -c cursor_tuple_fraction=1"
AS_PAGES = "import pd_tracker.wsgi; "


def manage(folder, *words, **environment):
    return Site(folder, environment).manage(*words)


@pytest.mark.slow
def test_production_settings_leave_the_deployment_check_nothing_to_say(tmp_path):
    done = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **ABROAD)
    assert (done.returncode, "no issues" in done.stdout) == (0, True), done.stderr


@pytest.mark.parametrize(
    "unsafe",
    [
        {"DEBUG": "1"},
        {"SECRET_KEY": ""},
        {"SECRET_KEY": "k" * 60},
        {"ALLOWED_HOSTS": "pd.example.org,*"},
        {"DATABASE_URL": "postgres://u:p@db.example.org/x"},
        {"HEALTH_TOKEN": "short"},
    ],
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


@pytest.mark.slow
@pytest.mark.parametrize(
    ("surroundings", "told"),
    [
        ({"DATABASE_URL": ""}, "pd_tracker.W001"),
        ({"DATABASE_URL": "postgres://u:p@db.example.org/x?sslmode=require"}, "pd_tracker.W002"),
        ({"EMAIL_URL": "smtp://mail.example.org:25"}, "pd_tracker.W003"),
        ({"OPENPYXL_DEFUSEDXML": "False"}, "pd_tracker.E001"),
    ],
)
def test_what_somebody_should_have_decided_is_told_with_its_remedy(tmp_path, surroundings, told):
    environment = {name: value for name, value in (ABROAD | surroundings).items() if value}
    done = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **environment)
    assert done.returncode == 1
    assert [line.split("HINT: ")[1].strip() for line in done.stderr.splitlines() if "HINT" in line] != []
    assert told in done.stderr
    assert "identified 1 issue" in done.stderr


def database(tmp_path, before_setup="", **environment):
    """The database as a process of the site would connect to it."""
    site = Site(tmp_path, ABROAD | environment, before_setup)
    shown = site.run(
        "import json\nfrom django.conf import settings\nprint(json.dumps(settings.DATABASES, default=str))"
    )
    return json.loads(shown)["default"]


def test_pages_give_up_on_the_database_and_long_work_does_not(tmp_path):
    pages, work = database(tmp_path, AS_PAGES), database(tmp_path)
    limits = "-c statement_timeout=30s -c lock_timeout=5s -c idle_in_transaction_session_timeout=60s"
    assert pages["OPTIONS"]["options"] == f"{PLANNED} {limits}"
    assert work["OPTIONS"]["options"] == PLANNED
    assert pages["CONN_HEALTH_CHECKS"] is work["CONN_HEALTH_CHECKS"] is True


def test_the_address_of_the_database_has_the_last_word(tmp_path):
    url = "postgres://u:p@%2Frun%2Fpostgresql/x?options=-c%20lock_timeout%3D9s&connect_timeout=7&sslmode=require"
    found = database(tmp_path, AS_PAGES, DATABASE_URL=url, WEB_IDLE_SECONDS="0", WEB_STATEMENT_SECONDS="12")
    assert found["HOST"] == "/run/postgresql"
    assert (
        found["OPTIONS"]["options"]
        == "-c jit=off -c cursor_tuple_fraction=1 -c statement_timeout=12s -c lock_timeout=5s -c lock_timeout=9s"
    )
    assert (found["OPTIONS"]["connect_timeout"], found["OPTIONS"]["sslmode"]) == (7, "require")


@pytest.mark.postgres_only
@pytest.mark.database
@pytest.mark.parametrize(("before_setup", "shown"), [(AS_PAGES, "1s"), ("", "0")])
def test_the_server_hears_of_the_limits(tmp_path, before_setup, shown):
    limited = {"DATABASE_URL": os.environ["DATABASE_URL"], "WEB_STATEMENT_SECONDS": "1"}
    told = Site(tmp_path, limited, before_setup).run(
        "from django.db import connection\n"
        "with connection.cursor() as cursor:\n"
        "    cursor.execute('SHOW statement_timeout')\n"
        "    print(cursor.fetchone()[0])"
    )
    assert told.strip() == shown


def test_a_pool_before_the_database_is_told_no_options(tmp_path):
    pooled = ABROAD["DATABASE_URL"] + "?DISABLE_SERVER_SIDE_CURSORS=true"
    assert "options" not in database(tmp_path, AS_PAGES, DATABASE_URL=pooled)["OPTIONS"]


@pytest.mark.parametrize("before_setup", [AS_PAGES, ""])
def test_numbers_are_loaded_where_a_report_runs_and_keep_to_one_thread(tmp_path, before_setup):
    told = Site(tmp_path, {}, before_setup).run(
        "import os, sys, pd_tracker.urls\n"
        "print({'numpy', 'scipy'} & set(sys.modules), os.environ['OPENBLAS_NUM_THREADS'])"
    )
    assert told.strip() == "set() 1"


def test_whoever_runs_the_site_has_the_last_word_on_threads(tmp_path):
    script = "import os; print(os.environ['OPENBLAS_NUM_THREADS'])"
    assert Site(tmp_path, {"OPENBLAS_NUM_THREADS": "4"}).run(script).strip() == "4"
