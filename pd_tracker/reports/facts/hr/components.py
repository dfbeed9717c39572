"""What each person completed of each course in one school year, for the record of a state."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from django.db.models import Sum

from pd_tracker.access import Reader
from pd_tracker.reports.facts.calendar import district_of
from pd_tracker.reports.facts.hr.learning import APPROVED
from pd_tracker.reports.facts.hr.scope import Scope
from teachers.models import ExternalId


class Component(NamedTuple):
    teacher: int
    staff_id: str
    family_name: str
    given_name: str
    code: str
    title: str
    activity_type: str
    minutes: int


def components(scope: Scope) -> Iterator[Component]:
    """Approved minutes, by name of the person and code of the course."""
    approved = scope.learned().filter(state=APPROVED)
    person = ("teacher", "teacher__staff_id", "teacher__family_name", "teacher__given_name")
    course = ("course__code", "course__title", "course__activity_type")
    summed = approved.values(*person, *course).annotate(spent=Sum("minutes"))
    ordered = summed.order_by("teacher__family_name", "teacher__given_name", "teacher", "course__code")
    return map(Component._make, ordered.values_list(*person, *course, "spent").iterator())


def id_systems(reader: Reader) -> list[str]:
    """The systems whose ids are on record for people in reach."""
    found = ExternalId.objects.visible_to(reader).order_by("system").values_list("system", flat=True)
    return list(found.distinct())


def ids_of(scope: Scope, system: str) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = ExternalId.objects.visible_to(scope.user).filter(system=system).order_by("value", "pk")
    for teacher, value in rows.values_list("teacher", "value").iterator():
        found[teacher].append(value)
    return dict(found)


def state_number(reader: Reader) -> str:
    district = district_of(reader)
    return district.state_id if district else ""
