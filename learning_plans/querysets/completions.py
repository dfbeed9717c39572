"""Row sets of sessions, enrollments, completions and credit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Sum, When

from learning_plans.querysets.catalogue import edited_by, of_districts
from learning_plans.rules.choices import CompletionState, EnrollmentState
from pd_tracker.access import Capability, Reader
from teachers.querysets.people import of_teachers, teachers_for
from teachers.rules.periods import SchoolDays

if TYPE_CHECKING:
    from learning_plans.models import Certificate, CreditLine, SeatDraw, Session  # noqa: F401


class SessionQuerySet(QuerySet["Session"]):
    def visible_to(self, user: Reader) -> Self:
        return self.filter(of_districts(user, district="course__district"))

    def editable_by(self, user: Reader) -> Self:
        return self.filter(edited_by(user, district="course__district"))

    def coming(self, *, after: datetime) -> Self:
        return self.filter(starts_at__gte=after, is_canceled=False)

    def with_seats(self) -> Self:
        """Adds `taken`, the seats that are spoken for."""
        registered = Q(enrollments__state=EnrollmentState.REGISTERED.value)
        return self.annotate(taken=Count("enrollments", filter=registered, distinct=True))


class SeatDrawQuerySet(QuerySet["SeatDraw"]):
    """Whose place was which is for those who hold the draw; that there was one, everybody can see at the session."""

    def visible_to(self, user: Reader) -> Self:
        return self.filter(edited_by(user, district="session__course__district"))


class LearningOfTeacherQuerySet(QuerySet):  # type: ignore[type-arg]
    """Rows of a teacher's learning, seen by whoever may see their completions."""

    def visible_to(self, user: Reader) -> Self:
        return self.filter(of_teachers(user, Capability.COMPLETIONS_VIEW))


class CompletionQuerySet(LearningOfTeacherQuerySet):
    def counted(self) -> Self:
        """Approved and not voided: the only ones that make hours."""
        return self.filter(state=CompletionState.APPROVED.value)

    def dated(self, first: date, last: date) -> Self:
        return self.filter(completed_on__gte=first, completed_on__lte=last)

    def minutes_by_category(self) -> list[dict[str, Any]]:
        return list(
            self.order_by().values("category").annotate(minutes=Sum("minutes"), count=Count("pk")).order_by("category")
        )

    def by_school_year(self, years: Sequence[SchoolDays], *by: str) -> QuerySet[Any]:
        """Minutes and number by the fields named, `year` among them."""
        if not years:
            return self.none()
        year = Case(  # every row walks down this list, so recent years come first
            *(When(completed_on__range=(day.starts_on, day.ends_on), then=day.year.start) for day in years[::-1]),
            output_field=IntegerField(),
        )
        dated = self.order_by().dated(years[0].starts_on, years[-1].ends_on).annotate(year=year)
        groups = dated.filter(year__isnull=False).values_list(*by)
        summed: QuerySet[Any] = groups.annotate(spent=Sum("minutes"), count=Count("pk"))
        return summed

    def open_to_approval(self) -> Self:
        return self.filter(Q(state=CompletionState.PENDING.value))


class CertificateQuerySet(QuerySet["Certificate"]):
    def visible_to(self, user: Reader) -> Self:
        return self.filter(completion__teacher__in=teachers_for(user, Capability.COMPLETIONS_VIEW))

    def shown_to_anybody(self, number: str) -> dict[str, Any] | None:
        """What whoever holds a certificate may check: nothing about the person."""
        course, day = F("completion__course__title"), F("completion__completed_on")
        about: dict[str, Any] = {"minutes": F("completion__minutes"), "state": F("completion__state")}
        found = self.filter(number=number).values(course=course, completed_on=day, **about).first()
        return None if found is None else dict(found)


class CreditLineQuerySet(QuerySet["CreditLine"]):
    def visible_to(self, user: Reader) -> Self:
        return self.filter(completion__teacher__in=teachers_for(user, Capability.COMPLETIONS_VIEW))
