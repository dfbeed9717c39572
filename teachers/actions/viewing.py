"""Leaving a mark wherever somebody's personnel data was opened or taken out, for that person to read."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from pd_tracker.access import Reader
from pd_tracker.audit.actions import record, record_each
from pd_tracker.audit.models import AuditEvent
from teachers.models import Teacher, User

VIEWED, EXPORTED = "person.viewed", "person.exported"


def roles_of(reader: User) -> list[str]:
    return sorted({held.role.value for held in reader.held_roles})


def note_view(*, reader: User, teacher: Teacher, part: str) -> None:
    """`part` is the tab that was open; one's own page leaves no mark."""
    if teacher.user_id != reader.pk:
        record(actor=reader, verb=VIEWED, subject=teacher, part=part, roles=roles_of(reader))


def note_export(*, reader: Reader, teachers: Iterable[Teacher], part: str) -> None:
    """The operator at the command line holds no login; a file made there stays with who made it."""
    if not isinstance(reader, User):
        return
    others = [teacher for teacher in teachers if teacher.user_id != reader.pk]
    record_each(actor=reader, verb=EXPORTED, subjects=others, part=part, roles=roles_of(reader))


def note_pull(*, reader: User, teacher_ids: Collection[int], part: str, since: datetime) -> None:
    """A program asks for the same people again and again: one mark since the given moment is enough."""
    marks = AuditEvent.objects.filter(verb=EXPORTED, actor=reader.pk, at__gte=since, detail__part=part)
    of_these = marks.filter(subject_type=Teacher._meta.label_lower, subject_id__in=map(str, teacher_ids))
    marked = set(of_these.order_by().values_list("subject_id", flat=True))
    unmarked = [key for key in teacher_ids if str(key) not in marked]
    if unmarked:
        note_export(reader=reader, teachers=Teacher.objects.filter(pk__in=unmarked), part=part)
