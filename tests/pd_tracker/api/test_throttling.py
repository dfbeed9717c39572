"""How often one person may ask in a minute."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pd_tracker.api import throttling
from pd_tracker.api.throttling import count_in
from tests.factories import user_with_role
from tests.programs import API, program

TEACHERS = f"{API}/teachers/"


@pytest.fixture
def limit(settings, tmp_path, monkeypatch) -> int:
    settings.DATA_DIR, settings.API_REQUESTS_PER_MINUTE = tmp_path, 5
    monkeypatch.setattr(throttling.time, "time", lambda: 1_800_000_010.0)  # the minute does not end meanwhile
    return 5


@pytest.mark.django_db
class TestLimit:
    def test_whoever_asks_too_often_is_told_when_to_come_back(self, limit):
        client = program(user_with_role("hr"))
        assert [client.get(TEACHERS).status_code for _ in range(limit)] == [200] * limit
        answer = client.get(TEACHERS)
        assert answer.status_code == 429
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert 1 <= int(answer.headers["Retry-After"]) <= 60

    def test_all_tokens_of_one_person_count_together_and_nobody_elses(self, limit):
        user = user_with_role("hr")
        clients = [program(user) for _ in range(limit)]
        assert {client.get(TEACHERS).status_code for client in clients} == {200}
        assert clients[0].get(TEACHERS).status_code == 429
        assert program(user_with_role("hr")).get(TEACHERS).status_code == 200

    def test_the_next_minute_begins_anew(self, limit, monkeypatch):
        client = program(user_with_role("hr"))
        assert [client.get(TEACHERS).status_code for _ in range(limit + 1)][-1] == 429
        monkeypatch.setattr(throttling.time, "time", lambda: 1_800_000_070.0)
        assert client.get(TEACHERS).status_code == 200


def test_a_thousand_tries_at_once_are_each_counted(tmp_path: Path) -> None:
    path = tmp_path / "somebody"
    with ThreadPoolExecutor(32) as pool:
        counts = list(pool.map(lambda _: count_in(path, 7), range(1000)))
    assert sorted(counts) == list(range(1, 1001))
    assert sum(count <= 600 for count in counts) == 600
