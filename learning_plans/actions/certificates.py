"""Giving certificates their numbers."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from learning_plans.models import Certificate, Completion
from learning_plans.rules.choices import CompletionState


@transaction.atomic
def certificate_of(completion: Completion, *, at: datetime) -> Certificate:
    """The one it has, or a new one for what is approved; two who ask at once are given the same."""
    known = Certificate.objects.filter(completion=completion).first()
    if known is not None:
        return known
    if completion.state != CompletionState.APPROVED:
        raise ValidationError(_("There is a certificate once the completion is approved."))
    return Certificate.objects.get_or_create(completion=completion, defaults={"issued_at": at})[0]
