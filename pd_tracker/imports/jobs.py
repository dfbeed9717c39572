"""Checking and applying long files in the background."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.translation import gettext as _

from pd_tracker.access import Capability, Reader
from pd_tracker.imports import actions
from pd_tracker.imports.models import ImportRun
from pd_tracker.jobs.models import Job
from pd_tracker.jobs.running import JobStopped
from pd_tracker.sheets.reading import Unreadable


def check_run(job: Job, *, run_id: int, actor_id: int) -> str | None:
    run, actor = ImportRun.objects.get(pk=run_id), reader(actor_id)
    if actor.may(Capability.IMPORTS_RUN) and run.state == ImportRun.State.CHECKING:
        job.tell(message=_("Reading the rows and comparing them with what is stored"))
        actions.check(run, actor=actor, told=lambda count: job.tell(done=count))
    return run.get_absolute_url()


def apply_run(job: Job, *, run_id: int, actor_id: int, fingerprint: str, ends_confirmed: bool) -> str | None:
    run, actor = ImportRun.objects.get(pk=run_id), reader(actor_id)
    if actor.may(Capability.IMPORTS_RUN) and run.state == ImportRun.State.APPLYING:
        job.tell(message=_("Comparing once more, then writing everything at once"))
        try:
            actions.apply(
                run,
                actor=actor,
                at=timezone.now(),
                fingerprint=fingerprint,
                ends_confirmed=ends_confirmed,
                told=lambda count: job.tell(done=count),
            )
        except Unreadable as refusal:
            raise JobStopped(str(refusal)) from refusal
    return run.get_absolute_url()


def reader(pk: int) -> Reader:
    found: Reader = get_user_model()._default_manager.get(pk=pk)
    return found
