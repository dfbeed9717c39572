"""Sharing what one tried, and taking up what somebody else shared."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from learning_plans.models import Adoption, Practice
from pd_tracker.audit.actions import record
from pd_tracker.notices.actions import tell
from pd_tracker.notices.models import Notice
from teachers.actions.keeping import keep, sign
from teachers.models import Teacher, User


@transaction.atomic
def save_practice(*, practice: Practice, actor: User, at: datetime, reason: str = "") -> Practice:
    """A draft stays a draft, and what is shared stays shared."""
    if practice._state.adding:
        practice.written_at = at
    return _kept(practice, actor=actor, act="saved", reason=reason)


@transaction.atomic
def share_practice(*, practice: Practice, actor: User, at: datetime) -> Practice:
    practice.shared_at, practice.withdrawn_at = at, None
    return _kept(practice, actor=actor, act="shared")


@transaction.atomic
def take_practice_back(*, practice: Practice, actor: User, at: datetime) -> Practice:
    """Others no longer see it; who tries it keeps doing so, and it can be shared again."""
    if practice.shared_at is None or practice.withdrawn_at is not None:
        raise ValidationError(_("This is not shared at the moment."))
    practice.withdrawn_at = at
    return _kept(practice, actor=actor, act="taken_back")


@transaction.atomic
def adopt(*, practice: Practice, teacher: Teacher, actor: User, on: date, comment: str = "") -> Adoption:
    if practice.teacher_id == teacher.pk:
        raise ValidationError(_("This is your own practice; others can say that they try it."))
    made = keep(
        Adoption(practice=practice, teacher=teacher, adopted_on=on, comment=comment),
        actor=actor,
        verb="practice.adopted",
        teacher=teacher.pk,
    )
    author = practice.teacher.user_id
    if author is not None:
        url = reverse("learning_plans:practice", args=[practice.pk])
        tell([author], kind=Notice.Kind.PRACTICE_ADOPTED, url=url, title=practice.title)
    return made


@transaction.atomic
def say_how_it_went(*, adoption: Adoption, comment: str, actor: User) -> Adoption:
    adoption.comment = comment
    return keep(adoption, actor=actor, verb="practice.adoption_told", teacher=adoption.teacher_id)


@transaction.atomic
def stop_trying(*, adoption: Adoption, actor: User) -> None:
    sign(adoption, actor=actor, reason="")
    record(actor=actor, verb="practice.adoption_ended", subject=adoption, teacher=adoption.teacher_id)
    adoption.delete()


def _kept(practice: Practice, *, actor: User, act: str, reason: str = "") -> Practice:
    return keep(practice, actor=actor, verb=f"practice.{act}", reason=reason, teacher=practice.teacher_id)
