"""Receiving a file, checking what it would do, and doing it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from pd_tracker.access import Reader
from pd_tracker.audit.actions import record
from pd_tracker.imports.catalogue import importers
from pd_tracker.imports.importer import Asked, Options
from pd_tracker.imports.models import ImportRun, stored_as
from pd_tracker.imports.plan import Plan
from pd_tracker.imports.running import Applied, Source, apply_file, make_plan, nobody_told
from pd_tracker.jobs.actions import start
from pd_tracker.sheets.reading import Unreadable

BLOCK = 2**20
LONG = 2_000  # rows from which on the work is done in the background
State = ImportRun.State
Told = Callable[[int], None]


@transaction.atomic
def receive(*, file: BinaryIO, filename: str, kind: str, options: Options, actor: Reader) -> ImportRun:
    """Keeps a file under its own digest, however it is called, and what was said about it."""
    run = ImportRun(
        kind=kind,
        filename=filename[-200:],
        sha256=digest(file),
        mapping=options.mapping,
        as_of=options.as_of,
        is_full=options.is_full,
        date_shape=options.date_shape,
        year_means=options.year_means,
        uploaded_by_id=actor.pk,
    )
    name = stored_as(run, filename)
    file.seek(0)
    # The same bytes are kept once.
    run.file = name if default_storage.exists(name) else File(file, name=name)
    run.full_clean(exclude=["uploaded_by", "applied_by", "job"])
    run.save()
    record(actor=actor, verb="import.received", subject=run, kind=kind, sha256=run.sha256)
    return run


def digest(file: BinaryIO) -> str:
    file.seek(0)
    found = hashlib.sha256()
    while block := file.read(BLOCK):
        found.update(block)
    return found.hexdigest()


def source_of(run: ImportRun) -> Source:
    return Source(Path(run.file.path), run.filename)


def options_of(run: ImportRun, actor: Reader, district: str = "") -> Options:
    return Options(
        district=district,
        as_of=run.as_of,
        today=actor.today,
        is_full=run.is_full,
        mapping=run.mapping,
        date_shape=run.date_shape,
        year_means=run.year_means,
    )


def check(run: ImportRun, *, actor: Reader, told: Told = nobody_told) -> None:
    """Makes the plan and keeps it to be looked at."""
    asked = Asked(actor, options_of(run, actor))
    try:
        plan, _planner = make_plan(source_of(run), importers()[run.kind], asked, told=told)
    except Unreadable as refusal:
        keep_refusal(run, refusal)
    else:
        keep_plan(run, plan, waiting(plan))


def apply(
    run: ImportRun,
    *,
    actor: Reader,
    at: datetime,
    fingerprint: str | None,
    ends_confirmed: bool = False,
    told: Told = nobody_told,
    district: str = "",
) -> Applied:
    """Does what was shown, or nothing. A plan that has changed since is kept, to be looked at again."""

    def finish(plan: Plan) -> None:
        run.applied_at, run.applied_by_id = at, actor.pk
        keep_plan(run, plan, State.APPLIED)
        record(actor=actor, verb="import.applied", subject=run, kind=run.kind, **plan.totals())

    try:
        applied = apply_file(
            source_of(run),
            importers()[run.kind],
            actor,
            options_of(run, actor, district),
            at=at,
            fingerprint=fingerprint,
            ends_confirmed=ends_confirmed,
            told=told,
            also=finish,
        )
    except Unreadable as refusal:
        keep_refusal(run, refusal)
        raise
    if not applied.done:
        keep_what_stopped_it(run, applied.plan, fingerprint)
    return applied


def keep_what_stopped_it(run: ImportRun, plan: Plan, fingerprint: str | None) -> None:
    run.refresh_from_db()
    if run.state != State.APPLIED:  # confirmed twice, and the other one was quicker
        run.applied_at = None
        keep_plan(run, plan, waiting(plan), has_changed=fingerprint not in (None, plan.fingerprint))


def waiting(plan: Plan) -> ImportRun.State:
    return State.PLANNED if plan.can_apply else State.REFUSED


def keep_plan(run: ImportRun, plan: Plan, state: ImportRun.State, **also: Any) -> None:
    also |= {"earlier": applied_before(run)}
    run.outcome, run.fingerprint, run.state = plan.outcome() | also, plan.fingerprint, state
    run.save()


def applied_before(run: ImportRun) -> int | None:
    """The import that was the first to apply the same file, whichever of the later ones is met."""
    met = ImportRun.objects.same_as(run).filter(state=State.APPLIED).first()
    return (met.outcome.get("earlier") or met.pk) if met else None


def keep_refusal(run: ImportRun, refusal: Unreadable) -> None:
    run.outcome, run.fingerprint, run.state = {"unreadable": str(refusal)}, "", State.REFUSED
    run.save()


def match(run: ImportRun, *, mapping: dict[str, str]) -> None:
    run.mapping = mapping
    run.save()


@transaction.atomic
def check_later(run: ImportRun, *, actor: Reader) -> None:
    title = _("Checking %(file)s") % {"file": run.filename}
    run.state = State.CHECKING
    run.job = start(
        function="pd_tracker.imports.jobs.check_run",
        title=title,
        owner=actor,
        arguments={"run_id": run.pk, "actor_id": actor.pk},
    )
    run.save()


@transaction.atomic
def apply_later(run: ImportRun, *, actor: Reader, ends_confirmed: bool) -> None:
    title = _("Importing %(file)s") % {"file": run.filename}
    run.state = State.APPLYING
    run.job = start(
        function="pd_tracker.imports.jobs.apply_run",
        title=title,
        owner=actor,
        arguments={
            "run_id": run.pk,
            "actor_id": actor.pk,
            "fingerprint": run.fingerprint,
            "ends_confirmed": ends_confirmed,
        },
    )
    run.save()
