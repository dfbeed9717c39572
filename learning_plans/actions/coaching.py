"""Writing about coaching. The trail says that something was written, never what; of notes no earlier text is kept."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from learning_plans.models import CoachingCycle, CoachingNote, PlanItem, Visit
from learning_plans.rules.choices import Sharing
from pd_tracker.access import Capability
from pd_tracker.audit.actions import record
from pd_tracker.notices.actions import tell
from pd_tracker.notices.models import Notice
from teachers.actions.keeping import keep
from teachers.models import Teacher, User
from teachers.querysets.people import reaches


@dataclass(frozen=True, slots=True)
class NoteText:
    text: str
    sharing: str


@transaction.atomic
def save_cycle(*, cycle: CoachingCycle, actor: User, on: date) -> CoachingCycle:
    """Starts a cycle, or corrects one's own."""
    is_new = cycle._state.adding
    _refuse(cycle.teacher, cycle, actor=actor)
    if cycle.started_on is not None and cycle.started_on > on:
        raise ValidationError({"started_on": _("Choose today or an earlier day.")})
    if cycle.goal is not None and cycle.goal.plan.teacher_id != cycle.teacher_id:
        raise ValidationError({"goal": _("Choose a goal from the plan of this teacher.")})
    return keep(cycle, actor=actor, teacher=cycle.teacher_id, verb="cycle.started" if is_new else "cycle.changed")


@transaction.atomic
def close_cycle(*, cycle: CoachingCycle, ended_on: date, outcome: str, actor: User, on: date) -> CoachingCycle:
    _refuse(cycle.teacher, cycle, actor=actor)
    if cycle.ended_on is not None:
        raise ValidationError(_("This cycle is closed already."))
    if ended_on > on:
        raise ValidationError({"ended_on": _("Choose today or an earlier day.")})
    cycle.ended_on, cycle.outcome = ended_on, outcome
    return keep(cycle, actor=actor, teacher=cycle.teacher_id, verb="cycle.closed")


@transaction.atomic
def reopen_cycle(*, cycle: CoachingCycle, actor: User) -> CoachingCycle:
    _refuse(cycle.teacher, cycle, actor=actor)
    cycle.ended_on = None
    return keep(cycle, actor=actor, teacher=cycle.teacher_id, verb="cycle.reopened")


@transaction.atomic
def save_visit(
    *,
    visit: Visit,
    items: Collection[PlanItem] | None,
    actor: User,
    on: date,
    at: datetime,
    note: NoteText | None = None,
) -> Visit:
    """Logs a visit, or corrects one's own; with it goes the note that its writer typed beside it.

    `items` none leaves the parts of the plan as they are, and so does `note` none with the note.
    """
    is_new = visit._state.adding
    _refuse(visit.teacher, visit, actor=actor)
    _refuse_day_and_cycle(visit, on=on)
    if any(item.plan.teacher_id != visit.teacher_id for item in items or ()):
        raise ValidationError({"items": _("Choose parts from the plan of this teacher.")})
    if is_new:
        visit.logged_at = at
    keep(visit, actor=actor, teacher=visit.teacher_id, verb="visit.logged" if is_new else "visit.corrected")
    if items is not None:
        visit.items.set(items)
    if is_new:
        _tell_teacher(visit.teacher, Notice.Kind.VISIT_LOGGED, by=actor)
    if note is not None:
        _take_note(visit, note, actor=actor, at=at)
    return visit


def _refuse_day_and_cycle(visit: Visit, *, on: date) -> None:
    if visit.visited_on is not None and visit.visited_on > on:
        raise ValidationError({"visited_on": _("This day has not come yet. Choose today or an earlier day.")})
    if visit.next_step_on is not None and not visit.next_step:
        raise ValidationError({"next_step": _("Say what the next step is, or leave its day empty.")})
    cycle = visit.cycle
    if cycle is not None and (cycle.teacher_id, cycle.coach_id) != (visit.teacher_id, visit.coach_id):
        raise ValidationError({"cycle": _("Choose one of your own cycles with this teacher.")})


def _take_note(visit: Visit, given: NoteText, *, actor: User, at: datetime) -> None:
    """The one note of the form: written, changed, or crossed out where its text was emptied."""
    note = CoachingNote.objects.filter(visit=visit, author=actor).first()
    if not given.text.strip():
        if note is not None:
            delete_note(note=note, actor=actor)
    elif note is None or (note.text, note.sharing) != (given.text, given.sharing):
        note = note or CoachingNote(visit=visit, author=actor)
        note.text, note.sharing = given.text, given.sharing
        save_note(note=note, actor=actor, at=at)


@transaction.atomic
def save_note(*, note: CoachingNote, actor: User, at: datetime) -> CoachingNote:
    is_new = note._state.adding
    _refuse_note(note, actor=actor)
    was_shared = not is_new and CoachingNote.objects.filter(pk=note.pk, sharing=Sharing.SHARED.value).exists()
    is_shared = note.sharing == Sharing.SHARED.value
    note.changed_at = at
    if is_new:
        note.written_at = at
    if not is_shared:
        note.shared_at = None
    elif not was_shared:
        note.shared_at = at
    verb = "note.written" if is_new else "note.changed"
    keep(note, actor=actor, teacher=note.visit.teacher_id, verb=verb, sharing=note.sharing)
    if is_shared and not was_shared:
        _tell_teacher(note.visit.teacher, Notice.Kind.NOTE_SHARED, by=actor)
    return note


def share_note(*, note: CoachingNote, sharing: str, actor: User, at: datetime) -> CoachingNote:
    """Opens a note to its teacher, or closes it again."""
    note.sharing = sharing
    return save_note(note=note, actor=actor, at=at)


@transaction.atomic
def delete_note(*, note: CoachingNote, actor: User) -> None:
    """Gone for good: of what a coach crosses out nothing is kept but that it happened."""
    _refuse_note(note, actor=actor)
    record(actor=actor, verb="note.deleted", subject=note, teacher=note.visit.teacher_id)
    note.delete()


@transaction.atomic
def remove_visit(*, visit: Visit, actor: User) -> None:
    """Takes out a visit that was logged by mistake, with what its coach wrote about it."""
    _refuse(visit.teacher, visit, actor=actor)
    for note in visit.notes.all():
        delete_note(note=note, actor=actor)
    record(actor=actor, verb="visit.removed", subject=visit, teacher=visit.teacher_id)
    visit.delete()


def _refuse(teacher: Teacher, row: CoachingCycle | Visit, *, actor: User) -> None:
    _refuse_stranger(teacher, actor=actor)
    if row.coach_id != actor.pk:
        raise ValidationError(_("Only who wrote this can change it. Write your own instead."))


def _refuse_note(note: CoachingNote, *, actor: User) -> None:
    _refuse_stranger(note.visit.teacher, actor=actor)
    if {note.author_id, note.visit.coach_id} != {actor.pk}:
        raise ValidationError(_("Only who wrote this can change it. Write your own instead."))


def _refuse_stranger(teacher: Teacher, *, actor: User) -> None:
    if teacher.user_id == actor.pk:
        raise ValidationError(_("Nobody coaches themselves. Choose somebody else."))
    if not reaches(actor, Capability.COACHING_WRITE, teacher):
        raise ValidationError(_("You write about the teachers you are paired with today. Ask HR to pair you."))


def _tell_teacher(teacher: Teacher, kind: Notice.Kind, *, by: User) -> None:
    if teacher.user_id is not None:
        tell([teacher.user_id], kind=kind, url=reverse("learning_plans:my_coaching"), by=by.name)
