"""Running one job: taken by one worker only, its progress seen from outside, its end told to whoever asked."""

from __future__ import annotations

import fcntl
import logging
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django_tasks import task

from pd_tracker.jobs.models import MESSAGE_LENGTH, Job

logger = logging.getLogger(__name__)

# A row of the database must not be able to name just any function of the machine.
OUR_PACKAGES = frozenset({"teachers", "learning_plans", "pd_tracker"})
ROOMS = frozenset({"jobs", "imports"})
PULSE_SECONDS = 2.0


class JobStopped(Exception):
    """Work that gives up for a reason a person can understand; the sentence is shown as it is."""


def function_named(path: str) -> Callable[..., str | None]:
    package, *modules, _name = path.split(".")
    if package in OUR_PACKAGES and not ROOMS.isdisjoint(modules):
        function: Callable[..., str | None] = import_string(path)
        if function.__module__.partition(".")[0] in OUR_PACKAGES:
            return function
    raise ValueError(f"{path} is not a function of a module named jobs or imports of this project.")


@task()
def run_job(job_id: int) -> None:
    job = claimed(job_id, at=timezone.now())
    if job is None:
        return  # delivered twice, or over by now
    language = getattr(job.owner, "language", "") or settings.LANGUAGE_CODE
    with import_string(settings.LOCAL_TIME)(), translation.override(language), held(job), pulse(job):
        state, message, result_url = outcome(job)
    with translation.override(language):
        end(job, state=state, message=message, result_url=result_url, at=timezone.now())


def claimed(job_id: int, *, at: datetime) -> Job | None:
    waiting = Job.objects.filter(pk=job_id, state=Job.State.WAITING)
    taken = waiting.update(state=Job.State.RUNNING, attempts=F("attempts") + 1, started_at=at, beat_at=at, message="")
    return Job.objects.select_related("owner").get(pk=job_id) if taken else None


def outcome(job: Job) -> tuple[Job.State, str, str]:
    try:
        result_url = function_named(job.function)(job, **job.arguments) or ""
    except JobStopped as stopped:
        return Job.State.FAILED, str(stopped), ""
    except Exception as error:
        # The words of an error may quote somebody's record: only its kind and place are logged.
        place = "".join(traceback.format_tb(error.__traceback__))
        logger.error("Job %s failed: %s\n%s", job.pk, type(error).__name__, place)
        return Job.State.FAILED, fault(job), ""
    return Job.State.DONE, job.message, result_url


def fault(job: Job) -> str:
    step = _("It stopped while doing this: %(step)s") % {"step": job.message} if job.message else ""
    kept = _(
        "The program failed; it was nothing you did. What was finished before is kept, the step it was in is undone. "
        "Tell whoever runs this site that job %(number)s failed."
    )
    return f"{kept % {'number': job.pk}} {step}".strip()


@transaction.atomic
def end(job: Job, *, state: Job.State, message: str, at: datetime, result_url: str = "") -> bool:
    """Notes how an attempt ended and tells the owner; an attempt that was given up in between has no say any more."""
    attempt = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, attempts=job.attempts)
    changed = attempt.update(
        state=state,
        message=message[:MESSAGE_LENGTH],
        result_url=result_url,
        done=job.total if state is Job.State.DONE and job.total else job.done,
        total=job.total,
        ended_at=at,
    )
    if changed and job.owner_id is not None:
        # Notices build on jobs, so they are asked for by name.
        apps.get_model("notices", "Notice")._default_manager.create(
            user_id=job.owner_id,
            kind="job_ended",
            url=job.get_absolute_url(),
            facts={"title": job.title, "state": state.value},
        )
    return bool(changed)


# --- Life signs -------------------------------------------------------------------------------------------------


@contextmanager
def pulse(job: Job) -> Iterator[None]:
    """Writes progress and a life sign beside the work, through a connection of its own.

    On SQLite it waits while the work's own transaction holds the only pen, and catches up afterwards.
    """
    if connection.in_atomic_block:  # no other connection could see the job yet
        yield
        return
    over = threading.Event()
    beating = threading.Thread(target=beat, args=(job, over), name=f"pulse of job {job.pk}", daemon=True)
    beating.start()
    try:
        yield
    finally:
        over.set()
        beating.join()


def beat(job: Job, over: threading.Event) -> None:
    mine = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, attempts=job.attempts)
    try:
        while not over.wait(PULSE_SECONDS):
            try:
                mine.update(beat_at=timezone.now(), done=job.done, total=job.total, message=job.message)
            except DatabaseError:
                connection.close()  # busy or gone; the next beat tries again
    finally:
        connection.close()


@contextmanager
def held(job: Job) -> Iterator[None]:
    """A lock that the system takes back when the process dies, however it dies.

    It tells a dead worker from one whose long transaction on SQLite keeps even its own life signs waiting.
    """
    path = lock_path(job)
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def is_held(job: Job) -> bool:
    """Whether a process of this machine is still at it."""
    try:
        with lock_path(job).open() as handle:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def lock_path(job: Job) -> Path:
    folder = settings.DATA_DIR / "jobs"
    folder.mkdir(exist_ok=True)
    return folder / f"{job.pk}.lock"
