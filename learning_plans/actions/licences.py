"""What HR decides about one license: waivers, facts that rules ask for, extensions by law. All of it with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from learning_plans.actions.completions import refuse_silence
from learning_plans.models import LicenceFact, Waiver
from teachers.actions.keeping import keep, lock, remove
from teachers.actions.records import save_licence
from teachers.models import Licence, User


@transaction.atomic
def grant_waiver(*, licence: Licence, amount: Decimal | None, reason: str, actor: User | None, at: datetime) -> Waiver:
    """Forgives a part of what is owed, or all of it where no amount is given."""
    refuse_own(licence, actor)
    waiver = Waiver(licence=licence, amount=amount, reason=reason.strip(), granted_by=actor, granted_at=at)
    keep(waiver, actor=actor, verb="waiver.granted", reason=reason, teacher=licence.teacher_id)
    return waiver


@transaction.atomic
def take_back_waiver(*, waiver: Waiver, reason: str, actor: User | None, at: datetime) -> Waiver:
    """The waiver counts no longer; it stays to be read."""
    refuse_own(waiver.licence, actor)
    refuse_silence(reason)
    found: Waiver = Waiver.objects.select_for_update().get(pk=waiver.pk)
    if found.taken_back_at is not None:
        raise ValidationError(_("This waiver is already taken back."))
    found.taken_back_at = at
    keep(found, actor=actor, verb="waiver.taken_back", reason=reason, teacher=waiver.licence.teacher_id)
    return found


@transaction.atomic
def set_facts(*, licence: Licence, given: Mapping[str, Any], reason: str, actor: User | None) -> int:
    """Makes these facts what is known; nothing given (or no) takes a fact out. Answers with how many changed."""
    refuse_own(licence, actor)
    refuse_silence(reason)
    lock(licence.teacher)
    known = {fact.name: fact for fact in licence.facts.all()}
    about: dict[str, Any] = {"actor": actor, "reason": reason, "teacher": licence.teacher_id}
    changed = 0
    for name, value in given.items():
        fact = known.get(name)
        if value in (None, "", False):
            if fact is not None:
                remove(fact, verb="licence_fact.removed", **about)
                changed += 1
        elif fact is None or fact.value != value:
            fact = fact or LicenceFact(licence=licence, name=name)
            fact.value = value
            keep(fact, verb="licence_fact.saved", **about)
            changed += 1
    return changed


@transaction.atomic
def extend(*, licence: Licence, until: date | None, reason: str, actor: User | None) -> Licence:
    """The law, not a renewal, lets a license run on; without a day it ends when it says."""
    refuse_own(licence, actor)
    refuse_silence(reason)
    if licence.valid_until is None:
        raise ValidationError({"until": _("This license has no end that could be moved.")})
    if until is not None and until <= licence.valid_until:
        raise ValidationError({"until": _("Choose a day after the last one it is valid.")})
    licence.extended_until = until
    return save_licence(row=licence, actor=actor, reason=reason)


def refuse_own(licence: Licence, actor: User | None) -> None:
    if actor is not None and licence.teacher.user_id == actor.pk:
        raise ValidationError(_("Nobody decides about their own license. Ask somebody else in HR."))
