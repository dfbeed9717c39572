"""Several processes on one SQLite file, with the product's own settings: nobody is turned away, nothing is lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.contention import PREPARE, READ, TAKE, a_writer_in_the_way, contend, ended
from tests.sites import Site

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


def test_four_processes_write_ten_thousand_times_and_none_is_turned_away() -> None:
    outcome = contend(processes=4, each=2_500)
    assert (outcome.failed, outcome.taken) == (0, 10_000)
    assert outcome.p99 < 1


def test_without_immediate_transactions_writers_are_turned_away() -> None:
    outcome = contend(processes=4, each=500, mode="deferred")
    assert outcome.failed > 10
    assert outcome.taken == 2_000 - outcome.failed


def test_a_long_write_keeps_writers_waiting_and_readers_not(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.run(PREPARE)
    with a_writer_in_the_way(site, seconds=3):
        (tmp_path / "go").touch()
        writing = site.start(TAKE, 5, "as the product does")
        slowest_read = float(site.run(READ))
    failed, waits = json.loads(ended(writing).removeprefix("ready\n"))
    assert failed == 0
    assert max(waits) > 0.1
    assert slowest_read < 1
