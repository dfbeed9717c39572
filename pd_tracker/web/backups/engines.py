"""Taking one moment of a running database, and filling an empty one with it."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import DEFAULT_DB_ALIAS
from psycopg.conninfo import make_conninfo
from psycopg.pq import Conninfo

from pd_tracker.web.backups.contents import PASSING
from pd_tracker.web.backups.refusal import Refused

SNAPSHOT = "snapshot"  # the second connection, to the moment that is backed up
MEMBERS = {"sqlite": "database.sqlite3", "postgresql": "database.pgdump"}


@contextmanager
def snapshot(target: Path) -> Iterator[str]:
    """Writes the database of one moment into a file; inside, the alias reads exactly that moment."""
    main = connections[DEFAULT_DB_ALIAS]
    with second_connection(main) as second:
        if main.vendor == "sqlite":
            copy_sqlite(main, target)
            second.settings_dict |= {"NAME": str(target), "OPTIONS": {}}
            yield SNAPSHOT
        else:
            with transaction.atomic(using=SNAPSHOT):
                dump_postgres(second, target)
                yield SNAPSHOT


@contextmanager
def second_connection(main: BaseDatabaseWrapper) -> Iterator[BaseDatabaseWrapper]:
    second = connections[SNAPSHOT] = main.copy(SNAPSHOT)
    try:
        yield second
    finally:
        second.close()
        del connections[SNAPSHOT]


def is_empty(alias: str = DEFAULT_DB_ALIAS) -> bool:
    return not connections[alias].introspection.table_names()


def fill(source: Path) -> None:
    """Puts everything into the empty default database, or nothing."""
    main = connections[DEFAULT_DB_ALIAS]
    if main.vendor == "sqlite":
        fill_sqlite(main, source)
    else:
        fill_postgres(main, source)


# --- SQLite -----------------------------------------------------------------------------------------------------


def copy_sqlite(main: BaseDatabaseWrapper, target: Path) -> None:
    """VACUUM INTO reads one moment while others go on writing; copying the file would lose what is still in the log."""
    with main.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(target)])
    with closing(sqlite3.connect(target)) as copy, copy:
        copy.execute("PRAGMA secure_delete=ON")  # what is left out is overwritten, not just unlinked
        tables = {name for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        for table in PASSING & tables:
            copy.execute(f'DELETE FROM "{table}"')  # noqa: S608  (our own two names)


def fill_sqlite(main: BaseDatabaseWrapper, source: Path) -> None:
    with closing(sqlite3.connect(source)) as copy:
        found = copy.execute("PRAGMA integrity_check").fetchone()[0]
        if found != "ok":
            raise Refused(f"The database in this backup is damaged: {found}. Use another backup.")
        main.ensure_connection()
        copy.backup(main.connection)
    main.close()


# --- PostgreSQL -------------------------------------------------------------------------------------------------


def dump_postgres(second: BaseDatabaseWrapper, target: Path) -> None:
    with second.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        moment = cursor.fetchone()[0]
    left_out = [f"--exclude-table-data={table}" for table in sorted(PASSING)]
    run(second, "pg_dump", "--format=custom", f"--snapshot={moment}", f"--file={target}", *left_out)


def fill_postgres(main: BaseDatabaseWrapper, source: Path) -> None:
    run(main, "pg_restore", "--single-transaction", "--exit-on-error", str(source))


def run(connection: BaseDatabaseWrapper, name: str, *arguments: str) -> None:
    """One of PostgreSQL's own programs, connected as we are; the password goes by the environment, unseen by others."""
    known = {option.keyword.decode() for option in Conninfo.get_defaults()}
    asked = {key: value for key, value in connection.get_connection_params().items() if key in known}
    password = str(asked.pop("password", ""))
    words = [
        program(name, connection),
        *arguments,
        "--no-owner",
        "--no-privileges",
        f"--dbname={make_conninfo(**asked)}",
    ]
    environment = os.environ | ({"PGPASSWORD": password} if password else {})
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Refused(f"{name} could not finish: {done.stderr.strip() or 'it gave no reason'}")


def program(name: str, connection: BaseDatabaseWrapper) -> str:
    path = shutil.which(name)
    if path is None:
        raise Refused(f"{name} is not installed here. Install PostgreSQL's client programs and try again.")
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"\d+", said)
    server = connection.pg_version // 10_000  # type: ignore[attr-defined]
    if found is None or int(found[0]) < server:
        raise Refused(
            f"{name} here is of version {found[0] if found else 'unknown'}, the server of version {server}. "
            f"Install PostgreSQL's client programs of version {server} or newer and try again."
        )
    return path
