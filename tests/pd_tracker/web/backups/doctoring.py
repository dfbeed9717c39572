"""Backups that say something else than what was backed up, whole and sealed all the same."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path
from typing import Any

from pd_tracker.web.backups.archive import MANIFEST, member, only_whole, seal


def doctored(source: Path, target: Path, **changes: Any) -> Path:
    with tarfile.open(source) as old, only_whole(target) as file:
        members = {info.name: old.extractfile(info).read() for info in old if info.name != "sha256"}
        members[MANIFEST] = json.dumps(json.loads(members[MANIFEST]) | changes).encode()
        written(file, members)
    return target


def written(file: Any, members: dict[str, bytes]) -> None:
    with tarfile.open(fileobj=file, mode="w") as new:
        for name, content in members.items():
            new.addfile(member(name, len(content)), io.BytesIO(content))
        end = new.offset
    file.truncate(end)
    seal(file)
