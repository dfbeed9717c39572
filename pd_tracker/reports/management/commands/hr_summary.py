"""The HR summary workbook from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from pd_tracker.access import Capability, Reader
from pd_tracker.reports.facts.hr.standings import bring_up_to_date
from pd_tracker.reports.hr_summary.form import HrSummaryForm
from pd_tracker.reports.hr_summary.workbook import summary
from pd_tracker.reports.management.commands.report import pair, reader_named
from pd_tracker.reports.parameters import BadParameters
from teachers.clock import district_time


class Command(BaseCommand):
    help = "Write the HR summary workbook of a school year. Without --as it sees everything."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--output", required=True, type=Path, metavar="FILE", help="the workbook to write (.xlsx)")
        parser.add_argument(
            "--param",
            action="append",
            default=[],
            metavar="KEY=VALUE",
            help="year, on=2026-01-31, school, position, left=yes|no",
        )
        parser.add_argument("--as", dest="email", metavar="EMAIL", help="see what this person may see")

    def handle(self, *, output: Path, param: list[str], email: str | None, **options: Any) -> None:
        with district_time():
            reader = reader_named(email)
            if not reader.may(Capability.EXPORTS_HR):
                raise CommandError(f"The roles of {email} do not open the HR summary.")
            self.write(output, reader, dict(map(pair, param)))

    def write(self, output: Path, reader: Reader, given: dict[str, str]) -> None:
        try:
            asked = HrSummaryForm(reader, given).asked
        except BadParameters as error:
            raise CommandError("\n".join(error.sentences)) from error
        now = timezone.localtime()
        bring_up_to_date(asked.scope, at=now)
        made = summary(asked, made_at=now)
        try:
            with output.open("wb") as out:
                made.write(out)
        except OSError as error:
            raise CommandError(f"{output} cannot be written: {error.strerror}.") from error
        made.note_export(by=reader)
        self.stdout.write(", ".join(f"{sheet.title}: {made.checks.rows[sheet.key]}" for sheet in made.sheets))
