"""Writing what HR knows of a person from day to day: employment, leave, posts, pairings, licences, outside ids."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, Q
from django.utils.translation import gettext as _

from pd_tracker.audit.models import AuditEvent
from teachers.actions.accounts import end_roles_of
from teachers.actions.keeping import keep, lock, refuse_overlap, remove, sign
from teachers.models import Assignment, Employment, ExternalId, Leave, Licence, MergedTeacher, Pairing, Teacher, User
from teachers.rules.periods import periods_overlap

ENDED = "employment.ended"


@transaction.atomic
def save_profile(*, teacher: Teacher, actor: User | None, reason: str = "") -> Teacher:
    before = MergedTeacher.objects.filter(district=teacher.district_id, old_staff_id=teacher.staff_id)
    if other := before.exclude(teacher=teacher.pk).select_related("teacher").first():
        words = _("This id belonged to a record that became part of %(name)s, %(staff_id)s.")
        raise ValidationError({"staff_id": words % {"name": other.teacher, "staff_id": other.teacher.staff_id}})
    return keep(teacher, actor=actor, verb="person.saved", reason=reason)


@transaction.atomic
def save_employment(*, row: Employment, actor: User | None, reason: str = "") -> Employment:
    lock(row.teacher)
    if row.ended_on is None and (row.separation_type or row.separation_reason):
        raise ValidationError({"ended_on": _("Only a last day ends employment. Give it, or leave the reason empty.")})
    row.full_clean()
    refuse_overlap(row, row.teacher.employments.all())
    return keep(row, actor=actor, verb="employment.saved", reason=reason, teacher=row.teacher_id)


@transaction.atomic
def save_leave(*, row: Leave, actor: User | None, reason: str = "") -> Leave:
    lock(row.teacher)
    row.full_clean()
    refuse_overlap(row, row.teacher.leaves.all())
    return keep(row, actor=actor, verb="leave.saved", reason=reason, teacher=row.teacher_id)


@transaction.atomic
def save_assignment(*, row: Assignment, actor: User | None, reason: str = "") -> Assignment:
    lock(row.teacher)
    row.full_clean()
    refuse_overlap(row, row.teacher.assignments.filter(school=row.school, subject=row.subject).select_related("school"))
    return keep(row, actor=actor, verb="assignment.saved", reason=reason, teacher=row.teacher_id)


@transaction.atomic
def save_pairing(*, row: Pairing, actor: User | None, reason: str = "") -> Pairing:
    lock(row.teacher)
    row.full_clean()
    if row.teacher.user_id == row.coach_id:
        raise ValidationError({"coach": _("Nobody coaches themselves. Choose somebody else.")})
    refuse_unemployed(row, row.teacher, _("This person is not employed on all of these days."))
    coach = Teacher.objects.filter(user=row.coach_id).first()
    if coach is not None:
        refuse_unemployed(row, coach, _("The coach is not employed on all of these days."))
    same = row.teacher.pairings.filter(coach=row.coach_id, kind=row.kind).select_related("coach", "teacher")
    refuse_overlap(row, same)
    return keep(row, actor=actor, verb="pairing.saved", reason=reason, teacher=row.teacher_id)


@transaction.atomic
def save_licence(*, row: Licence, actor: User | None, reason: str = "") -> Licence:
    lock(row.teacher)
    row.full_clean()
    same = row.teacher.licences.filter(jurisdiction__iexact=row.jurisdiction, licence_type__iexact=row.licence_type)
    for other in same.exclude(pk=row.pk):
        if periods_overlap(row.valid_from, row.valid_until, other.valid_from, other.valid_until):
            raise ValidationError({"valid_from": _("These days overlap with another license of this state and type.")})
    return keep(row, actor=actor, verb="licence.saved", reason=reason, teacher=row.teacher_id)


@transaction.atomic
def save_external_id(*, row: ExternalId, actor: User | None, reason: str = "") -> ExternalId:
    return keep(row, actor=actor, verb="external_id.saved", reason=reason, teacher=row.teacher_id)


def refuse_unemployed(row: Pairing, teacher: Teacher, sentence: str) -> None:
    """A pairing lies inside one spell; without a last day it may outlast neither, so its first day decides."""
    last_day = row.ended_on or row.started_on
    if not any(
        spell.started_on <= row.started_on and (spell.ended_on is None or last_day <= spell.ended_on)
        for spell in teacher.employments.all()
    ):
        raise ValidationError({"started_on": sentence})


@transaction.atomic
def remove_row(*, row: Model, actor: User | None, reason: str) -> None:
    name = row._meta.model_name
    remove(row, actor=actor, verb=f"{name}.removed", reason=reason, teacher=row.teacher_id)  # type: ignore[attr-defined]


@transaction.atomic
def restore_row(*, row: Any, actor: User | None, save: Any) -> Any:
    """Brings back a row that was removed, as it last was, if the rules still let it stand."""
    return save(row=row, actor=actor, reason=_("Removal undone"))


@transaction.atomic
def end_employment(
    *,
    spell: Employment,
    last_day: date,
    separation_type: str,
    separation_reason: str,
    actor: User | None,
    also_roles: bool,
    reason: str = "",
) -> dict[str, int]:
    """Ends a spell and what hangs on it on the same day; says how many rows of each kind ended with it."""
    lock(spell.teacher)
    if spell.ended_on is not None:
        raise ValidationError(_("This spell of employment has already ended."))
    rows = [*still_open(spell, last_day)]
    late = next((row for row in rows if row.started_on > last_day), None)
    if late is not None:
        raise ValidationError({"ended_on": _("“%(row)s” starts after this day. Correct it first.") % {"row": late}})
    ended: dict[str, list[list[Any]]] = {name: [] for name in ENDING_ROWS}
    for row in rows:
        ended[str(row._meta.model_name)].append([row.pk, row.ended_on and row.ended_on.isoformat()])
        row.ended_on = last_day
        sign(row, actor=actor, reason=reason)
        row.save()
    roles = end_roles_of(teacher=spell.teacher, last_day=last_day, actor=actor) if also_roles else []
    spell.ended_on, spell.separation_type, spell.separation_reason = last_day, separation_type, separation_reason
    keep(spell, actor=actor, verb=ENDED, reason=reason, teacher=spell.teacher_id, **ended)
    return {name: len(pairs) for name, pairs in ended.items()} | {"role": len(roles)}


ENDING_ROWS: dict[str, type[Assignment] | type[Pairing] | type[Leave]] = {
    "assignment": Assignment,
    "pairing": Pairing,
    "leave": Leave,
}


def still_open(spell: Employment, last_day: date) -> list[Any]:
    outlasting = Q(ended_on=None) | Q(ended_on__gt=last_day)
    rows = [row for model in ENDING_ROWS.values() for row in model.objects.filter(outlasting, teacher=spell.teacher)]
    return [row for row in rows if periods_overlap(row.started_on, row.ended_on, spell.started_on, None)]


@transaction.atomic
def reopen_employment(*, spell: Employment, actor: User | None) -> Employment:
    """Undoes the ending of a spell: it and what ended with it run on. Roles stay ended; they are granted anew."""
    lock(spell.teacher)
    event = AuditEvent.objects.filter(subject_type="teachers.employment", subject_id=str(spell.pk), verb=ENDED).first()
    reason = _("Ending undone")
    for name, model in ENDING_ROWS.items():
        before = dict(event.detail.get(name, ())) if event else {}
        for row in model.objects.filter(pk__in=before, ended_on=spell.ended_on):
            row.ended_on = before[row.pk] and date.fromisoformat(before[row.pk])
            sign(row, actor=actor, reason=reason)
            row.save()
    spell.ended_on, spell.separation_type, spell.separation_reason = None, "", ""
    return save_employment(row=spell, actor=actor, reason=reason)
