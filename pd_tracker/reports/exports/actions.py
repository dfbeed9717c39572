"""Saving an export, stopping its schedule, and making its files."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, BinaryIO, cast

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from pd_tracker.access import Capability, Reach, Reader
from pd_tracker.audit.actions import record
from pd_tracker.jobs.actions import start
from pd_tracker.notices.actions import tell
from pd_tracker.notices.models import Notice
from pd_tracker.reports.exports.making import asked_by, made, note
from pd_tracker.reports.facts.hr.entitled import entitled, user
from pd_tracker.reports.models import ExportRun, NamedExport
from pd_tracker.reports.parameters import BadParameters
from pd_tracker.reports.rules.exports import RunState, Schedule, next_run
from pd_tracker.web.downloads import IN_MEMORY
from teachers.actions.keeping import keep

MAKE = "pd_tracker.reports.jobs.make_export"


@transaction.atomic
def save_export(*, export: NamedExport, recipients: Iterable[Any], actor: Any, at: datetime, on: date) -> NamedExport:
    """A new one or a changed one; a schedule begins with the first of its days after today."""
    is_new = export.pk is None
    if is_new:
        export.owner, export.made_at = actor, at
    export.stopped_at = None
    export.next_run_on = next_run(Schedule(export.schedule), export.weekday, after=on)
    may_be = set(entitled(actor).values_list("pk", flat=True))
    chosen = [person for person in recipients if person.pk in may_be]
    keep(export, actor=actor, verb="export.saved" if is_new else "export.changed", kind=export.kind)
    export.recipients.set(chosen)
    return export


def stop_schedule(*, export: NamedExport, actor: Any, at: datetime) -> None:
    export.stopped_at, export.next_run_on = at, None
    keep(export, actor=actor, verb="export.stopped")


def resume_schedule(*, export: NamedExport, actor: Any, on: date) -> None:
    export.stopped_at = None
    export.next_run_on = next_run(Schedule(export.schedule), export.weekday, after=on)
    keep(export, actor=actor, verb="export.resumed")


def remove_export(*, export: NamedExport, actor: Any, at: datetime) -> None:
    """What was made of it stays in the history until its time is over."""
    export.removed_at, export.next_run_on = at, None
    keep(export, actor=actor, verb="export.removed")


# --- Files --------------------------------------------------------------------------------------------------------


@transaction.atomic
def run_now(*, export: NamedExport, reader: Any, at: datetime) -> ExportRun:
    """A file for whoever asks."""
    return _begin(ExportRun(export=export, reader=reader, asked_at=at))


def start_due(*, on: date, at: datetime) -> list[ExportRun]:
    """Begins what is due and has not begun; done twice on a day, the second time finds nothing."""
    keys = list(NamedExport.objects.due(on=on).order_by("pk").values_list("pk", flat=True))
    return [run for key in keys for run in _start_one(key, on=on, at=at)]


@transaction.atomic
def _start_one(key: int, *, on: date, at: datetime) -> list[ExportRun]:
    export = NamedExport.objects.select_for_update().due(on=on).filter(pk=key).first()
    if export is None:
        return []
    due_on = cast(date, export.next_run_on)
    export.next_run_on = next_run(Schedule(export.schedule), export.weekday, after=on)
    export.save_without_historical_record(update_fields=["next_run_on"])  # type: ignore[attr-defined]
    if not may(user(export.owner_id)):
        stop_schedule(export=export, actor=None, at=at)
        return []
    people = export.recipients.order_by("pk").values_list("pk", flat=True)
    runs = [ExportRun(export=export, reader=user(person), due_on=due_on, asked_at=at) for person in people]
    return [_begin(run) if may(run.reader) else refuse(run) for run in runs]


def may(reader: Reader) -> bool:
    return reader.may(Capability.EXPORTS_HR)


def _begin(run: ExportRun) -> ExportRun:
    run.save()
    run.job = start(function=MAKE, title=run.export.name, owner=run.reader, arguments={"run": run.pk})
    run.save(update_fields=["job"])
    return run


def refuse(run: ExportRun) -> ExportRun:
    """Whoever lost the right gets nothing, and hears nothing of what they would have got; the owner is told."""
    words = _("Their roles do not open HR exports any more.")
    return _end(run, RunState.REFUSED, words)


def fail(run: ExportRun, sentences: Iterable[str]) -> ExportRun:
    return _end(run, RunState.FAILED, " ".join(sentences))


@transaction.atomic
def _end(run: ExportRun, state: RunState, reason: str) -> ExportRun:
    run.state, run.reason = state.value, reason[:400]
    run.save()
    record(actor=None, verb=f"export.{state.value}", subject=run)
    owner = run.export.owner_id
    if owner != run.reader_id or state is RunState.REFUSED:
        facts = {"name": run.export.name, "who": run.reader.name, "state": state.value}
        tell([owner], kind=Notice.Kind.EXPORT_NOT_MADE, url=run.export.get_absolute_url(), **facts)
    return run


def make_file(run: ExportRun, *, at: datetime) -> ExportRun:
    """Asks again whether its reader may, and makes the file in their reach; BadParameters where it cannot be made."""
    reader = user(run.reader_id)
    if not may(reader):
        return refuse(run)
    try:
        asked = asked_by(run.export, reader, due_on=run.due_on)
        found = made(run.export.kind, asked, run.export.options, at=at)
    except BadParameters as error:
        return fail(run, error.sentences)
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as out:
        found.write(cast(BinaryIO, out))
        out.seek(0)
        with transaction.atomic():
            run.filename, run.rows, run.reach = found.name, found.rows, in_json(reader.reach(Capability.EXPORTS_HR))
            run.made_at, run.state, run.reason = at, RunState.DONE.value, ""
            run.file.save(found.name, File(out), save=False)
            run.save()
            note(run.export, asked, found.rows, by=reader)
    return run


def in_json(reach: Reach) -> dict[str, Any]:
    districts, schools = sorted(reach.district_ids), sorted(reach.school_ids)
    return {"everything": reach.everything, "districts": districts, "schools": schools}


def forget_files(*, at: datetime) -> int:
    """Takes away the files that were kept long enough; the line that they were made stays."""
    runs = list(ExportRun.objects.outdated(at=at))
    for run in runs:
        run.file.delete(save=False)
        run.save(update_fields=["file"])
    return len(runs)
