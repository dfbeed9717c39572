"""Loads a file from the command line. Without --apply it only says what the file would do."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.module_loading import import_string

from pd_tracker.access import Capability, Operator, Reader
from pd_tracker.imports import actions
from pd_tracker.imports.catalogue import importers
from pd_tracker.imports.fields import DATE_SHAPES
from pd_tracker.imports.importer import Asked, Importer, Options
from pd_tracker.imports.plan import Plan, Problem, Verb
from pd_tracker.imports.running import Applied, Source, make_plan
from pd_tracker.imports.templates import template_tables
from pd_tracker.sheets.reading import Unreadable

REJECTED, UNREADABLE = 1, 2
SHOWN = 50

MANY_ENDS = (
    "This would end the employment of {ends} of {active} people without a reason given, more than one in ten. "
    "If that is right, add --confirm-ends."
)


class Command(BaseCommand):
    help = "Loads a spreadsheet of one kind. Without --apply it only says what the file would do."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=sorted(importers()), metavar="KIND", help=", ".join(sorted(importers())))
        parser.add_argument("path", nargs="?", type=Path, metavar="PATH", help="an .xlsx or .csv file")
        parser.add_argument("--apply", action="store_true", help="do it; all of it or nothing")
        parser.add_argument(
            "--map", action="append", default=[], metavar='"Their heading=our_field"', help="may be given several times"
        )
        parser.add_argument("--as-of", type=date.fromisoformat, metavar="DATE", help="day of the extract (today)")
        parser.add_argument("--full", action="store_true", help="the file lists everybody: who is missing has left")
        parser.add_argument("--confirm-ends", action="store_true", help="end more than one in ten of the active staff")
        parser.add_argument("--date-format", choices=DATE_SHAPES, default="", help="how dates are written as text")
        parser.add_argument(
            "--year-means", choices=("end", "start"), default="end", help="a lone 2004 is the school year that …"
        )
        parser.add_argument("--district", default="", metavar="NAME", help="needed where there are several")
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
        parser.add_argument("--as", dest="email", metavar="EMAIL", help="load with this person's rights and name")
        parser.add_argument("--template", type=Path, metavar="PATH", help="write an empty file to fill in, and stop")

    def handle(self, *args: Any, **options: Any) -> None:
        importer = importers()[options["kind"]]
        if options["template"]:
            self.write_template(importer, options["template"])
        elif options["path"] is None:
            raise CommandError("Say which file to load.")
        else:
            with import_string(settings.LOCAL_TIME)():
                self.load(importer, options)

    def write_template(self, importer: Importer, path: Path) -> None:
        from pd_tracker.sheets.writing import write_workbook  # noqa: PLC0415  heavy, and seldom asked for

        with path.open("wb") as out:
            write_workbook(template_tables(importer), out)
        self.stdout.write(f"{path}: fill in the first sheet; the second one says how.")

    def load(self, importer: Importer, options: dict[str, Any]) -> None:
        actor = self.actor(options["email"])
        said = Options(
            as_of=options["as_of"] or actor.today,
            today=actor.today,
            is_full=options["full"],
            mapping=self.mapping(options["map"]),
            date_shape=options["date_format"],
            year_means=options["year_means"],
            district=options["district"],
        )
        try:
            applied = self.run(importer, options, said, actor)
        except (Unreadable, OSError) as refusal:
            sentence = str(refusal) if isinstance(refusal, Unreadable) else f"{options['path']}: {refusal.strerror}."
            self.give_up(importer, sentence, as_json=options["json"])
        else:
            self.tell(applied, options)

    def actor(self, email: str | None) -> Reader:
        if not email:
            return Operator(today=timezone.localdate())
        user = get_user_model()._default_manager.filter(email__iexact=email, is_active=True).first()
        if user is None:
            raise CommandError(f"Nobody signs in with {email}.")
        if not user.may(Capability.IMPORTS_RUN):
            raise CommandError(f"The roles of {email} do not let them load files.")
        reader: Reader = user
        return reader

    def mapping(self, pairs: list[str]) -> dict[str, str]:
        mapping = dict(pair.rpartition("=")[::2] for pair in pairs)
        if "" in mapping:
            raise CommandError('Write --map "Their heading=our_field".')
        return {heading.strip(): field.strip() for heading, field in mapping.items()}

    def run(self, importer: Importer, options: dict[str, Any], said: Options, actor: Reader) -> Applied:
        path: Path = options["path"]
        if not options["apply"]:
            plan, _planner = make_plan(Source(path, path.name), importer, Asked(actor, said))
            return Applied(plan, done=False)
        with path.open("rb") as file:
            run = actions.receive(file=file, filename=path.name, kind=importer.kind, options=said, actor=actor)
        applied = actions.apply(
            run,
            actor=actor,
            at=timezone.now(),
            fingerprint=None,
            ends_confirmed=options["confirm_ends"],
            district=options["district"],
        )
        if earlier := run.outcome["earlier"]:
            applied.plan.note(None, None, f"this file was applied already, as import {earlier}")
        return applied

    # --- What is said -------------------------------------------------------------------------------------------

    def tell(self, applied: Applied, options: dict[str, Any]) -> None:
        plan = applied.plan
        ends = MANY_ENDS.format(ends=plan.unexplained_ends, active=plan.active_staff)
        doubted = plan.needs_second_confirmation and not options["confirm_ends"]
        if doubted and options["apply"] and plan.can_apply:
            plan.refuse("employment_end", ends)
        elif doubted:
            plan.note(None, "employment_end", ends)
        if options["json"]:
            self.stdout.write(json.dumps(plan.as_json(applied=applied.done), ensure_ascii=False))
        else:
            self.stdout.write("\n".join(report(applied)))
        if plan.problems:
            raise CommandError("Nothing was changed.", returncode=REJECTED)

    def give_up(self, importer: Importer, sentence: str, *, as_json: bool) -> None:
        plan = Plan(importer.kind)
        plan.refuse(None, sentence)
        if as_json:
            self.stdout.write(json.dumps(plan.as_json(applied=False), ensure_ascii=False))
        hint = 'Match headings with --map "Their heading=our_field".' if "column" in sentence else ""
        raise CommandError(f"{sentence} {hint}".strip(), returncode=UNREADABLE)


def report(applied: Applied) -> Iterator[str]:
    plan = applied.plan
    totals = ", ".join(f"{name} {count:,}" for name, count in plan.totals().items())
    yield f"{plan.kind} from sheet “{plan.sheet}”: {totals}"
    for change in plan.changes[Verb.ENDED][:SHOWN]:
        yield f"  ends: {change.subject}"
    yield from shortened(plan, plan.problems, "problem")
    yield from shortened(plan, plan.notes, "note")
    if plan.ignored:
        yield f"  columns left out: {', '.join(plan.ignored)}"
    yield "Applied." if applied.done else "Nothing was changed." if plan.problems else "Add --apply to do it."


def shortened(plan: Plan, remarks: list[Problem], word: str) -> Iterator[str]:
    for remark in remarks[:SHOWN]:
        place = f"row {remark.row}" if remark.row else "file"
        yield f"  {word}: {place}: {remark.field + ': ' if remark.field else ''}{remark.message}"
    if len(remarks) > SHOWN:
        yield f"  … and {len(remarks) - SHOWN:,} more"
