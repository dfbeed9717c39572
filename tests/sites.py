"""Whole sites beside the tests: an empty database and data folder, commands run as an operator runs them."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from django.conf import settings
from django.db import connection

KEPT = ("PATH", "HOME", "LANG")


@dataclass
class Site:
    """A site with the product's own settings, on the engine of this test run."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    before_setup: str = ""

    @property
    def everything(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        return kept | {"PD_TRACKER_DATA": str(self.folder)} | self.environment

    def manage(self, *words: object, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *map(str, words)],
            cwd=settings.BASE_DIR,
            env=self.everything | environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def must(self, *words: object) -> str:
        done = self.manage(*words)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def refuses(self, *words: object) -> str:
        """The sentence of a command that ends in one, with nothing of the program's insides."""
        done = self.manage(*words)
        assert done.returncode == 1, done.stdout + done.stderr
        assert done.stderr.startswith("CommandError: "), done.stderr
        return done.stderr.removeprefix("CommandError: ").strip()

    def start(self, script: str, *arguments: object) -> subprocess.Popen[str]:
        """A process of the site that runs a piece of Python."""
        return subprocess.Popen(
            [sys.executable, "-c", f"{self.before_setup}import django; django.setup()\n{script}", *map(str, arguments)],
            cwd=settings.BASE_DIR,
            env=self.everything | {"DJANGO_SETTINGS_MODULE": "pd_tracker.settings"},
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, script: str, *arguments: object) -> str:
        with self.start(script, *arguments) as running:
            said, _ = running.communicate(timeout=100)
        assert running.returncode == 0
        return said


def new_site(folder: Path, name: str) -> Site:
    path = folder / name
    path.mkdir(mode=0o700)
    return Site(path, new_database(name) if connection.vendor == "postgresql" else {})


def new_database(name: str) -> dict[str, str]:
    """Each of the processes that share a run makes its own."""
    url, name = os.environ["DATABASE_URL"], f"{name}_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {name}")
    return {"DATABASE_URL": urlsplit(url)._replace(path=f"/{name}").geturl()}
