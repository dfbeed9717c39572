"""The HR summary workbook from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from pd_tracker.access import Capability, Operator, Reader
from pd_tracker.reports.facts.calendar import district_of
from pd_tracker.reports.hr_summary.form import HrSummaryForm
from pd_tracker.reports.hr_summary.workbook import summary
from pd_tracker.reports.parameters import BadParameters
from pd_tracker.sheets.writing import write_workbook


class Command(BaseCommand):
    help = "Write the HR summary workbook of a school year."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--output", required=True, type=Path, metavar="FILE", help="the workbook to write (.xlsx)")
        parser.add_argument(
            "--param", action="append", default=[], metavar="KEY=VALUE", help="year, school, position, left=yes|no"
        )
        parser.add_argument("--as", dest="email", metavar="EMAIL", help="see what this person may see")

    def handle(self, *, output: Path, param: list[str], email: str | None, **options: Any) -> None:
        district = district_of(Operator(today=timezone.localdate()))
        with timezone.override(district.time_zone if district else None):
            self.write(output, reader_named(email), dict(map(pair, param)))

    def write(self, output: Path, reader: Reader, given: dict[str, str]) -> None:
        try:
            asked = HrSummaryForm(reader, given).asked
        except BadParameters as error:
            raise CommandError("\n".join(error.sentences)) from error
        made = summary(asked, made_at=timezone.localtime(), made_by=getattr(reader, "email", ""))
        with output.open("wb") as out:
            write_workbook(made.sheets, out)
        made.note_export(by=reader)
        self.stdout.write(", ".join(f"{sheet.title}: {made.checks.rows[sheet.key]}" for sheet in made.sheets))


def pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise CommandError(f"Write --param as key=value, such as --param year=2025-26; {text!r} has no “=”.")
    return name.strip(), value.strip()


def reader_named(email: str | None) -> Reader:
    """The person with this address, or the operator, who may see everything."""
    if email is None:
        return Operator(today=timezone.localdate())
    user = get_user_model().objects.filter(email__iexact=email, is_active=True).first()
    if user is None:
        raise CommandError(f"Nobody signs in as {email}.")
    if not user.may(Capability.EXPORTS_HR):
        raise CommandError(f"The roles of {email} do not open the HR summary.")
    reader: Reader = user
    return reader
