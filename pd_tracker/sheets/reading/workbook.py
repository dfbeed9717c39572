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
from .shapes import Block, Sheet, Unreadable
from .wire import decode, decode_column

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


class WorkbookBlocks(Iterator[Block]):
    """Blocks of the child's sheet; the child ends with the last one, with `close`, or when nobody asks any more."""

    def __init__(self, child: Child, width: int) -> None:
        self.child, self.width = child, width
        self.ended = False

    def __next__(self) -> Block:
        if self.ended:
            raise StopIteration
        try:
            kind, content = self.child.receive()
            if kind == "rows":
                return block_of(content, self.width)
        except Unreadable:
            self.close()
            raise
        self.close()
        raise StopIteration

    def close(self) -> None:
        if not self.ended:
            self.ended = True
            self.child.end()

    def __del__(self) -> None:
        self.close()


def block_of(content: Any, width: int) -> Block:
    """What the child says, taken for a block only if it is one."""
    try:
        numbers, encoded = content
        columns = [decode_column(column) for column in encoded]
        shape = set(map(type, numbers)), len(columns), {len(column) for column in columns}
    except (KeyError, TypeError, ValueError) as error:
        raise Unreadable(DAMAGED) from error
    if shape != ({int}, width, {len(numbers)}):
        raise Unreadable(DAMAGED)
    return Block(numbers, columns)


def read_workbook(file: BinaryIO, wanted: Collection[str]) -> Sheet:
    child = Child(file, wanted)
    try:
        _, (name, header_row, headings, date1904) = child.receive()
    except BaseException:
        child.end()
        raise
    blocks = WorkbookBlocks(child, len(headings))
    return Sheet(name, header_row, tuple(headings), date1904, blocks, close=blocks.close)
