"""A copy of everything that cannot be made again: `manage.py backup PATH`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from pd_tracker.audit.actions import record
from pd_tracker.web.backups.archive import Manifest
from pd_tracker.web.backups.making import back_up, checked
from pd_tracker.web.backups.refusal import Refused


class Command(BaseCommand):
    help = "Back up the database and the uploaded files into one file, while the site goes on working."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="a new file, or a folder that gets a file named after the moment")
        parser.add_argument("--check", action="store_true", help="read a backup and say whether it is whole")

    def handle(self, *, path: Path, check: bool, **options: Any) -> None:
        try:
            self.stdout.write(said(checked(path) if check else self.made(path, at=timezone.now())))
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        except OSError as error:
            raise CommandError(f"{path} cannot be used: {error.strerror or error}.") from None

    def made(self, path: Path, *, at: datetime) -> Manifest:
        target = path / f"pd-tracker-{at:%Y%m%dT%H%M%SZ}.tar" if path.is_dir() else path
        if target.exists():
            raise Refused(f"{target} is already there, and a backup never overwrites. Choose another name.")
        manifest = back_up(target, at=at)
        record(actor=None, verb="backup.made", tables=len(manifest.tables), files=len(manifest.files))
        self.stdout.write(f"Written to {target}")
        return manifest


def said(manifest: Manifest) -> str:
    rows = sum(table.rows for table in manifest.tables.values())
    return (
        f"Whole: PD Tracker {manifest.version} on {manifest.engine} as of {manifest.made_at}, "
        f"{rows} rows in {len(manifest.tables)} tables, {len(manifest.files)} uploaded files."
    )
