"""People by staff id and courses by code, as programs name them."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request

from learning_plans.models import Course
from learning_plans.querysets.plans import teachers_written_by
from pd_tracker.access import Capability
from pd_tracker.api.problems import Problem, line
from teachers.models import Teacher
from teachers.querysets.people import teachers_for


def refused(field: str, words: str) -> Problem:
    return Problem(_("This cannot be taken as it is; the lines below say why."), [line(field, words)])


def person_named(request: Request, staff_id: str, capability: Capability) -> Teacher:
    """Somebody out of reach and somebody who does not exist are the same to whoever asks."""
    found = teachers_for(request.user, capability).filter(staff_id=staff_id).first()
    if found is None:
        raise refused("staff_id", _("There is nobody with this staff id for whom you may do this."))
    return found


def person_written(request: Request, staff_id: str) -> Teacher:
    """Somebody in whose plan the caller writes: themselves, or a person they look after."""
    found = teachers_written_by(request.user).filter(staff_id=staff_id).first()
    if found is None:
        raise refused("staff_id", _("There is nobody with this staff id for whom you may do this."))
    return found


def course_named(rows: QuerySet[Course], code: str) -> Course:
    found = rows.filter(code=code).first()
    if found is None:
        raise refused("course_code", _("There is no course with this code that you could choose."))
    return found


def own_teacher(request: Request) -> Teacher:
    """The staff record behind the token; somebody without one writes nothing of their own."""
    return get_object_or_404(teachers_for(request.user, Capability.PRACTICES_SHARE), user=request.user.pk)
