"""What changed since a moment, read from the history that every writer leaves; nobody has to mark anything."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Model, QuerySet
from simple_history.utils import get_history_model_for_model

# A line of history carries the moment it was written at, and is seen by others only once its transaction ends.
LONGEST_TRANSACTION = timedelta(hours=1)


def changed_since(model: type[Model], field: str, moment: datetime) -> QuerySet[Any, Any]:
    """Values of one field in all rows added, changed or removed since a moment, and in some changed shortly before.

    Whatever the history says a row held earlier is among them: what was taken from one teacher and given to another
    changed for both.
    """
    lines = get_history_model_for_model(model)._default_manager
    key = model._meta.pk.attname
    changed = lines.filter(history_date__gte=moment - LONGEST_TRANSACTION).order_by().values(key)
    found: QuerySet[Any, Any] = lines.filter(**{f"{key}__in": changed}).order_by().values_list(field, flat=True)
    return found.distinct()
