"""Starting long work, and picking up what a dead worker left behind."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from pd_tracker.access import Reader
from pd_tracker.jobs.models import Job
from pd_tracker.jobs.running import end, function_named, is_held, run_job

SILENCE = timedelta(minutes=2)
MOST_ATTEMPTS = 2


@transaction.atomic
def start(*, function: str, title: str | Promise, owner: Reader | None, arguments: dict[str, Any]) -> Job:
    """Begins `function(job, **arguments)` in the background, once the caller's transaction is committed.

    The function lives in a module named `jobs` or `imports` of this project, takes arguments that JSON can carry,
    may be run a second time when a worker died, keeps each step in one transaction, says how far it is with
    `job.tell(...)`, raises `JobStopped(sentence)` to give up, and returns the address of its result, if there is one.
    """
    function_named(function)  # a wrong name fails here, where somebody sees it
    owner_id = owner.pk if owner is not None else None
    job = Job(function=function, title=str(title), owner_id=owner_id, arguments=arguments)
    job.full_clean(exclude=["owner"])  # an operator at the command line has no login
    job.save()
    run_job.enqueue(job.pk)
    return job


@transaction.atomic
def start_once(*, function: str, title: str | Promise, owner: Reader | None, arguments: dict[str, Any]) -> Job:
    """The same, unless exactly this is under way already: then that."""
    under_way = Job.objects.unfinished().filter(function=function, arguments=arguments).first()
    return under_way or start(function=function, title=title, owner=owner, arguments=arguments)


@transaction.atomic
def start_daily(*, functions: Iterable[str], on: date) -> list[Job]:
    """Begins the work of a day that has not begun yet; with two workers it may begin twice, which each can bear."""
    arguments = {"on": on.isoformat()}
    begun = set(Job.objects.filter(function__in=functions, arguments=arguments).values_list("function", flat=True))
    title = _("Work of the day %(day)s") % {"day": on.isoformat()}
    return [
        start(function=function, title=title, owner=None, arguments=arguments)
        for function in functions
        if function not in begun
    ]


def recover(*, at: datetime) -> int:
    """Runs again, once, what a worker left unfinished when it died; the second time it is reported as failed."""
    silent = Job.objects.filter(state=Job.State.RUNNING, beat_at__lt=at - SILENCE)
    return sum(_picked_up(job, at=at) for job in silent if not is_held(job))


def deliver_waiting(*, before: datetime) -> None:
    """Sends again what waits since before a moment: a worker may have died between taking and starting it.

    What was not lost is delivered twice and runs once.
    """
    for job_id in Job.objects.filter(state=Job.State.WAITING, created_at__lt=before).values_list("pk", flat=True):
        run_job.enqueue(job_id)


@transaction.atomic
def _picked_up(job: Job, *, at: datetime) -> bool:
    if job.attempts >= MOST_ATTEMPTS:
        sentence = _("This was started %(times)d times and stopped each time before it could finish.")
        return end(job, state=Job.State.FAILED, message=sentence % {"times": job.attempts}, at=at)
    as_found = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, beat_at=job.beat_at)
    changed = as_found.update(state=Job.State.WAITING, message=_("It was interrupted and will start again."))
    if changed:
        run_job.enqueue(job.pk)
    return bool(changed)
