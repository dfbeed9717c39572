"""One person: who they are, where and since when they work, what licenses they hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from pd_tracker.access import Capability, Reader
from pd_tracker.web.views import CapabilityMixin
from teachers.actions.accounts import sign_in_problem
from teachers.actions.viewing import note_view
from teachers.fields import FIELDS, allowed_fields
from teachers.models import Pairing, Teacher, User
from teachers.models.choices import PositionName
from teachers.querysets.directory import cut_fields, with_directory
from teachers.querysets.people import running
from teachers.tables import StatusName, word
from teachers.views.parts import REMOVED

CUT = ("status", "started_on", "left_on", "separation_reason")
# Tab, its words, where it leads, and the part of FIELDS that opens it (none: whoever sees the person).
TABS = (
    ("coaching", _("Coaching"), "learning_plans:teacher", "coaching"),
    ("plan", _("Plan"), "learning_plans:plan", "plan"),
    ("growth", _("Could grow"), "learning_plans:person_growth", "needs"),
    ("record", _("Record"), "learning_plans:person_record", "completions"),
    ("licences", _("License"), "learning_plans:person_licences", "licences"),
    ("employment", _("Employment"), "teachers:person", ""),
    ("history", _("History"), "learning_plans:person_history", "history"),
)


@dataclass(frozen=True, slots=True)
class Tab:
    label: Any
    url: str
    is_current: bool


def visible_person(user: Reader, pk: int) -> Any:
    """The teacher with post and dates, as far as the reader may see them; anybody else is not found."""
    rows = with_directory(Teacher.objects.listed_to(user), on=user.today).select_related("user", "district")
    return get_object_or_404(cut_fields(rows, user=user, rules={name: FIELDS[name] for name in CUT}), pk=pk)


def person_context(request: HttpRequest, teacher: Any, *, part: str) -> dict[str, Any]:
    """What every tab of a person shows: card, tabs, rights. Opening it leaves a mark that the person can read."""
    user = request.user
    note_view(reader=user, teacher=teacher, part=part)
    allowed = allowed_fields(user, teacher)
    return {
        "person": teacher,
        "status_word": StatusName(teacher.status).label if teacher.status else "",
        "position_word": word(PositionName)(teacher.position),
        "allowed": allowed,
        "may_edit": "edit" in allowed,
        "removed": request.session.get(REMOVED, [None, None])[1] == teacher.pk,
        "tabs": [
            Tab(label, reverse(url_name, args=[teacher.pk]), key == part)
            for key, label, url_name, needed in TABS
            if not needed or needed in allowed
        ],
        "breadcrumbs": crumbs(user),
    }


def crumbs(user: User) -> list[tuple[Any, str]]:
    """The list somebody comes from: people of their places, or else those they look after."""
    reach = user.reach(Capability.PEOPLE_VIEW)
    if reach.everything or reach.district_ids or reach.school_ids:
        return [(_("People"), reverse("teachers:people"))]
    return [(_("Caseload"), reverse("learning_plans:caseload"))] if user.may(Capability.CASELOAD_VIEW) else []


class PersonPage(CapabilityMixin, TemplateView):
    """A tab of the person page; `part` names it in the trail."""

    capability = Capability.PEOPLE_VIEW
    part: ClassVar[str] = "employment"
    template_name = "teachers/person.html"

    def get_context_data(self, pk: int, **kwargs: Any) -> dict[str, Any]:
        teacher = visible_person(self.request.user, pk)
        context = person_context(self.request, teacher, part=self.part)
        return super().get_context_data(**kwargs, **context, **self.content(teacher, context["allowed"]))

    def content(self, teacher: Teacher, allowed: frozenset[str]) -> dict[str, Any]:
        user = self.request.user
        # Where somebody worked before is part of their employment.
        assignments = teacher.assignments.select_related("school")
        pairings = Pairing.objects.visible_to(user).filter(teacher=teacher).select_related("coach", "teacher")
        return {
            "employments": teacher.employments.all() if "employments" in allowed else (),
            "leaves": teacher.leaves.all() if "leaves" in allowed else (),
            "assignments": assignments if "employments" in allowed else assignments.filter(running(user.today)),
            "pairings": pairings,
            "external_ids": teacher.external_ids.all() if "external_ids" in allowed else (),
            "sign_in": self.sign_in(teacher) if "sign_in" in allowed else None,
        }

    def sign_in(self, teacher: Teacher) -> dict[str, Any]:
        user = self.request.user
        if teacher.user is None:
            free = User.objects.filter(email__iexact=teacher.email, teacher=None).first() if teacher.email else None
            return {"problem": sign_in_problem(teacher), "free": free}
        return {"user": teacher.user, "grants": teacher.user.role_grants.live(on=user.today).select_related("school")}
