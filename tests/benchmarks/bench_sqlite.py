"""The embedded database under four writers."""

from __future__ import annotations

from tests.benchmarks.conftest import Reach
from tests.contention import contend

SCALE = 10


def test_no_writer_is_turned_away(reach_bar: Reach) -> None:
    naive = SCALE * contend(processes=4, each=2_500 // SCALE, mode="deferred").failed
    reach_bar(
        "SQLite, four writers, 10,000 read-then-write transactions: locked",
        lambda: contend(processes=4, each=2_500).failed,
        allowed=0,
        naive=naive,
        unit="",
    )
