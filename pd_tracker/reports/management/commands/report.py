"""Any report at the command line."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from pd_tracker.access import Operator, Reader
from pd_tracker.audit.actions import record
from pd_tracker.reports import catalogue, files
from pd_tracker.reports.declared import Report
from pd_tracker.reports.parameters import BadParameters
from teachers.clock import district_time


class Command(BaseCommand):
    help = "Print a report, or write it to a file. Without --as it sees everything."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", nargs="?", help="the report; --list shows their names")
        parser.add_argument("--list", action="store_true", help="names, questions and parameters of all reports")
        parser.add_argument("--format", default="text", choices=[*files.CONTENT_TYPES])
        parser.add_argument("--param", action="append", default=[], metavar="KEY=VALUE")
        parser.add_argument("--table", default="", help="the table to write as csv; default the first")
        parser.add_argument("--as", dest="email", metavar="EMAIL", help="see what this person may see")
        parser.add_argument("--output", type=Path, metavar="FILE")

    def handle(self, *, name: str | None, email: str | None, **options: Any) -> None:
        with district_time():
            reader = reader_named(email)
            if options["list"]:
                self.stdout.write("\n".join(map(described, catalogue.reports_for(reader))))
                return
            self.show(known(name, reader), reader, options)

    def show(self, report: Report, reader: Reader, options: dict[str, Any]) -> None:
        wanted = options["format"]
        out = io.BytesIO()
        try:
            result = catalogue.run(report.name, reader, on=reader.today, given=dict(map(pair, options["param"])))
            files.write(result, wanted, out, table_key=options["table"])
        except BadParameters as error:
            raise CommandError("\n".join(error.sentences)) from error
        record(actor=reader, verb="report.exported", report=report.name, format=wanted, parameters=result.parameters)
        self.hand_out(out.getvalue(), wanted, options["output"])

    def hand_out(self, content: bytes, wanted: str, output: Path | None) -> None:
        if output is not None:
            output.write_bytes(content)
        elif wanted != "xlsx":
            self.stdout.write(content.decode("utf-8-sig"), ending="")
        else:
            raise CommandError("A workbook cannot be printed; name a file with --output.")


def described(report: Report) -> str:
    names = ", ".join(parameter.name for parameter in report.parameters)
    return f"{report.name}: {report.question} ({names})"


def known(name: str | None, reader: Reader) -> Report:
    names = ", ".join(catalogue.CATALOGUE)
    if name is None:
        raise CommandError(f"Name a report: {names}.")
    if name not in catalogue.CATALOGUE:
        raise CommandError(f"There is no report “{name}”. The reports are: {names}.")
    report = catalogue.report(name)
    if not reader.may(report.capability):
        raise CommandError(f"The roles of this person do not open the report “{name}”.")
    return report


def pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals:
        raise CommandError(f"Write --param as key=value, such as --param year=2025-26; {text!r} has no “=”.")
    return key.strip(), value.strip()


def reader_named(email: str | None) -> Reader:
    """The person with this address, or the operator, who may see everything."""
    if email is None:
        return Operator(today=timezone.localdate())
    reader: Reader | None = get_user_model().objects.filter(email__iexact=email, is_active=True).first()
    if reader is None:
        raise CommandError(f"Nobody signs in as {email}.")
    return reader
