"""Any change or loss in a backup is found, wherever it is."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest

from pd_tracker.web.backups.archive import FORM, MANIFEST, opened, take_out
from pd_tracker.web.backups.making import checked, inside
from pd_tracker.web.backups.refusal import Refused
from tests.pd_tracker.web.backups.doctoring import written

CONTENT = {"database.sqlite3": b"rows" * 9_000, "files/imports/a.csv": b"id\n1\n", "files/empty": b""}


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    members = {name: {"size": len(data), "sha256": sha256(data).hexdigest()} for name, data in CONTENT.items()}
    manifest = {"version": "1", "made_at": "", "engine": "sqlite", "migrations": [], "tables": {}, "form": FORM}
    path = tmp_path / "backup.tar"
    with path.open("x+b") as file:
        written(file, CONTENT | {MANIFEST: json.dumps(manifest | {"members": members}).encode()})
    return path


def test_a_whole_backup_says_what_it_holds(backup: Path) -> None:
    manifest = checked(backup)
    assert {name: kept.size for name, kept in manifest.files.items()} == {"imports/a.csv": 5, "empty": 0}


def test_every_bit_counts(backup: Path) -> None:
    whole = backup.read_bytes()
    positions = {0, 156, 511, 512, len(whole) - 1, len(whole) - 10_000, *range(0, len(whole), 499)}
    for position in positions:
        backup.write_bytes(whole[:position] + bytes([whole[position] ^ 1]) + whole[position + 1 :])
        with pytest.raises(Refused, match="damaged or was cut short"):
            checked(backup)
    assert len(positions) > 100


def test_a_shorter_or_longer_file_is_not_the_backup(backup: Path) -> None:
    whole = backup.read_bytes()
    for length in {0, 1, 511, len(whole) - 1, len(whole) - 512, len(whole) - 10_240, *range(0, len(whole), 997)}:
        backup.write_bytes(whole[:length])
        with pytest.raises(Refused, match="damaged or was cut short"):
            checked(backup)
    backup.write_bytes(whole + b"\0")
    with pytest.raises(Refused, match="damaged"):
        checked(backup)


@pytest.mark.parametrize("manifest", [b"", b"[]", b"{}", b'{"form": 1}'])
def test_a_sealed_file_without_a_manifest_of_ours_is_refused(tmp_path: Path, manifest: bytes) -> None:
    path = tmp_path / "other.tar"
    with path.open("x+b") as file:
        written(file, {MANIFEST: manifest} if manifest else {"notes.txt": b"notes"})
    with pytest.raises(Refused, match="not a backup"):
        checked(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"There is no file .*none\.tar"):
        checked(tmp_path / "none.tar")


def test_what_is_taken_out_is_read_back_from_the_disk(backup: Path, tmp_path: Path, monkeypatch) -> None:
    def losing(source, target):
        target.write(source.read()[:-1])

    with opened(backup) as (tar, manifest):
        kept = manifest.members["database.sqlite3"]
        take_out(tar, "database.sqlite3", kept, tmp_path / "whole")
        monkeypatch.setattr("shutil.copyfileobj", losing)
        with pytest.raises(Refused, match="not as it was"):
            take_out(tar, "database.sqlite3", kept, tmp_path / "short")
    assert (tmp_path / "whole").read_bytes() == CONTENT["database.sqlite3"]


@pytest.mark.parametrize("name", ["../secret_key", "a/../../secret_key", "/etc/passwd"])
def test_nothing_is_written_outside_the_folder(tmp_path: Path, name: str) -> None:
    assert inside(tmp_path, "imports/../a.csv") == tmp_path / "a.csv"
    with pytest.raises(Refused):
        inside(tmp_path, name)
