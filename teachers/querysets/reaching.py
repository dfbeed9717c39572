"""Reach read from the other end: through which roles others see one teacher."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from django.apps import apps
from django.db.models import Q

from pd_tracker.access import APART_FROM_EVALUATION, TABLE, Capability, Role, Scope
from teachers.querysets.people import NOBODY, running

if TYPE_CHECKING:
    from teachers.models import Teacher
    from teachers.querysets.accounts import RoleGrantQuerySet


def grants_reaching(teacher: Teacher, capability: Capability, *, on: date) -> RoleGrantQuerySet:
    """The roles of other people that open a capability for this teacher on a day."""
    if capability in APART_FROM_EVALUATION:
        raise ValueError("Some roles shut this one off, so that single roles do not tell who holds it.")
    grants: RoleGrantQuerySet = apps.get_model("teachers", "RoleGrant")._default_manager.all()
    found = NOBODY
    for of_role in _each_role(teacher, capability, on=on):
        found |= of_role
    return grants.live(on=on).filter(found, user__is_active=True).exclude(user=teacher.user_id).select_related("user")


def _each_role(teacher: Teacher, capability: Capability, *, on: date) -> Iterator[Q]:
    for role in Role:
        match TABLE[role].get(capability):
            case Scope.GRANT:
                schools = teacher.assignments.filter(running(on)).order_by().values("school")
                yield Q(role=role.value) & (Q(school=None, district=teacher.district_id) | Q(school__in=schools))
            case Scope.CASELOAD:
                coaches = teacher.pairings.filter(running(on)).order_by().values("coach")
                yield Q(role=role.value, user__in=coaches)


def users_reaching(teacher: Teacher, capability: Capability, *, on: date) -> set[int]:
    return set(grants_reaching(teacher, capability, on=on).values_list("user", flat=True))
