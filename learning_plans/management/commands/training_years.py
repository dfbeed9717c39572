"""Proves the sums of training that reports read: `manage.py training_years`, with `--repair` to put them right."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from learning_plans.sums import Difference, Sums, compared, move_days, moved_days
from teachers.models import District, Teacher


class Command(BaseCommand):
    help = (
        "Compares the training that reports read, summed up by teacher, school year and category, with the "
        "completions. Prints what differs and ends with 1. People can go on working in the meantime."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repair", action="store_true", help="sum up again what differs")

    def handle(self, *, repair: bool, **options: Any) -> None:
        found = sum(self.of_district(district, repair=repair) for district in District.objects.order_by("pk"))
        if not found:
            self.stdout.write("All sums agree with the completions.")
        elif repair:
            self.stdout.write(f"{found} differences were found and put right.")
        else:
            raise CommandError(f"{found} differences. Put them right with: manage.py training_years --repair")

    def of_district(self, district: District, *, repair: bool) -> int:
        moved = moved_days(district)
        for old, now in moved:
            self.stdout.write(f"{district}: {old}, but {now.year.label} runs {now.starts_on} – {now.ends_on}")
        if moved and repair:
            move_days(district)
        return len(moved) + sum(self.told(found) for found in compared(district, repair=repair))

    def told(self, found: list[Difference]) -> int:
        names = dict(Teacher.objects.filter(pk__in={each.teacher for each in found}).values_list("pk", "staff_id"))
        for each in found:
            subject = f"{names[each.teacher]} {each.year} {each.category or '(no category)'}"
            self.stdout.write(f"{subject}: {words(each.stored)}, but completions say {words(each.facts)}")
        return len(found)


def words(sums: Sums | None) -> str:
    return f"{sums[0]} minutes in {sums[1]} completions until {sums[2]}" if sums else "nothing"
