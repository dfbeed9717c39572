"""Writing what speaks for a need, and what the teacher answers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from learning_plans.models import Competency, Need, NeedReason, Priority
from learning_plans.rules.batches import BATCH
from learning_plans.rules.choices import NeedAnswer, NeedSource
from learning_plans.rules.needs import SUGGESTED
from pd_tracker.notices.actions import tell
from pd_tracker.notices.models import Notice
from teachers.actions.keeping import keep, lock, remove
from teachers.models import Teacher, User


@dataclass(frozen=True, slots=True)
class FoundReason:
    """Something that speaks for a need of one teacher: of which source, how strongly, and the figures behind it."""

    teacher_id: int
    competency_id: int
    source: NeedSource
    strength: float
    figures: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> tuple[int, int, str]:
        return self.teacher_id, self.competency_id, self.source.value

    @property
    def rounded(self) -> Decimal:
        return Decimal(f"{self.strength:.3f}")


@transaction.atomic
def store_reasons(
    *,
    teachers: Collection[int],
    sources: Collection[NeedSource],
    found: Iterable[FoundReason],
    actor: User | None,
    on: date,
) -> int:
    """Makes the reasons of these sources exactly what was found for these teachers. Answers with what changed.

    A need stays when nothing speaks for it anymore; what the teacher answered is theirs.
    """
    wanted = {reason.key: reason for reason in found}
    standing = {
        (reason.need.teacher_id, reason.need.competency_id, reason.source): reason
        for reason in NeedReason.objects.filter(
            need__teacher__in=teachers, source__in=[source.value for source in sources], given_by=None
        ).select_related("need")
    }
    gone = [reason for key, reason in standing.items() if key not in wanted]
    for reason in gone:
        reason.delete()
    changed = [_changed(standing[key], reason, on) for key, reason in wanted.items() if key in standing]
    moved = [reason for reason in changed if reason is not None]
    bulk_update_with_history(
        moved, NeedReason, ["strength", "figures", "found_on"], batch_size=BATCH, default_user=actor
    )
    new = [reason for key, reason in wanted.items() if key not in standing]
    needs = _needs_of(new, actor=actor)
    made = [
        NeedReason(
            need=needs[reason.key[:2]],
            source=reason.source.value,
            strength=reason.rounded,
            figures=dict(reason.figures),
            found_on=on,
        )
        for reason in new
    ]
    bulk_create_with_history(made, NeedReason, batch_size=BATCH, default_user=actor)
    return len(gone) + len(moved) + len(made)


def _changed(standing: NeedReason, found: FoundReason, on: date) -> NeedReason | None:
    if (standing.strength, standing.figures) == (found.rounded, dict(found.figures)):
        return None
    standing.strength, standing.figures, standing.found_on = found.rounded, dict(found.figures), on
    return standing


def _needs_of(reasons: Collection[FoundReason], *, actor: User | None) -> dict[tuple[int, int], Need]:
    keys = {reason.key[:2] for reason in reasons}
    wanted = Need.objects.filter(teacher__in={teacher for teacher, _competency in keys})
    needs = {(need.teacher_id, need.competency_id): need for need in wanted}
    missing = [
        Need(teacher_id=teacher, competency_id=competency)
        for teacher, competency in sorted(keys)
        if (teacher, competency) not in needs
    ]
    made = bulk_create_with_history(missing, Need, batch_size=BATCH, default_user=actor)
    return needs | {(need.teacher_id, need.competency_id): need for need in made}


def need_for(teacher: Teacher, competency: Competency, *, actor: User) -> Need:
    """The teacher's need of a competency, made where there is none yet; two at once wait for each other."""
    lock(teacher)
    found = Need.objects.filter(teacher=teacher, competency=competency).first()
    return found or keep(Need(teacher=teacher, competency=competency), actor=actor, verb="need.found")


@transaction.atomic
def answer_need(
    *,
    need: Need,
    answer: NeedAnswer,
    actor: User,
    at: datetime,
    on: date,
    comment: str = "",
    put_off_until: date | None = None,
) -> Need:
    """What the teacher says to a need; `OPEN` takes the answer back."""
    if answer is NeedAnswer.PUT_OFF and (put_off_until is None or put_off_until <= on):
        raise ValidationError({"put_off_until": _("Choose a day after today.")})
    if answer is NeedAnswer.DISAGREED and not comment.strip():
        raise ValidationError({"comment": _("Say in a few words why you see it differently.")})
    need.answer, need.comment = answer.value, comment.strip()
    need.put_off_until = put_off_until if answer is NeedAnswer.PUT_OFF else None
    need.answered_at = None if answer is NeedAnswer.OPEN else at
    return keep(need, actor=actor, verb=f"need.{answer.value}", teacher=need.teacher_id)


@transaction.atomic
def take_up_priority(*, priority: Priority, teacher: Teacher, actor: User, at: datetime, on: date) -> Need:
    """A teacher makes a priority of the school or district one of their own needs."""
    need = need_for(teacher, priority.competency, actor=actor)
    reason = NeedReason.objects.filter(need=need, source=NeedSource.PRIORITY.value, given_by=None).first()
    reason = reason or NeedReason(need=need, source=NeedSource.PRIORITY.value)
    reason.strength, reason.found_on, reason.words = Decimal(str(SUGGESTED)), on, priority.reason
    keep(reason, actor=actor, verb="need.reason_kept")
    return answer_need(need=need, answer=NeedAnswer.ACCEPTED, actor=actor, at=at, on=on)


@transaction.atomic
def suggest_need(*, teacher: Teacher, competency: Competency, words: str, actor: User, on: date) -> NeedReason:
    """Somebody who looks after a teacher says what they would work on, in words that the teacher reads."""
    if not words.strip():
        raise ValidationError({"words": _("Say in a few words what you saw and why it would help.")})
    need = need_for(teacher, competency, actor=actor)
    reason = NeedReason.objects.filter(need=need, given_by=actor).first()
    is_new = reason is None
    reason = reason or NeedReason(need=need, source=NeedSource.COACH.value, given_by=actor)
    reason.strength, reason.found_on, reason.words = Decimal(str(SUGGESTED)), on, words.strip()
    keep(reason, actor=actor, verb="need.suggested", teacher=teacher.pk)
    if is_new and teacher.user_id is not None:
        url = reverse("learning_plans:growth")
        tell([teacher.user_id], kind=Notice.Kind.NEED_SUGGESTED, url=url, by=actor.name)
    return reason


@transaction.atomic
def take_back_suggestion(*, reason: NeedReason, actor: User) -> None:
    remove(reason, actor=actor, verb="need.suggestion_taken_back", reason=_("Taken back by who suggested it"))


@transaction.atomic
def save_priority(*, priority: Priority, actor: User, reason: str = "") -> Priority:
    return keep(priority, actor=actor, verb="priority.saved", reason=reason)


@transaction.atomic
def end_priority(*, priority: Priority, actor: User, on: date) -> Priority:
    priority.ended_on = max(on, priority.started_on)
    return keep(priority, actor=actor, verb="priority.ended")
