"""The site and its background worker as one thing to start and to stop."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Collection
from threading import Event
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
PATIENCE = 35  # seconds; gunicorn itself lets running requests finish for 30


class Command(BaseCommand):
    help = "Serve the site with a background worker beside it, until Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
        port = os.environ.get("PORT", "8000")
        parser.add_argument("--port", type=int, default=port, help="default: $PORT or 8000")
        parser.add_argument("--workers", type=int, default=2, help="web processes, each with four threads (default 2)")

    def handle(self, *, host: str, port: int, workers: int, **options: Any) -> None:
        if host not in LOOPBACK and settings.EMBEDDED:
            raise CommandError(
                "To serve beyond this machine, set ALLOWED_HOSTS and SECRET_KEY, behind a proxy with TLS."
            )
        refuse_taken(host, port)
        stopping = Event()
        for stop in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(stop, lambda *_: stopping.set())
        children = {
            "web server": start(web_server(host, port, workers)),
            "background worker": start(["django", "worker"]),
        }
        try:
            self.stdout.write(f"\nPD Tracker is served at http://{host}:{port} (Ctrl-C stops it)\n\n")
            self.stdout.flush()
            ended = first_ended(children, stopping)
        finally:
            stop_all(children.values())
        if ended:
            raise CommandError(f"The {ended} ended by itself, so everything was stopped. Its last words are above.")


def refuse_taken(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            reason = error.strerror or error
            raise CommandError(f"Port {port} cannot be used ({reason}). Another one: make run PORT=8001") from None


def web_server(host: str, port: int, workers: int) -> list[str]:
    listen = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    # By default every instance of one user would open the same control socket, in the home folder.
    options = ["--no-control-socket", "--worker-class=gthread", "--threads=4", "--log-level=warning"]
    options.append("--logger-class=pd_tracker.web.server_log.ServerLog")
    return ["gunicorn", "pd_tracker.wsgi", f"--bind={listen}", f"--workers={workers}", *options]


def start(module: list[str]) -> subprocess.Popen[bytes]:
    """Runs a module with this Python, in a group of its own: Ctrl-C reaches only us, and we decide what follows."""
    return subprocess.Popen([sys.executable, "-m", *module], cwd=settings.BASE_DIR, process_group=0)


def first_ended(children: dict[str, subprocess.Popen[bytes]], stopping: Event) -> str | None:
    """Waits for a signal (None) or for a child to end before it was told to (its name)."""
    while not stopping.wait(0.25):
        for name, child in children.items():
            if child.poll() is not None:
                return name
    return None


def stop_all(children: Collection[subprocess.Popen[bytes]]) -> None:
    for child in children:
        child.terminate()
    for child in children:
        try:
            child.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            child.kill()
