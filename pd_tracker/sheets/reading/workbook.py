"""The parent's side of reading a workbook: start the child, take its rows as they come, end it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Collection, Iterator
from contextlib import suppress
from multiprocessing import Pipe
from pathlib import Path
from typing import Any, BinaryIO

from .archive import DAMAGED, TOO_LARGE
from .shapes import Place, Row, Sheet, Unreadable
from .wire import decode

PATIENCE_SECONDS = 90.0
LARGEST_MESSAGE = 64 * 2**20
PROJECT = Path(__file__).resolve().parents[3]
CHILD = "pd_tracker.sheets.reading.child"
PASSED_ON = ("LD_LIBRARY_PATH", "SYSTEMROOT")  # what an interpreter may need to start; secrets stay here


class Child:
    """A running reader of one workbook."""

    def __init__(self, file: BinaryIO, wanted: Collection[str]) -> None:
        self.inbox, outbox = Pipe(duplex=False)
        with outbox:
            self.process = subprocess.Popen(
                [sys.executable, "-E", "-s", "-m", CHILD, str(outbox.fileno()), json.dumps(sorted(wanted))],
                stdin=file,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[outbox.fileno()],
                cwd=PROJECT,
                env={name: os.environ[name] for name in PASSED_ON if name in os.environ},
            )

    def receive(self) -> tuple[str, Any]:
        """The next message; a refusal, a death or a silence of the child is raised as `Unreadable`."""
        try:
            if not self.inbox.poll(PATIENCE_SECONDS):
                raise Unreadable(TOO_LARGE)
            kind, content = decode(self.inbox.recv_bytes(LARGEST_MESSAGE))
        except (EOFError, OSError) as error:
            raise Unreadable(TOO_LARGE) from error  # ended by a limit
        except (ValueError, KeyError, TypeError) as error:
            raise Unreadable(DAMAGED) from error
        if kind == "refused":
            raise Unreadable(content)
        return kind, content

    def end(self) -> None:
        self.inbox.close()
        with suppress(ProcessLookupError):
            self.process.kill()
        self.process.wait()


class WorkbookRows(Iterator[Row]):
    """Rows of the child's sheet; the child ends with the last row, with `close`, or when nobody asks any more."""

    def __init__(self, child: Child, sheet: str) -> None:
        self.child, self.sheet = child, sheet
        self.batch: Iterator[Any] = iter(())
        self.ended = False

    def __next__(self) -> Row:
        for number, cells in self.batch:
            return Row(Place(self.sheet, number), tuple(cells))
        if self.ended:
            raise StopIteration
        self.next_batch()
        return next(self)

    def next_batch(self) -> None:
        try:
            kind, content = self.child.receive()
        except Unreadable:
            self.close()
            raise
        if kind == "rows":
            self.batch = iter(content)
        else:
            self.close()

    def close(self) -> None:
        if not self.ended:
            self.ended = True
            self.batch = iter(())
            self.child.end()

    def __del__(self) -> None:
        self.close()


def read_workbook(file: BinaryIO, wanted: Collection[str]) -> Sheet:
    child = Child(file, wanted)
    try:
        _, (name, header_row, headings, date1904) = child.receive()
    except BaseException:
        child.end()
        raise
    rows = WorkbookRows(child, name)
    return Sheet(name, header_row, tuple(headings), date1904, rows, close=rows.close)
