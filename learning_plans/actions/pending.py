"""Approving what waits, or returning it with a reason, many at once; taking either back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from learning_plans.actions.completions import approve_completion, kept, refuse_own, refuse_silence
from learning_plans.models import Completion
from learning_plans.rules.choices import CompletionState
from teachers.models import User

MOST = 200


class Act(StrEnum):
    APPROVE = "approve"
    RETURN = "return"


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of one completion; a problem says why nothing did."""

    completion: Completion
    problem: str = ""


@transaction.atomic
def return_completion(*, completion: Completion, reason: str, actor: User | None, at: datetime) -> Completion:
    """Gives it back to the teacher, who reads why; it goes on waiting until they hand it in again."""
    refuse_own(completion.teacher, actor)
    refuse_silence(reason)
    refuse_decided(completion)
    completion.returned_at, completion.return_reason = at, reason.strip()
    return kept(completion, actor=actor, act="returned", reason=reason)


@transaction.atomic
def hand_in_again(*, completion: Completion, actor: User | None) -> Completion:
    """The teacher says that what was asked for is there now."""
    if completion.state != CompletionState.PENDING or completion.returned_at is None:
        raise ValidationError(_("This completion was not returned."))
    completion.returned_at = None
    return kept(completion, actor=actor, act="handed_in_again")


@transaction.atomic
def wait_again(*, completion: Completion, actor: User | None, reason: str) -> Completion:
    """Takes an approval or a return back; the completion waits as it did before."""
    refuse_own(completion.teacher, actor)
    refuse_silence(reason)
    if completion.state == CompletionState.VOIDED:
        raise ValidationError(_("This completion was voided since."))
    completion.state = CompletionState.PENDING.value
    completion.approved_by = completion.approved_at = completion.returned_at = None
    completion.return_reason = ""
    return kept(completion, actor=actor, act="waits_again", reason=reason)


def decide_all(*, completions: QuerySet[Completion], act: Act, reason: str, actor: User, at: datetime) -> list[Decided]:
    """Each stands or falls by itself, so that one that cannot be decided keeps back no other."""
    keys: Sequence[int] = list(completions.order_by("recorded_at", "pk").values_list("pk", flat=True)[: MOST + 1])
    if len(keys) > MOST:
        raise ValidationError(_("Choose at most %(most)d at once.") % {"most": MOST})
    if act is Act.RETURN:
        refuse_silence(reason)

    def decide(completion: Completion) -> None:
        if act is Act.APPROVE:
            refuse_decided(completion)
            approve_completion(completion=completion, actor=actor, at=at)
        else:
            return_completion(completion=completion, reason=reason, actor=actor, at=at)

    return [_decided(pk, decide) for pk in keys]


def take_back_all(*, completions: QuerySet[Completion], actor: User, reason: str) -> list[Decided]:
    keys = list(completions.order_by("pk").values_list("pk", flat=True)[:MOST])
    return [_decided(pk, lambda row: wait_again(completion=row, actor=actor, reason=reason)) for pk in keys]


@transaction.atomic
def _decided(pk: int, decide: Callable[[Completion], object]) -> Decided:
    rows = Completion.objects.select_for_update(of=("self",)).select_related("teacher", "course")
    completion: Completion = rows.get(pk=pk)
    try:
        with transaction.atomic():
            decide(completion)
    except ValidationError as refusal:
        return Decided(completion, " ".join(refusal.messages))
    return Decided(completion)


def refuse_decided(completion: Completion) -> None:
    if completion.state != CompletionState.PENDING:
        raise ValidationError(_("Somebody decided about it meanwhile."))
    if completion.returned_at is not None:
        raise ValidationError(_("It was returned and waits for the teacher."))
