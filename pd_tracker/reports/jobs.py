"""Long work of the reports."""

from __future__ import annotations

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from pd_tracker.access import Operator
from pd_tracker.jobs.models import Job
from pd_tracker.jobs.running import JobStopped
from pd_tracker.reports import refreshing
from pd_tracker.reports.course_results import compare_courses
from pd_tracker.reports.exports import actions as exports
from pd_tracker.reports.facts import stored
from pd_tracker.reports.models import ExportRun
from pd_tracker.reports.rules.exports import RunState


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


def exports_due(job: Job, *, on: str) -> None:
    """Begins the saved exports whose day has come, and lets go of files that were kept long enough."""
    runs = exports.start_due(on=date.fromisoformat(on), at=timezone.now())
    forgotten = exports.forget_files(at=timezone.now())
    words = _("Exports begun: %(begun)d. Old files taken away: %(forgotten)d.")
    job.tell(message=words % {"begun": len(runs), "forgotten": forgotten})


def make_export(job: Job, *, run: int) -> str:
    """One file for one reader; run a second time, it leads to what the first made."""
    found = ExportRun.objects.select_related("export").get(pk=run)
    if found.state == RunState.WAITING:
        job.tell(message=_("Making the file"))
        found = exports.make_file(found, at=timezone.localtime())
    if found.state in {RunState.FAILED, RunState.REFUSED}:
        raise JobStopped(found.reason)
    return found.get_absolute_url()
