"""Adding to the audit trail, in the same transaction as what it tells of."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import Model

from pd_tracker.access import Reader
from pd_tracker.audit.models import AuditEvent

BATCH = 2_000


def record(*, actor: Reader | None, verb: str, subject: Model | None = None, **detail: Any) -> AuditEvent:
    """Notes that an actor did something; an operator at the command line has no login and is noted as nobody."""
    return AuditEvent.objects.create(
        actor_id=actor.pk if actor is not None else None,
        verb=verb,
        subject_type=subject._meta.label_lower if subject is not None else "",
        subject_id=str(subject.pk) if subject is not None else "",
        detail=detail,
    )


def record_each(*, actor: Reader | None, verb: str, model: type[Model], keys: Iterable[Any], **detail: Any) -> None:
    """The same event for many rows of a model, for instance everybody whose data stands in a downloaded file."""
    told = {"actor_id": actor.pk if actor is not None else None, "verb": verb, "detail": detail}
    events = (AuditEvent(subject_type=model._meta.label_lower, subject_id=str(key), **told) for key in keys)
    with transaction.atomic():
        while batch := list(islice(events, BATCH)):
            AuditEvent.objects.bulk_create(batch)
