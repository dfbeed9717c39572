"""Brings what our own classrooms show about courses up to date for recommendations."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand
from django.utils import timezone

from pd_tracker.access import Operator
from pd_tracker.reports.course_results import compare_courses
from teachers.clock import district_time


class Command(BaseCommand):
    help = "Compare all courses on every classroom KPI and keep those that stand out; run it after loading new results."

    def handle(self, *args: Any, **options: Any) -> None:
        with district_time():
            today = timezone.localdate()
            count = compare_courses(Operator(today=today), on=today)
        self.stdout.write(f"Results that stand out: {count}. Recommendations use them from now on.")
