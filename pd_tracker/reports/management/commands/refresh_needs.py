"""Works out anew what figures say of teachers' needs: `manage.py refresh_needs`, once a night or after an import."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand
from django.utils import timezone

from pd_tracker.reports.refreshing import refresh_needs
from teachers.clock import district_time


class Command(BaseCommand):
    help = "Makes the reasons for needs agree with the newest figures of classes and observations."

    def handle(self, **options: Any) -> None:
        with district_time():
            changed = refresh_needs(on=timezone.localdate())
        self.stdout.write(f"Reasons that changed: {changed:,}")
