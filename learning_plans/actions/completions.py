"""Recording what was learnt. Facts are corrected with a reason or voided, never deleted; nobody certifies their own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypedDict

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from learning_plans.models import Completion, CreditLine
from learning_plans.rules.choices import CompletionState
from learning_plans.sums import sum_up
from pd_tracker.notices.actions import tell
from pd_tracker.notices.models import Notice
from teachers.actions.keeping import keep, sign
from teachers.models import Teacher, User


class Credit(TypedDict):
    unit: str
    amount: Decimal
    category: str


@transaction.atomic
def record_completion(
    *, completion: Completion, credit: Sequence[Credit] = (), actor: User | None, at: datetime, on: date
) -> Completion:
    """Enters a completion that somebody vouches for; category and minutes come from the course where none are given."""
    refuse_own(completion.teacher, actor)
    refuse_future(completion, on=on)
    completion.recorded_by, completion.recorded_at = actor, at
    completion.category = completion.category or completion.course.category
    if completion.state == CompletionState.APPROVED:
        completion.approved_by, completion.approved_at = actor, at
    saved = kept(completion, actor=actor, act="recorded")
    set_credit(completion, credit, actor=actor)
    return saved


@transaction.atomic
def correct_completion(
    *, completion: Completion, credit: Sequence[Credit] | None = None, actor: User | None, reason: str, on: date
) -> Completion:
    """Changes a completion; without `credit` its credit stays as it is."""
    refuse_own(completion.teacher, actor)
    refuse_silence(reason)
    refuse_future(completion, on=on)
    saved = kept(completion, actor=actor, act="corrected", reason=reason)
    if credit is not None:
        set_credit(completion, credit, actor=actor, reason=reason)
    return saved


@transaction.atomic
def void_completion(*, completion: Completion, actor: User | None, reason: str) -> Completion:
    """Takes a completion out of every count; it stays to be read, with the reason."""
    refuse_own(completion.teacher, actor)
    refuse_silence(reason)
    if completion.state == CompletionState.VOIDED:
        raise ValidationError(_("This completion is already voided."))
    completion.state, completion.void_reason = CompletionState.VOIDED.value, reason
    return kept(completion, actor=actor, act="voided", reason=reason)


@transaction.atomic
def restore_completion(*, completion: Completion, actor: User | None, reason: str) -> Completion:
    """Brings a voided completion back to the state it had."""
    refuse_own(completion.teacher, actor)
    refuse_silence(reason)
    if completion.state != CompletionState.VOIDED:
        raise ValidationError(_("This completion is not voided."))
    completion.state, completion.void_reason = state_before_voiding(completion), ""
    return kept(completion, actor=actor, act="restored", reason=reason)


@transaction.atomic
def approve_completion(*, completion: Completion, actor: User | None, at: datetime) -> Completion:
    refuse_own(completion.teacher, actor)
    if completion.state != CompletionState.PENDING:
        raise ValidationError(_("This completion does not wait for approval."))
    completion.state = CompletionState.APPROVED.value
    completion.approved_by, completion.approved_at, completion.returned_at = actor, at, None
    return kept(completion, actor=actor, act="approved")


def set_credit(completion: Completion, credit: Sequence[Credit], *, actor: User | None, reason: str = "") -> None:
    """Makes the credit lines these; lines that stay the same are not touched."""
    wanted = {(line["unit"], line["category"]): line["amount"] for line in credit}
    if len(wanted) < len(credit):
        raise ValidationError({"credit": _("Give each unit once for each category.")})
    lines = {(line.unit, line.category): line for line in completion.credit_lines.all()}
    for key, line in lines.items():
        if key not in wanted:
            sign(line, actor=actor, reason=reason)
            line.delete()
    for (unit, category), amount in wanted.items():
        line = lines.get((unit, category)) or CreditLine(completion=completion, unit=unit, category=category)
        if line.pk is None or line.amount != amount:
            line.amount = amount
            keep(line, actor=actor, verb="credit.saved", reason=reason, completion=completion.pk)


def refuse_own(teacher: Teacher, actor: User | None) -> None:
    if actor is not None and teacher.user_id == actor.pk:
        raise ValidationError(_("Nobody certifies their own hours. Ask somebody else in HR."))


def refuse_silence(reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": _("Say why. The teacher reads it too.")})


def refuse_future(completion: Completion, *, on: date) -> None:
    if completion.completed_on and completion.completed_on > on:
        raise ValidationError({"completed_on": _("This day has not come yet.")})


def state_before_voiding(completion: Completion) -> str:
    earlier: Any = completion.history.exclude(state=CompletionState.VOIDED.value).order_by("-history_id").first()
    return str(earlier.state) if earlier is not None else CompletionState.PENDING.value


def kept(completion: Completion, *, actor: User | None, act: str, reason: str = "") -> Completion:
    verb = f"completion.{act}"
    stored = Completion.objects.filter(pk=completion.pk).values_list("teacher_id", "completed_on")
    before = list(stored)
    saved = keep(completion, actor=actor, verb=verb, reason=reason, teacher=completion.teacher_id)
    sum_up([*before, (completion.teacher_id, completion.completed_on)])
    user_id = completion.teacher.user_id
    if user_id is not None and (actor is None or actor.pk != user_id):
        tell(
            [user_id],
            kind=Notice.Kind.COMPLETION_CHANGED,
            url=reverse("learning_plans:completion", args=[completion.pk]),
            act=act,
            course=completion.course.title,
            by=actor.name if actor is not None else "",
        )
    return saved
