"""Adding to the audit trail, in the same transaction as what it tells of."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from pd_tracker.access import Reader
from pd_tracker.audit.models import AuditEvent


def record(*, actor: Reader | None, verb: str, subject: Model | None = None, **detail: Any) -> AuditEvent:
    """Notes that an actor did something; an operator at the command line has no login and is noted as nobody."""
    return AuditEvent.objects.create(
        actor_id=actor.pk if actor is not None else None,
        verb=verb,
        subject_type=subject._meta.label_lower if subject is not None else "",
        subject_id=str(subject.pk) if subject is not None else "",
        detail=detail,
    )
