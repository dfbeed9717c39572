"""Long work of the learning side, done in the background."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from learning_plans.actions import cycles
from learning_plans.models import CycleStart
from pd_tracker.access import Capability
from pd_tracker.jobs.models import Job
from pd_tracker.jobs.running import JobStopped
from teachers.models import User


def start_plans(job: Job, *, start_id: int, actor_id: int) -> str:
    start, actor = CycleStart.objects.get(pk=start_id), User.objects.get(pk=actor_id)
    if not actor.may(Capability.PLANS_START):
        raise JobStopped(_("You may no longer start plans, so no more were started. Ask who gave you the role."))
    job.tell(message=_("Starting plans"))
    cycles.run_start(start, actor=actor, **_progress(job))
    return start.get_absolute_url()


def undo_start(job: Job, *, start_id: int, actor_id: int) -> str:
    start, actor = CycleStart.objects.get(pk=start_id), User.objects.get(pk=actor_id)
    job.tell(message=_("Removing the plans that nobody has written into"))
    cycles.run_undo(start, actor=actor, **_progress(job))
    return start.get_absolute_url()


def _progress(job: Job) -> dict[str, Any]:
    return {"told": lambda done: job.tell(done=done), "total": lambda total: job.tell(total=total)}
