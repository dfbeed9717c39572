"""Does the work of a day at once, in place of the worker: `manage.py daily`."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from learning_plans.jobs import daily
from pd_tracker.jobs.models import Job
from teachers.clock import district_time


class Command(BaseCommand):
    help = "Holds the rules for required training and sends today's reminders. Running it again does nothing twice."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", type=date.fromisoformat, metavar="DATE", help="another day than today")

    def handle(self, *args: Any, on: date | None, **options: Any) -> None:
        with district_time():
            job = Job()
            daily(job, on=(on or timezone.localdate()).isoformat())
        self.stdout.write(job.message)
