"""One decision about credit, from a file of facts; no database is asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from learning_plans.credit.telling import as_data
from learning_plans.credit.wording import STATUSES, amount_text, name_of, sentence, step_sentence, unverified_words
from learning_plans.rules.credit.deciding import decide
from learning_plans.rules.credit.decision import Decision
from learning_plans.rules.credit.facts import BadFacts, Facts, read_facts
from learning_plans.rules.credit.pack import ACTIVITIES, Pack
from learning_plans.rules.credit.shelf import shipped


class Command(BaseCommand):
    help = "Say what a license asks for, what counts towards it and why, from a JSON file of facts."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--pack", required=True, metavar="ID", help=f"one of: {', '.join(shipped())}")
        parser.add_argument("--facts", type=Path, metavar="FILE")
        parser.add_argument("--format", default="text", choices=["text", "json"])
        parser.add_argument("--describe", action="store_true", help="what the pack understands")

    def handle(self, *, pack: str, facts: Path | None, **options: Any) -> None:
        chosen = shipped().get(pack)
        if chosen is None:
            raise CommandError(f"There is no pack “{pack}”. The packs are: {', '.join(shipped())}.")
        if options["describe"]:
            self.print_json(described(chosen))
            return
        if facts is None:
            raise CommandError("Name the file of facts with --facts, or ask with --describe what it may hold.")
        given = facts_in(facts)
        try:
            found = decide(chosen, given)
        except BadFacts as error:
            raise CommandError(str(error)) from error
        if options["format"] == "json":
            self.print_json(as_data(chosen, found))
        else:
            self.stdout.write("\n".join(as_text(chosen, given, found)))

    def print_json(self, content: Any) -> None:
        self.stdout.write(json.dumps(content, ensure_ascii=False, indent=2))


def facts_in(path: Path) -> Facts:
    try:
        return read_facts(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise CommandError(f"{path} is not JSON: {error}") from error
    except BadFacts as error:
        raise CommandError(f"{path}: {error}") from error


def described(pack: Pack) -> dict[str, Any]:
    return {
        "id": pack.id,
        "title": pack.title,
        "verified": pack.is_verified,
        "sureness": pack.sureness.value,
        "unit": pack.unit,
        "units": pack.units,
        "activities": ACTIVITIES,
        "categories": pack.categories,
        "facts": pack.facts,
        "sources": pack.sources,
        "notes": pack.notes,
    }


def as_text(pack: Pack, facts: Facts, found: Decision) -> list[str]:
    unit = name_of(pack.unit)
    head = (
        f"{pack.title}: {STATUSES[found.status]}. {amount_text(found.counted)} of {amount_text(found.required)} {unit}"
    )
    lines = [head, *filter(None, [unverified_words(pack)]), *map(step_sentence, found.steps)]
    for least in found.minimums:
        has, needs, short = map(amount_text, (least.counted, least.required, least.short))
        lines.append(f"  {name_of(least.category)}: {has} of {needs}, short {short}")
    for each in found.lines:
        line = facts.lines[each.index]
        what = line.title or name_of(line.activity)
        counted, converted = amount_text(each.counted), amount_text(each.converted)
        lines.append(f"  {line.day} {what}: {counted} of {converted}. {sentence(each)}")
    return lines
