"""Row sets of coaching. Who evaluates reads none of them, and neither does the operator at the command line."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Sum, TextField, Value, When
from django.db.models.functions import TruncMonth

from learning_plans.rules.choices import Sharing
from pd_tracker.access import EVALUATORS, TABLE, Capability, Reader, Scope
from teachers.querysets.people import NOBODY, running, teachers_for

if TYPE_CHECKING:
    from learning_plans.models import CoachingNote  # noqa: F401
    from teachers.models import Teacher, User

COACHES = frozenset(role.value for role, held in TABLE.items() if held.get(Capability.COACHING_VIEW) is Scope.CASELOAD)


def _coached_by(user: Reader, teacher: str, capability: Capability = Capability.COACHING_VIEW) -> Q:
    if user.pk is None:
        return NOBODY
    return Q(**{f"{teacher}__in": teachers_for(user, capability)})


def coaches_reading(teacher: Teacher, *, on: date) -> QuerySet[User]:
    """Everybody beside the teacher who can read the visits with them: the other half of `visible_to`, for the page."""
    users = apps.get_model("teachers", "User")._default_manager.filter(is_active=True)
    grants = apps.get_model("teachers", "RoleGrant")._default_manager.filter(user=OuterRef("pk")).live(on=on)
    pairings = apps.get_model("teachers", "Pairing")._default_manager.filter(running(on), coach=OuterRef("pk"))
    found: QuerySet[User] = users.filter(
        Exists(pairings.filter(teacher=teacher.pk)),
        Exists(grants.filter(role__in=COACHES)),
        ~Exists(grants.filter(role__in=[role.value for role in EVALUATORS])),
    )
    return found.order_by("name", "pk")


class OfCoachingQuerySet(QuerySet):  # type: ignore[type-arg]
    def visible_to(self, user: Reader) -> Self:
        return self.filter(_coached_by(user, "teacher"))

    def editable_by(self, user: Reader) -> Self:
        """One's own, while one looks after the teacher."""
        return self.filter(_coached_by(user, "teacher", Capability.COACHING_WRITE), coach=user.pk)


class CycleQuerySet(OfCoachingQuerySet):
    def open(self) -> Self:
        return self.filter(ended_on=None)


class VisitQuerySet(OfCoachingQuerySet):
    def dated(self, first: date, last: date) -> Self:
        return self.filter(visited_on__gte=first, visited_on__lte=last)

    def logged_by(self, user: Reader) -> Self:
        """One's own time stays one's own after a pairing has ended; whom it was with is left out where this is used."""
        return self.filter(coach=user.pk) if user.may(Capability.COACHING_WRITE) else self.none()

    def counted_for(self, user: Reader) -> Self:
        """What a leader may count and nobody there may open."""
        if user.pk is None:
            return self.none()
        return self.filter(teacher__in=teachers_for(user, Capability.COACHING_COUNT))

    def time_by(self, *keys: str) -> QuerySet[Any]:
        """Visits and minutes by the named fields; `month` is the first day of the month of the visit."""
        rows = self.order_by().annotate(month=TruncMonth("visited_on")).values(*keys)
        sums = {"visits": Count("pk"), "minutes_spent": Sum("minutes"), "people": Count("teacher", distinct=True)}
        found: QuerySet[Any] = rows.annotate(**sums).order_by(*keys)
        return found


class CoachingNoteQuerySet(QuerySet["CoachingNote"]):
    def visible_to(self, user: Reader) -> Self:
        """The words: for who wrote them, while they look after the teacher, and for the teacher once shared."""
        shared = Q(sharing=Sharing.SHARED.value, visit__teacher__user=user.pk)
        return self.filter(_coached_by(user, "visit__teacher"), Q(author=user.pk) | shared)

    def known_to(self, user: Reader) -> Self:
        """Those of which a reader may know that they exist; only `visible_to` opens the words."""
        told = Q(sharing__in=[Sharing.SHARED.value, Sharing.EXISTENCE.value], visit__teacher__user=user.pk)
        return self.filter(_coached_by(user, "visit__teacher"), Q(author=user.pk) | told)

    def with_words_for(self, user: Reader) -> Self:
        """Adds `words`: the text where this reader may read it, else nothing. The text itself is not fetched."""
        readable = Q(pk__in=self.model._default_manager.visible_to(user).values("pk"))
        words = Case(When(readable, then=F("text")), default=Value(None), output_field=TextField(null=True))
        return self.defer("text").annotate(words=words)

    def editable_by(self, user: Reader) -> Self:
        """One's own, while one looks after the teacher."""
        return self.filter(_coached_by(user, "visit__teacher", Capability.COACHING_WRITE), author=user.pk)
