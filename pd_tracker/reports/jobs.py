"""Long work of the reports."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from pd_tracker.jobs.models import Job
from pd_tracker.reports import refreshing


def refresh_needs(job: Job) -> None:
    """After figures were loaded, or linked to other competencies."""
    job.tell(message=_("Comparing the figures of classes and observations"))
    refreshing.refresh_needs(on=timezone.localdate(), told=lambda done: job.tell(done=done))
