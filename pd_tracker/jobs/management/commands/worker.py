"""Runs the background work: `manage.py worker`. Stops cleanly on SIGTERM, after the job in hand."""

from __future__ import annotations

import logging
import threading
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, connection
from django.utils import timezone
from django.utils.module_loading import import_string

from pd_tracker.jobs.actions import deliver_waiting, recover, start_daily
from pd_tracker.web.vitals import worker_signs

logger = logging.getLogger(__name__)
ROUND_SECONDS = 60.0


class Command(BaseCommand):
    help = "Runs imports, large downloads and other long work in the background until it is stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--interval", type=float, default=1.0, help="seconds between two looks for work")
        parser.add_argument("--once", action="store_true", help="do what is waiting, then stop")

    def handle(self, *args: Any, interval: float, once: bool, **options: Any) -> None:
        worker_signs(at=timezone.now())
        deliver_waiting(before=timezone.now())
        recover(at=timezone.now())
        start_work_of_the_day()
        call_command("prune_db_task_results", verbosity=0)
        over = threading.Event()
        rounds = threading.Thread(target=make_rounds, args=(over,), name="rounds", daemon=True)
        rounds.start()
        try:
            call_command("db_worker", interval=interval, batch=once, reload=False, startup_delay=False)
        finally:
            over.set()


def start_work_of_the_day() -> None:
    """A day begins at midnight where the district is."""
    with import_string(settings.LOCAL_TIME)():
        start_daily(functions=settings.DAILY_WORK, on=timezone.localdate())


def make_rounds(over: threading.Event) -> None:
    while not over.wait(ROUND_SECONDS):
        try:
            worker_signs(at=timezone.now())
            picked_up = recover(at=timezone.now())
            start_work_of_the_day()
        except DatabaseError as error:
            logger.warning("Could not look for interrupted jobs: %s", type(error).__name__)
        else:
            if picked_up:
                logger.warning("Picked up %d interrupted jobs", picked_up)
        finally:
            connection.close()
