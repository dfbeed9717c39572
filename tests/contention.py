"""Several processes that read and then write one row, each in a transaction, on a database file of their own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import Any

from tests.sites import Site

PREPARE = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("CREATE TABLE seats (taken integer)")
    cursor.execute("INSERT INTO seats VALUES (0)")
"""
TAKE = """
import json, sys, time
from django.conf import settings
from django.db import OperationalError, connection, transaction
times, mode = int(sys.argv[1]), sys.argv[2]
if mode == "deferred":
    del connection.settings_dict["OPTIONS"]["transaction_mode"]
print("ready", flush=True)
while not (settings.DATA_DIR / "go").exists():
    time.sleep(0.001)
failed, waits = 0, []
for _ in range(times):
    began = time.perf_counter()
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT taken FROM seats")
            cursor.execute("UPDATE seats SET taken = %s", [cursor.fetchone()[0] + 1])
    except OperationalError:
        failed += 1
    waits.append(time.perf_counter() - began)
print(json.dumps([failed, waits]))
"""
HOLD = """
import sys, time
from django.db import connection, transaction
with transaction.atomic(), connection.cursor() as cursor:
    cursor.execute("UPDATE seats SET taken = taken")
    print("held", flush=True)
    time.sleep(float(sys.argv[1]))
"""
READ = """
import json, time
from django.db import connection
waits = []
for _ in range(100):
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("SELECT taken FROM seats")
    waits.append(time.perf_counter() - began)
    time.sleep(0.005)
print(json.dumps(max(waits)))
"""


@contextmanager
def memory_folder() -> Iterator[Path]:
    """Where the system has a disk in memory, there: who is turned away does not hang on how fast a disk is."""
    memory = Path("/dev/shm")  # noqa: S108
    with TemporaryDirectory(prefix="pd-tracker-", dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)


@dataclass(frozen=True, slots=True)
class Outcome:
    failed: int
    taken: int
    p99: float


def contend(*, processes: int, each: int, mode: str = "as the product does") -> Outcome:
    with memory_folder() as folder:
        site = Site(folder)
        site.run(PREPARE)
        running = [site.start(TAKE, each, mode) for _ in range(processes)]
        for process in running:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        (folder / "go").touch()
        told = [json.loads(said) for said in map(ended, running)]
        waits = list(chain.from_iterable(waits for _, waits in told))
        return Outcome(sum(failed for failed, _ in told), taken(site), quantiles(waits, n=100)[-1])


def ended(process: Any) -> str:
    with process:
        said: str = process.communicate(timeout=200)[0]
    assert process.returncode == 0
    return said


def taken(site: Site) -> int:
    return int(
        site.run(
            "from django.db import connection\n"
            "with connection.cursor() as cursor:\n"
            "    cursor.execute('SELECT taken FROM seats')\n"
            "    print(cursor.fetchone()[0])"
        )
    )


@contextmanager
def a_writer_in_the_way(site: Site, seconds: float) -> Iterator[None]:
    with site.start(HOLD, seconds) as holding:
        assert holding.stdout is not None
        assert holding.stdout.readline() == "held\n"
        yield
        holding.communicate(timeout=60)
