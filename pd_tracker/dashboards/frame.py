"""What surrounds every page: the district's name, one's navigation, unread notices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pd_tracker.access import Role
from pd_tracker.notices.models import Notice
from teachers.models import User
from teachers.models.choices import RoleName


@dataclass(frozen=True, slots=True)
class Destination:
    label: Any
    url_name: str
    roles: frozenset[Role]


TEACHER, COACH = frozenset({Role.TEACHER}), frozenset({Role.COACH, Role.MENTOR})
HR, ADMIN = frozenset({Role.HR}), frozenset({Role.ADMIN})
LEADING = frozenset({Role.LEADER, Role.PRINCIPAL})

NAVIGATION = (
    Destination(_("My plan"), "learning_plans:my_plan", TEACHER),
    Destination(_("Find training"), "learning_plans:courses", TEACHER | COACH),
    Destination(_("My record"), "learning_plans:my_record", TEACHER),
    Destination(_("Caseload"), "learning_plans:caseload", COACH),
    Destination(_("People"), "teachers:people", HR | LEADING),
    Destination(_("Completions"), "learning_plans:completions", HR),
    Destination(_("Imports"), "imports:runs", HR),
    Destination(_("Exports"), "reports:hr_summary", HR),
    Destination(_("Catalog"), "learning_plans:courses", HR | LEADING),
    Destination(_("Reports"), "reports:catalogue", LEADING | HR),
    Destination(_("Roles"), "teachers:roles", HR | ADMIN),
    Destination(_("Changes"), "learning_plans:changes", HR | ADMIN),
    Destination(_("District"), "teachers:district", ADMIN),
)


@dataclass(frozen=True, slots=True)
class Link:
    label: Any
    url: str
    is_current: bool


def navigation(request: HttpRequest, user: User) -> list[Link]:
    held = {role.role for role in user.held_roles}
    labels = {
        reverse(destination.url_name): destination.label for destination in NAVIGATION if held & destination.roles
    }
    # Where one address begins with another, the longer one is the page one is on.
    current = max((url for url in labels if request.path.startswith(url)), key=len, default="")
    return [Link(label, url, url == current) for url, label in labels.items()]


def frame(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    common = {
        "district_name": getattr(getattr(request, "district", None), "name", ""),
        "languages": settings.LANGUAGES,
        "version": settings.VERSION,
    }
    if not isinstance(user, User):
        return {"frame": common}
    own = {
        "navigation": navigation(request, user),
        "roles": sorted({str(RoleName(held.role).label) for held in user.held_roles}),
        "unread": Notice.objects.visible_to(user).unread().count(),
    }
    return {"frame": common | own}
