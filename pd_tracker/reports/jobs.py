"""Long work of the reports."""

from __future__ import annotations

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from pd_tracker.access import Operator
from pd_tracker.jobs.models import Job
from pd_tracker.reports import refreshing
from pd_tracker.reports.course_results import compare_courses


def refresh_needs(job: Job) -> None:
    """After figures were loaded, or linked to other competencies."""
    job.tell(message=_("Comparing the figures of classes and observations"))
    refreshing.refresh_needs(on=timezone.localdate(), told=lambda done: job.tell(done=done))


def daily(job: Job, *, on: str) -> None:
    """What figures say of needs and of courses, made anew each day; made twice it says the same."""
    day = date.fromisoformat(on)
    job.tell(message=_("Comparing the figures of classes and observations"))
    changed = refreshing.refresh_needs(on=day, told=lambda done: job.tell(done=done))
    job.tell(message=_("Comparing the courses"))
    found = compare_courses(Operator(today=day), on=day)
    words = _("Reasons for needs that changed: %(changed)d. Results of courses that stand out: %(found)d.")
    job.tell(message=words % {"changed": changed, "found": found})
