"""Leaving a mark wherever somebody's personnel data was opened or taken out, for that person to read."""

from __future__ import annotations

from django.db.models import QuerySet

from pd_tracker.access import Reader
from pd_tracker.audit.actions import record, record_each
from teachers.models import Teacher, User

VIEWED, EXPORTED = "person.viewed", "person.exported"


def roles_of(reader: User) -> list[str]:
    return sorted({held.role.value for held in reader.held_roles})


def note_view(*, reader: User, teacher: Teacher, part: str) -> None:
    """`part` is the tab that was open; one's own page leaves no mark."""
    if teacher.user_id != reader.pk:
        record(actor=reader, verb=VIEWED, subject=teacher, part=part, roles=roles_of(reader))


def note_export(*, reader: Reader, teachers: QuerySet[Teacher], part: str) -> None:
    """The operator at the command line holds no login; a file made there stays with who made it."""
    if not isinstance(reader, User):
        return
    others = teachers.exclude(user=reader.pk).order_by()
    keys = list(others.values_list("pk", flat=True))  # read to the end before the trail is written
    record_each(actor=reader, verb=EXPORTED, model=Teacher, keys=keys, part=part, roles=roles_of(reader))
