"""How every row of the people side is written: checked, saved with who and why, and noted in the trail."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Protocol, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from pd_tracker.audit.actions import record
from teachers.models import Teacher, User
from teachers.rules.periods import periods_overlap

Row = TypeVar("Row", bound=Model)


class Dated(Protocol):
    pk: Any
    started_on: date
    ended_on: date | None


@transaction.atomic
def keep(row: Row, *, actor: User | None, verb: str, reason: str = "", **detail: Any) -> Row:
    """Saves a row with its history and its line in the trail, or nothing of the three."""
    row.full_clean()
    sign(row, actor=actor, reason=reason)
    row.save()
    record(actor=actor, verb=verb, subject=row, **detail)
    return row


@transaction.atomic
def remove(row: Model, *, actor: User | None, verb: str, reason: str, **detail: Any) -> None:
    """Takes out a row that was entered by mistake; its history stays and can bring it back."""
    if not reason.strip():
        raise ValidationError({"reason": _("Say why this entry is removed.")})
    sign(row, actor=actor, reason=reason)
    record(actor=actor, verb=verb, subject=row, **detail)
    row.delete()


def sign(row: Model, *, actor: User | None, reason: str) -> None:
    """Tells the history who and why; it reads both from the row."""
    row._history_user = actor  # type: ignore[attr-defined]
    row._change_reason = reason.strip() or None  # type: ignore[attr-defined]


def lock(teacher: Teacher) -> None:
    """Two people entering dates for one person wait for each other, so that neither can slip past a check."""
    Teacher.objects.select_for_update().get(pk=teacher.pk)


def refuse_overlap(row: Dated, others: Iterable[Dated]) -> None:
    for other in others:
        if other.pk != row.pk and periods_overlap(row.started_on, row.ended_on, other.started_on, other.ended_on):
            raise ValidationError({"started_on": _("These days overlap with “%(other)s”.") % {"other": other}})
