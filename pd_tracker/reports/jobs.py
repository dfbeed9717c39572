"""Long work of the reports."""

from __future__ import annotations

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from pd_tracker.access import Operator
from pd_tracker.jobs.models import Job
from pd_tracker.reports import refreshing
from pd_tracker.reports.course_results import compare_courses
from pd_tracker.reports.facts import stored


def refresh_needs(job: Job) -> None:
    """After figures were loaded, or linked to other competencies."""
    job.tell(message=_("Comparing the figures of classes and observations"))
    refreshing.refresh_needs(on=timezone.localdate(), told=lambda done: job.tell(done=done))


def keep_person_years(job: Job, *, on: str) -> None:
    """Statuses of all years, made anew so that reports need not; made twice they say the same."""
    job.tell(message=_("Working out who stayed from year to year"))
    kept = stored.keep_all(at=timezone.now(), told=lambda done: job.tell(done=done))
    job.tell(message=_("Person-years kept for the reports of %(day)s: %(kept)d.") % {"day": on, "kept": kept})


def daily(job: Job, *, on: str) -> None:
    """What figures say of needs and of courses, made anew each day; made twice it says the same."""
    day = date.fromisoformat(on)
    job.tell(message=_("Comparing the figures of classes and observations"))
    changed = refreshing.refresh_needs(on=day, told=lambda done: job.tell(done=done))
    job.tell(message=_("Comparing the courses"))
    found = compare_courses(Operator(today=day), on=day)
    words = _("Reasons for needs that changed: %(changed)d. Results of courses that stand out: %(found)d.")
    job.tell(message=words % {"changed": changed, "found": found})
