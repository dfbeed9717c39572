"""A site from its backup, in an empty place: `manage.py restore PATH`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser, call_command

from pd_tracker.audit.actions import record
from pd_tracker.web.backups.making import restore
from pd_tracker.web.backups.refusal import Refused


class Command(BaseCommand):
    help = "Fill an empty database and an empty folder of files from a backup, and check every table and file."
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="a file that `manage.py backup` wrote")

    def handle(self, *, path: Path, **options: Any) -> None:
        try:
            manifest = restore(path)
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        except OSError as error:
            raise CommandError(f"The restore stopped: {error.strerror or error} ({error.filename}).") from None
        call_command("migrate", interactive=False, verbosity=0)
        record(actor=None, verb="backup.restored", made_at=manifest.made_at)
        self.stdout.write(
            f"Restored as of {manifest.made_at}: all {len(manifest.tables)} tables and {len(manifest.files)} files are "
            "as they were backed up. Everybody signs in again. Run `manage.py prepare`, then start the site."
        )
