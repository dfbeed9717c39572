"""Completions that wait for approval, and what proves them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat

from learning_plans.rules.choices import CompletionState
from pd_tracker.access import Capability, Reader
from teachers.querysets.people import running, teachers_for

if TYPE_CHECKING:
    from learning_plans.models import Evidence  # noqa: F401

LONG = timedelta(days=14)


class EvidenceQuerySet(QuerySet["Evidence"]):
    def standing(self) -> Self:
        return self.filter(removed_at=None)

    def visible_to(self, user: Reader) -> Self:
        """A transcript can say more than hours: its owner reads it, and whoever may approve it."""
        approved_by = teachers_for(user, Capability.COMPLETIONS_EDIT)
        own = Q(completion__teacher__user=user.pk) if user.may(Capability.COMPLETIONS_VIEW) else Q(pk__in=())
        return self.filter(Q(completion__teacher__in=approved_by) | own)


def waiting_for(user: Reader) -> QuerySet[Any]:
    """What somebody may approve or return; what was returned waits for the teacher."""
    rows: QuerySet[Any] = apps.get_model("learning_plans", "Completion")._default_manager.filter(
        state=CompletionState.PENDING.value, returned_at=None
    )
    return rows.filter(teacher__in=teachers_for(user, Capability.COMPLETIONS_EDIT))


def with_waiting(completions: QuerySet[Any], *, on: date) -> QuerySet[Any]:
    """Adds what the list of waiting completions shows of each."""
    posts = apps.get_model("teachers", "Assignment")._default_manager.filter(running(on), teacher=OuterRef("teacher"))
    posts = posts.order_by("-fte", "school_id", "pk")
    proofs = apps.get_model("learning_plans", "Evidence")._default_manager.filter(
        completion=OuterRef("pk"), removed_at=None
    )
    count = proofs.order_by().values("completion").annotate(count=Count("pk")).values("count")
    found: QuerySet[Any] = completions.annotate(
        listed_name=Concat("teacher__family_name", Value(", "), "teacher__given_name"),
        school_name=Subquery(posts.values("school__name")[:1]),
        school_key=Subquery(posts.values("school")[:1]),
        evidence_count=Coalesce(Subquery(count[:1]), 0),
        since=F("recorded_at"),
    )
    return found


def long_waiting(*, at: datetime) -> Q:
    return Q(recorded_at__lt=at - LONG)
