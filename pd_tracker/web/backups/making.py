"""Backing up a site that goes on working, and bringing one back in an empty place."""

from __future__ import annotations

import os
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.utils import DEFAULT_DB_ALIAS

from pd_tracker.web.backups.archive import (
    FILES,
    NOT_OURS,
    Kept,
    Manifest,
    add,
    add_manifest,
    only_whole,
    opened,
    seal,
    take_out,
)
from pd_tracker.web.backups.contents import applied_migrations, contents_of, known_migrations
from pd_tracker.web.backups.engines import MEMBERS, fill, is_empty, snapshot
from pd_tracker.web.backups.refusal import Refused


def back_up(target: Path, *, at: datetime) -> Manifest:
    """The database first: whatever file its rows name is on the disk by then."""
    member = MEMBERS[connection.vendor]
    with scratch(target.parent) as folder, only_whole(target) as file:
        with snapshot(folder / member) as alias, tarfile.open(fileobj=file, mode="w") as tar:
            with (folder / member).open("rb") as database:
                members = {member: add(tar, member, database)}
            migrations = tuple(sorted(applied_migrations(alias)))
            refuse_newer(migrations, "This database was last used by")
            manifest = Manifest(
                version=settings.VERSION,
                made_at=at.isoformat(),
                engine=connection.vendor,
                migrations=migrations,
                tables=contents_of(alias),
                members=members | dict(add_uploads(tar)),
            )
            add_manifest(tar, manifest)
            end = tar.offset
        file.truncate(end)  # the blocks that end a tar file come after the seal
        seal(file)
    return manifest


def add_uploads(tar: tarfile.TarFile) -> Iterator[tuple[str, Kept]]:
    root = Path(settings.MEDIA_ROOT)
    for path in sorted(path for path in root.rglob("*") if path.is_file() and not path.is_symlink()):
        name = FILES + path.relative_to(root).as_posix()
        with path.open("rb") as upload:
            yield name, add(tar, name, upload)


def checked(source: Path) -> Manifest:
    """Reads the whole archive; what it holds, if it is whole."""
    with opened(source) as (tar, manifest):
        if set(manifest.members) - set(tar.getnames()):
            raise Refused(NOT_OURS)
        return manifest


def restore(source: Path) -> Manifest:
    """Fills an empty place and compares every table and file with what was backed up."""
    uploads = Path(settings.MEDIA_ROOT)
    refuse_filled(uploads)
    uploads.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with opened(source) as (tar, manifest), scratch(uploads.parent) as folder:
        refuse_unfit(manifest)
        member = MEMBERS[manifest.engine]
        take_out(tar, member, manifest.members[member], folder / member)
        staged = folder / "files"
        staged.mkdir()
        for name, kept in manifest.files.items():
            take_out(tar, FILES + name, kept, inside(staged, name))
        fill(folder / member)
        staged.replace(uploads)
    compare(manifest)
    return manifest


def refuse_filled(uploads: Path) -> None:
    if not is_empty():
        raise Refused(
            "This database already has tables, and a restore never overwrites. Stop the site, name an empty database "
            "in DATABASE_URL (or an empty folder in PD_TRACKER_DATA) and try again."
        )
    if uploads.exists() and any(uploads.iterdir()):
        raise Refused(
            f"{uploads} already has files, and a restore never overwrites. Move that folder away and try again."
        )


def refuse_unfit(manifest: Manifest) -> None:
    if manifest.engine != connection.vendor:
        raise Refused(
            f"This backup was made on {manifest.engine}, and this site runs on {connection.vendor}. "
            "Restore it on the same kind of database: set DATABASE_URL."
        )
    refuse_newer(manifest.migrations, "This backup was made by")


def refuse_newer(migrations: Iterable[tuple[str, str]], what: str) -> None:
    if set(migrations) - known_migrations():
        raise Refused(
            f"{what} a version of PD Tracker newer than this one ({settings.VERSION}). "
            "Install that version and try again."
        )


def inside(folder: Path, name: str) -> Path:
    path = Path(os.path.normpath(folder / name))
    if not path.is_relative_to(folder):
        raise Refused(NOT_OURS)
    return path


def compare(manifest: Manifest) -> None:
    found = contents_of(DEFAULT_DB_ALIAS)
    names = sorted(found.keys() | manifest.tables.keys())
    wrong = [name for name in names if found.get(name) != manifest.tables.get(name)]
    if wrong:
        raise Refused(
            f"What was restored differs from what was backed up, in {', '.join(wrong)}. Do not use this database; "
            "empty it and restore another backup."
        )


@contextmanager
def scratch(beside: Path) -> Iterator[Path]:
    """A folder of our own on the same disk."""
    with tempfile.TemporaryDirectory(prefix=".pd-tracker-", dir=beside) as folder:
        yield Path(folder)
