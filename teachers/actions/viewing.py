"""Leaving a mark wherever somebody's personnel data was opened or taken out, for that person to read."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction

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


class Marks:
    """Whom one process has marked since a moment, so that it does not ask the database again at every page."""

    def __init__(self, most: int) -> None:
        self.most, self.since, self.count = most, None, 0  # type: tuple[int, datetime | None, int]
        self.people: dict[tuple[int, str], set[int]] = {}

    def unknown(self, key: tuple[int, str], teacher_ids: Collection[int], since: datetime) -> set[int]:
        if since != self.since or self.count > self.most:
            self.since, self.count = since, 0
            self.people.clear()
        return set(teacher_ids) - self.people.get(key, set())

    def add(self, key: tuple[int, str], teacher_ids: Collection[int]) -> None:
        self.people.setdefault(key, set()).update(teacher_ids)
        self.count += len(teacher_ids)


MARKS = Marks(most=500_000)


def note_pull(*, reader: User, teacher_ids: Collection[int], part: str, since: datetime) -> None:
    """A program asks for the same people again and again: one mark since the given moment is enough."""
    key = reader.pk, part
    unknown = MARKS.unknown(key, teacher_ids, since)
    if not unknown:
        return
    marks = AuditEvent.objects.filter(verb=EXPORTED, actor=reader.pk, at__gte=since, detail__part=part)
    of_these = marks.filter(subject_type=Teacher._meta.label_lower, subject_id__in=map(str, unknown))
    marked = {int(subject) for subject in of_these.order_by().values_list("subject_id", flat=True)}
    if unknown - marked:
        note_export(reader=reader, teachers=Teacher.objects.filter(pk__in=unknown - marked), part=part)
    transaction.on_commit(lambda: MARKS.add(key, unknown))
