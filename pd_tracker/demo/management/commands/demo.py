"""Loads the demonstration district into an empty database: `manage.py demo`."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from pd_tracker.demo.cast import NAMES, PASSWORD, email_of
from pd_tracker.demo.district import play
from pd_tracker.demo.loading import load
from pd_tracker.demo.words import TIME_ZONE
from teachers.models import District, Teacher
from teachers.models.choices import RoleName

FEWEST_TEACHERS, FEWEST_YEARS = 60, 3


class Command(BaseCommand):
    help = "Fills an empty database with a district of invented people, to look around and try things."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--teachers", type=int, default=600, help="about how many teach at one time (default 600)")
        parser.add_argument("--years", type=int, default=6, help="school years on record (default 6)")
        parser.add_argument("--seed", type=int, default=7, help="another number makes another district (default 7)")
        parser.add_argument("--today", type=date.fromisoformat, help="the day up to which it is played (default today)")
        parser.add_argument("--if-empty", action="store_true", help="leave a real district alone without complaint")

    def handle(self, *args: Any, **options: Any) -> None:
        found = District.objects.order_by("is_demonstration").first()
        if found is None:
            self.fill(options)
        elif not found.is_demonstration:
            if options["if_empty"]:
                return
            raise CommandError(
                f"This database holds the real district {found.name}; invented people have no place in it. "
                "Use another one: name it in DATABASE_URL, or another folder in PD_TRACKER_DATA."
            )
        else:
            self.stdout.write(f"{found.name} is already loaded.")
        self.print_sign_ins()

    def fill(self, options: dict[str, Any]) -> None:
        if options["teachers"] < FEWEST_TEACHERS or options["years"] < FEWEST_YEARS:
            raise CommandError(f"Ask for at least {FEWEST_TEACHERS} teachers and {FEWEST_YEARS} years.")
        today = options["today"] or timezone.localdate(timezone=ZoneInfo(TIME_ZONE))
        self.stdout.write("Inventing a district …")
        district = load(play(teachers=options["teachers"], years=options["years"], seed=options["seed"], today=today))
        self.stdout.write(f"{district.name}: {Teacher.objects.count():,} people, none of them real.")

    def print_sign_ins(self) -> None:
        self.stdout.write(f"\nSign in with one of these addresses and the password {PASSWORD}\n")
        for role, name in NAMES.items():
            self.stdout.write(f"  {email_of(role):<26} {RoleName(role.value).label} ({name})")
