"""What `manage.py serve` refuses, and that its parts start and stop together."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from threading import Event

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from pd_tracker.web.management.commands import serve
from pd_tracker.web.management.commands.serve import first_ended, stop_all

HERE = "127.0.0.1"


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server((HERE, 0)) as listening:
        yield listening.getsockname()[1]


def free_port() -> int:
    with socket.create_server((HERE, 0)) as listening:
        return listening.getsockname()[1]


def program(code: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", code])


def test_a_taken_port_is_refused_in_a_sentence(taken_port: int) -> None:
    with pytest.raises(CommandError, match=f"Port {taken_port} cannot be used .*PORT=8001"):
        call_command("serve", port=taken_port)


def test_the_embedded_site_is_not_served_beyond_this_machine() -> None:
    with pytest.raises(CommandError, match="ALLOWED_HOSTS"):
        call_command("serve", host="0.0.0.0", port=free_port())  # noqa: S104


def test_the_part_that_ends_by_itself_is_named_and_the_other_stopped() -> None:
    children = {"short": program("pass"), "long": program("import time; time.sleep(60)")}

    ended = first_ended(children, Event(), tell=print)
    stop_all(children.values())

    assert ended == "short"
    assert children["long"].returncode == -signal.SIGTERM


def test_a_killed_worker_is_started_again_a_few_times(monkeypatch: pytest.MonkeyPatch) -> None:
    killed = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    monkeypatch.setattr(serve, "start", lambda module: program(killed))
    told: list[str] = []

    ended = first_ended({serve.WORKER: program(killed)}, Event(), tell=told.append)

    assert ended == serve.WORKER
    assert told == [f"The {serve.WORKER} was killed (signal 9) and is started again."] * serve.WORKER_LIVES


def test_a_signal_ends_the_watch_without_blame() -> None:
    stopping = Event()
    stopping.set()

    assert first_ended({}, stopping, tell=print) is None


@pytest.mark.slow
def test_site_and_worker_start_answer_and_stop_together() -> None:
    port = free_port()
    manage = [sys.executable, settings.BASE_DIR / "manage.py"]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "pd_tracker.settings"}
    subprocess.run([*manage, "prepare", "--verbosity=0"], env=environment, check=True)
    serving = subprocess.Popen([*manage, "serve", f"--port={port}"], env=environment, stdout=subprocess.PIPE)
    try:
        assert b"Sign in" in answer(f"http://{HERE}:{port}/")
        children = children_of(serving.pid)
    finally:
        serving.terminate()
        said, _ = serving.communicate(timeout=60)

    assert f"http://{HERE}:{port} ".encode() in said
    assert serving.returncode == 0
    assert len(children) == 2
    assert not any(map(is_alive, children))


def answer(address: str) -> bytes:
    for _ in range(100):
        try:
            return urllib.request.urlopen(address, timeout=10).read()  # noqa: S310  (our own address)
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"{address} did not answer")


def children_of(pid: int) -> list[int]:
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=True)
    return [int(line) for line in found.stdout.split()]


def is_alive(pid: int) -> bool:
    return subprocess.run(["ps", "-p", str(pid)], capture_output=True, check=False).returncode == 0
