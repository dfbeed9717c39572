"""The list of people as HR, leaders and principals need it, each field shown only where the reader may see it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from pd_tracker.access import Capability, Reader
from teachers.querysets.people import running, teachers_for

if TYPE_CHECKING:
    from teachers.querysets.people import TeacherQuerySet


class Status(StrEnum):
    EMPLOYED = "employed"
    ON_LEAVE = "on_leave"
    STARTING = "starting"
    LEFT = "left"
    UNKNOWN = "unknown"  # nothing is known of any employment


def with_directory(teachers: TeacherQuerySet, *, on: date) -> TeacherQuerySet:
    """Adds the post of the day, or the last one, and `status`, `started_on`, `left_on`, `separation_reason`."""
    spells = _of_teacher("Employment")
    last = spells.filter(started_on__lte=on).order_by("-started_on")
    before = _of_teacher("Assignment").filter(started_on__lte=on).order_by(F("ended_on").desc(nulls_first=True), "pk")
    return teachers.with_post(on=on).annotate(
        school_name=Coalesce("school_name", Subquery(before.values("school__name")[:1])),
        school_key=Coalesce("school_key", Subquery(before.values("school_id")[:1])),
        subject=Coalesce("subject", Subquery(before.values("subject")[:1])),
        position=Coalesce("position", Subquery(last.values("position")[:1])),
        started_on=Subquery(last.values("started_on")[:1]),
        left_on=Subquery(last.filter(ended_on__lt=on).values("ended_on")[:1]),
        separation_reason=Subquery(last.filter(ended_on__lt=on).values("separation_reason")[:1]),
        status=Case(
            When(
                Exists(spells.filter(running(on))) & Exists(_of_teacher("Leave").filter(running(on))),
                then=_is(Status.ON_LEAVE),
            ),
            When(Exists(spells.filter(running(on))), then=_is(Status.EMPLOYED)),
            When(Exists(last), then=_is(Status.LEFT)),
            When(Exists(spells), then=_is(Status.STARTING)),
            default=_is(Status.UNKNOWN),
        ),
    )


def cut_fields(teachers: TeacherQuerySet, *, user: Reader, rules: Mapping[str, Capability]) -> TeacherQuerySet:
    """Empties annotated fields where their capability does not reach, so that nobody sorts or filters by them."""
    seen = user.reach(Capability.PEOPLE_VIEW)
    needed = {capability for capability in rules.values() if user.reach(capability) != seen}
    for capability in needed:
        mine = Q(pk__in=teachers_for(user, capability).order_by().values("pk"))
        names = [name for name, wanted in rules.items() if wanted is capability]
        teachers = teachers.annotate(**{name: Case(When(mine, then=F(name))) for name in names})
    return teachers


def _is(status: Status) -> Value:
    return Value(status.value)


def _of_teacher(model: str) -> QuerySet[Any]:
    rows: QuerySet[Any] = apps.get_model("teachers", model)._default_manager.filter(teacher=OuterRef("pk"))
    return rows
