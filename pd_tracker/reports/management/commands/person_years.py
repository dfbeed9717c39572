"""Proves the person-years that reports read: `manage.py person_years`, with `--repair` to make them anew."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from pd_tracker.reports.facts.calendar import all_districts
from pd_tracker.reports.facts.proving import Difference, Said, differences, readable
from pd_tracker.reports.facts.stored import keep_person_years
from teachers.rules.periods import Year


class Command(BaseCommand):
    help = (
        "Compares the person-years that are stored for reports with employments, posts, leaves and training. Prints "
        "what differs and ends with 1. People can go on working in the meantime."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repair", action="store_true", help="make them anew; they are also made anew each day")

    def handle(self, *, repair: bool, **options: Any) -> None:
        found = 0
        for district in all_districts():
            store = readable(district)
            if store is None:
                self.stdout.write(f"{district}: nothing is stored that reports read; they work everything out.")
            else:
                found += sum(map(self.told, differences(district, store)))
            if repair:
                kept = keep_person_years(district, at=timezone.now())
                self.stdout.write(f"{district}: {kept} person-years were made anew.")
        if found and not repair:
            raise CommandError(f"{found} differences. Put them right with: manage.py person_years --repair")
        if not found:
            self.stdout.write("Nothing that is stored differs from the facts.")

    def told(self, found: list[Difference]) -> int:
        for each in found:
            subject = f"{each.staff_id} {Year(each.year).label}" if each.year else each.staff_id
            self.stdout.write(f"{subject}: stored is {words(each.stored)}, but the facts say {words(each.facts)}")
        return len(found)


def words(said: Said | None) -> str:
    return ", ".join(f"{name} {value}" for name, value in said.items()) if said else "nothing"
