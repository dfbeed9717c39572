"""Row sets of people, and the one translation from reach to a filter."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Concat

from pd_tracker.access import Capability, Reach, Reader

if TYPE_CHECKING:
    from teachers.models import Assignment, Employment, Teacher  # noqa: F401

NOBODY = Q(pk__in=())


def in_reach(reach: Reach, *, district: str, school: str) -> Q:
    """The district and school parts of a reach, as a filter over the named foreign keys."""
    if reach.everything:
        return Q()
    return Q(**{f"{district}__in": reach.district_ids}) | Q(**{f"{school}__in": reach.school_ids})


def running(on: date, *, prefix: str = "") -> Q:
    """Rows whose stretch of days, last day included, holds the day."""
    open_ended = Q(**{f"{prefix}ended_on": None}) | Q(**{f"{prefix}ended_on__gte": on})
    return open_ended & Q(**{f"{prefix}started_on__lte": on})


class EmploymentQuerySet(QuerySet["Employment"]):
    def running(self, *, on: date) -> Self:
        return self.filter(running(on))

    def visible_to(self, user: Reader) -> Self:
        return self.filter(teacher__in=teachers_for(user, Capability.EMPLOYMENT_VIEW))


class AssignmentQuerySet(QuerySet["Assignment"]):
    def running(self, *, on: date) -> Self:
        return self.filter(running(on))

    def visible_to(self, user: Reader) -> Self:
        return self.filter(teacher__in=teachers_for(user, Capability.PEOPLE_VIEW))


class OfTeacherQuerySet(QuerySet):  # type: ignore[type-arg]
    """Rows that belong to a teacher and are seen by whoever may see employment."""

    def visible_to(self, user: Reader) -> Self:
        return self.filter(teacher__in=teachers_for(user, Capability.EMPLOYMENT_VIEW))


class MergedTeacherQuerySet(QuerySet):  # type: ignore[type-arg]
    def visible_to(self, user: Reader) -> Self:
        return self.filter(teacher__in=teachers_for(user, Capability.PEOPLE_EDIT))


class PairingQuerySet(QuerySet):  # type: ignore[type-arg]
    def running(self, *, on: date) -> Self:
        return self.filter(running(on))

    def visible_to(self, user: Reader) -> Self:
        return self.filter(Q(teacher__in=teachers_for(user, Capability.PEOPLE_VIEW)) | Q(coach=user.pk))


class TeacherQuerySet(QuerySet["Teacher"]):
    def reached(self, user: Reader, capability: Capability) -> Self:
        """Teachers whose records a capability opens to a reader on the reader's day."""
        reach = user.reach(capability)
        if reach.everything:
            return self.all()
        found = NOBODY
        if reach.district_ids:
            found |= Q(district__in=reach.district_ids)
        if reach.school_ids:
            found |= Q(Exists(self._of_teacher("assignments").filter(running(user.today), school__in=reach.school_ids)))
        if reach.caseload:
            found |= Q(Exists(self._of_teacher("pairings").filter(running(user.today), coach=user.pk)))
        if reach.own:
            found |= Q(user=user.pk)
        return self.filter(found)

    def visible_to(self, user: Reader) -> Self:
        return self.reached(user, Capability.PEOPLE_VIEW)

    def listed_to(self, user: Reader) -> Self:
        """Visible people, without those who left where the reader may not know that somebody left."""
        if user.reach(Capability.EMPLOYMENT_VIEW).covers(user.reach(Capability.PEOPLE_VIEW)):
            return self.visible_to(user)
        dated = teachers_for(user, Capability.EMPLOYMENT_VIEW).order_by().values("pk")
        here = _teachers().employed(on=user.today).order_by().values("pk")
        return self.visible_to(user).filter(Q(pk__in=dated) | Q(pk__in=here))

    def named(self, words: str) -> Self:
        """Whose names or staff id hold every word that was typed; an id from before a merger counts, too."""
        found = Q()
        for word in words.split():
            found &= (
                Q(family_name__icontains=word)
                | Q(given_name__icontains=word)
                | Q(preferred_name__icontains=word)
                | Q(staff_id__iexact=word)
                | Q(pk__in=_merged().filter(old_staff_id__iexact=word).values("teacher"))
            )
        return self.filter(found)

    def employed(self, *, on: date) -> Self:
        return self.filter(Exists(self._of_teacher("employments").filter(running(on))))

    def with_post(self, *, on: date) -> Self:
        """Adds what a person does on a day: school, subject, position, FTE and first day of the spell."""
        assignments = self._of_teacher("assignments").filter(running(on)).order_by("-fte", "school_id", "pk")
        spells = self._of_teacher("employments").filter(running(on)).order_by("-fte", "pk")
        return self.annotate(
            listed_name=Concat("family_name", Value(", "), "given_name"),
            school_name=Subquery(assignments.values("school__name")[:1]),
            school_code=Subquery(assignments.values("school__school_id")[:1]),
            school_key=Subquery(assignments.values("school_id")[:1]),
            subject=Subquery(assignments.values("subject")[:1]),
            grades=Subquery(assignments.values("grades")[:1]),
            position=Subquery(spells.values("position")[:1]),
            fte=Subquery(spells.values("fte")[:1]),
            hired_on=Subquery(spells.values("started_on")[:1]),
            exit_on=Subquery(spells.values("ended_on")[:1]),
        )

    def _of_teacher(self, relation: str) -> QuerySet:  # type: ignore[type-arg]
        related = self.model._meta.get_field(relation).related_model
        return related._default_manager.filter(teacher=OuterRef("pk"))  # type: ignore[union-attr]


def teachers_for(user: Reader, capability: Capability) -> TeacherQuerySet:
    """The teachers a capability opens to a reader, to cut any row set that hangs on a teacher."""
    return _teachers().reached(user, capability)


def reaches(user: Reader, capability: Capability, teacher: Teacher) -> bool:
    """Whether a capability opens one teacher to a reader."""
    return user.may(capability) and teachers_for(user, capability).filter(pk=teacher.pk).exists()


def of_teachers(user: Reader, capability: Capability) -> Q:
    """The rows that hang on a teacher whom a capability opens to a reader.

    Who reaches a district reaches most rows: each is asked for its teacher, in the order the list has anyway. Who
    reaches a few people begins with those people.
    """
    teachers, reach = teachers_for(user, capability), user.reach(capability)
    if reach.everything or reach.district_ids:
        return Q(Exists(teachers.filter(pk=OuterRef("teacher"))))
    return Q(teacher__in=teachers)


def ids_of(teacher: Teacher) -> list[int]:
    """The keys of a person, with those of records that became part of theirs."""
    return [teacher.pk, *_merged().filter(teacher=teacher.pk).order_by("pk").values_list("old_key", flat=True)]


def _merged() -> QuerySet[Any]:
    rows: QuerySet[Any] = apps.get_model("teachers", "MergedTeacher")._default_manager.all()
    return rows


def _teachers() -> TeacherQuerySet:
    return apps.get_model("teachers", "Teacher")._default_manager.all()
