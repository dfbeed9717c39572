"""One backup is one .tar file: the database of one moment, the uploaded files, a manifest of both, and a seal.

Any tar program lists and unpacks it. The seal, its last member, is the digest of every byte before it, so a change or a
loss anywhere in the file is found without trusting anything the file says about itself.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from pd_tracker.web.backups.contents import Contents
from pd_tracker.web.backups.refusal import Refused

FORM = 1
MANIFEST = "manifest.json"
FILES = "files/"
DAMAGED = "This backup is damaged or was cut short: {reason}. Nothing was restored. Use another backup."
NOT_OURS = "This file is not a backup made by `manage.py backup`."


@dataclass(frozen=True, slots=True)
class Kept:
    """A member of the archive."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    version: str
    made_at: str
    engine: str
    migrations: tuple[tuple[str, str], ...]
    tables: dict[str, Contents]
    members: dict[str, Kept]
    form: int = FORM

    @property
    def files(self) -> dict[str, Kept]:
        return {name.removeprefix(FILES): kept for name, kept in self.members.items() if name.startswith(FILES)}


def manifest_from(text: bytes) -> Manifest:
    said: dict[str, Any] = json.loads(text)
    if said["form"] > FORM:
        raise Refused("This backup was made by a newer version of PD Tracker. Install that version and try again.")
    return Manifest(
        **said
        | {
            "migrations": tuple((app, name) for app, name in said["migrations"]),
            "tables": {table: Contents(**found) for table, found in said["tables"].items()},
            "members": {name: Kept(**kept) for name, kept in said["members"].items()},
        }
    )


# --- Writing ----------------------------------------------------------------------------------------------------


@contextmanager
def only_whole(target: Path) -> Iterator[io.BufferedRandom]:
    """Under a passing name until all of it is on the disk; readable by its owner only."""
    passing = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with open(passing, "x+b", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        passing.rename(target)
    finally:
        passing.unlink(missing_ok=True)


def add(tar: tarfile.TarFile, name: str, source: BinaryIO) -> Kept:
    """The size is settled first: of a file that still grows, what was there is kept."""
    size = os.fstat(source.fileno()).st_size
    reader = Digesting(source)
    tar.addfile(member(name, size), reader)
    return Kept(size, reader.digest.hexdigest())


def add_manifest(tar: tarfile.TarFile, manifest: Manifest) -> None:
    text = json.dumps(asdict(manifest), indent=1).encode()
    tar.addfile(member(MANIFEST, len(text)), io.BytesIO(text))


def seal(file: io.BufferedRandom) -> None:
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256")
    file.seek(0, os.SEEK_END)
    file.write(seal_of(digest.hexdigest()))


def seal_of(digest: str) -> bytes:
    """The end of the archive, always of the same length: a last member, and the blocks that end a tar file."""
    end = io.BytesIO()
    with tarfile.open(fileobj=end, mode="w") as tar:
        tar.addfile(member("sha256", len(digest)), io.BytesIO(digest.encode()))
    return end.getvalue()


def member(name: str, size: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info


class Digesting:
    """Reads a file and digests what was read."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.digest = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        block = self.file.read(size)
        self.digest.update(block)
        return block


# --- Reading ----------------------------------------------------------------------------------------------------


@contextmanager
def opened(path: Path) -> Iterator[tuple[tarfile.TarFile, Manifest]]:
    """An archive whose every byte is as it was written."""
    try:
        with path.open("rb") as file:
            check_seal(file)
            with tarfile.open(fileobj=file, mode="r:") as tar:
                text = tar.extractfile(MANIFEST)
                yield tar, manifest_from(text.read() if text else b"")
    except FileNotFoundError:
        raise Refused(f"There is no file {path}.") from None
    except (tarfile.TarError, KeyError, ValueError, TypeError):
        raise Refused(NOT_OURS) from None


def check_seal(file: BinaryIO) -> None:
    length = len(seal_of("0" * 64))
    if file.seek(0, os.SEEK_END) < length:
        raise Refused(DAMAGED.format(reason="it is too short"))
    before, digest = file.tell() - length, hashlib.sha256()
    file.seek(0)
    while before and (block := file.read(min(before, 2**20))):
        digest.update(block)
        before -= len(block)
    if file.read() != seal_of(digest.hexdigest()):
        raise Refused(DAMAGED.format(reason="its checksum does not fit"))
    file.seek(0)


def take_out(tar: tarfile.TarFile, name: str, kept: Kept, target: Path) -> None:
    """Writes one member to a new file, readable by its owner only, and reads it back from there."""
    source = tar.extractfile(name)
    if source is None:
        raise Refused(DAMAGED.format(reason=f"{name} is missing"))
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with open(target, "xb", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
        shutil.copyfileobj(source, file)
    with target.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != kept.sha256:
            raise Refused(DAMAGED.format(reason=f"{name} is not as it was"))
