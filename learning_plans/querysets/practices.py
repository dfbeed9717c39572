"""Row sets of practices and who took them up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from learning_plans.querysets.catalogue import of_districts
from learning_plans.rules.practices import Taken
from pd_tracker.access import Capability, Reader
from teachers.querysets.people import teachers_for

if TYPE_CHECKING:
    from learning_plans.models import Adoption, Practice  # noqa: F401


class PracticeQuerySet(QuerySet["Practice"]):
    def shared(self) -> Self:
        return self.filter(shared_at__isnull=False, withdrawn_at=None)

    def visible_to(self, user: Reader) -> Self:
        """Shared ones for all staff of the district, and one's own."""
        shared = of_districts(user, district="teacher__district") & Q(shared_at__isnull=False, withdrawn_at=None)
        return self.filter(shared | Q(teacher__in=teachers_for(user, Capability.PRACTICES_SHARE)))

    def editable_by(self, user: Reader) -> Self:
        return self.filter(teacher__in=teachers_for(user, Capability.PRACTICES_SHARE))

    def with_adoptions(self) -> Self:
        """Adds `tried_by`, how many others try it."""
        return self.annotate(tried_by=Count("adoptions"))


class AdoptionQuerySet(QuerySet["Adoption"]):
    def visible_to(self, user: Reader) -> Self:
        shared = Q(practice__shared_at__isnull=False, practice__withdrawn_at=None)
        return self.filter(of_districts(user, district="practice__teacher__district") & shared)

    def own(self, user: Reader) -> Self:
        return self.visible_to(user).filter(teacher__in=teachers_for(user, Capability.PRACTICES_SHARE))


def taken_up(user: Reader) -> Iterator[Taken]:
    """Who of the people a leader reaches shares or tries what, since when, and at which school they were then."""
    people = teachers_for(user, Capability.REPORTS_VIEW)
    shared = _model("Practice").shared().filter(teacher__in=people)
    tried = _model("Adoption").visible_to(user).filter(teacher__in=people)
    for rows, area, day in ((shared, "focus_area", "shared_at"), (tried, "practice__focus_area", "adopted_on")):
        lookup = f"{day}__date" if day == "shared_at" else day
        here = rows.annotate(school=_school_then(lookup)).order_by()
        for words, person, school, on in here.values_list(area, "teacher", "school", day):
            yield Taken(words, person, school or "", timezone.localdate(on) if isinstance(on, datetime) else on)


def _school_then(day: str) -> Subquery:
    posts = apps.get_model("teachers", "Assignment")._default_manager.filter(teacher=OuterRef("teacher"))
    ended = Q(ended_on=None) | Q(ended_on__gte=OuterRef(day))
    then = posts.filter(ended, started_on__lte=OuterRef(day))
    return Subquery(then.order_by("-fte", "school_id", "pk").values("school__name")[:1])


def _model(name: str) -> Any:
    return apps.get_model("learning_plans", name)._default_manager.all()
