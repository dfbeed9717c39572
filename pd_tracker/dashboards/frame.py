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
    """A word of the navigation; `within` are beginnings of other addresses whose pages belong to it."""

    label: Any
    url_name: str
    roles: frozenset[Role]
    within: tuple[str, ...] = ()


TEACHER, COACH = frozenset({Role.TEACHER}), frozenset({Role.COACH, Role.MENTOR})
HR, ADMIN = frozenset({Role.HR}), frozenset({Role.ADMIN})
LEADING = frozenset({Role.LEADER, Role.PRINCIPAL})
MOST_WORDS = 6
OF_PLANS = ("/plan/", "/plans/", "/goals/", "/items/", "/reviews/")

NAVIGATION = (
    Destination(_("My plan"), "learning_plans:my_plan", TEACHER, (*OF_PLANS, "/my-coaching/", "/calendar/")),
    Destination(_("Where I could grow"), "learning_plans:growth", TEACHER),
    Destination(_("My record"), "learning_plans:my_record", TEACHER, ("/completions/", "/people/seen/")),
    Destination(_("My licenses"), "learning_plans:my_licences", TEACHER, ("/licenses/",)),
    Destination(
        _("Caseload"),
        "learning_plans:caseload",
        COACH,
        (*OF_PLANS, "/people/", "/required/overdue/", "/coaching/"),
    ),
    Destination(_("Calendar"), "learning_plans:calendar", COACH),
    Destination(_("Find training"), "learning_plans:courses", TEACHER | COACH),
    Destination(_("People"), "teachers:people", HR | LEADING, ("/plans/", "/schools/")),
    Destination(_("Plans"), "learning_plans:plans", LEADING, ("/plan/", "/templates/")),
    Destination(_("Completions"), "learning_plans:completions", HR),
    Destination(_("Renewals"), "learning_plans:renewals", HR | LEADING),
    Destination(_("Imports"), "imports:runs", HR),
    Destination(_("Exports"), "reports:hr_summary", HR, ("/reports/exports/",)),
    Destination(_("Reports"), "reports:catalogue", LEADING | HR, ("/coaching/counts/",)),
    Destination(_("Catalog"), "learning_plans:courses", HR | LEADING),
    Destination(_("Renewal rules"), "learning_plans:rule_packs", HR, ("/contract-hours/",)),
    Destination(_("Practices"), "learning_plans:practices", TEACHER | COACH | LEADING),
    Destination(_("Required training"), "learning_plans:rules", HR | LEADING),
    Destination(_("Priorities"), "learning_plans:priorities", LEADING),
    Destination(_("Frameworks"), "learning_plans:frameworks", HR | frozenset({Role.LEADER}), ("/competencies/",)),
    Destination(_("Roles"), "teachers:roles", HR | ADMIN),
    Destination(_("Changes"), "learning_plans:changes", HR | ADMIN),
    Destination(_("District"), "teachers:district", ADMIN),
    Destination(_("Recommendations"), "learning_plans:weights", ADMIN),
)


@dataclass(frozen=True, slots=True)
class Link:
    label: Any
    url: str
    is_current: bool


def navigation(request: HttpRequest, user: User) -> list[Link]:
    held = {role.role for role in user.held_roles}
    destinations = {reverse(each.url_name): each for each in NAVIGATION if held & each.roles}
    current = current_of(destinations, request.path)
    return [Link(each.label, url, url == current) for url, each in destinations.items()]


def current_of(destinations: dict[str, Destination], path: str) -> str:
    """The word one is under; of two whose addresses both begin the path, the longer, and of equals the own one."""
    fitting = [
        (len(start), start == url, url)
        for url, each in destinations.items()
        for start in (url, *each.within)
        if path.startswith(start)
    ]
    return max(fitting, default=(0, False, ""))[2]


def split(links: list[Link]) -> dict[str, list[Link]]:
    """At most six words stand side by side; where there are more, the last of the six opens the others."""
    side_by_side = len(links) if len(links) <= MOST_WORDS else MOST_WORDS - 1
    return {"navigation": links[:side_by_side], "more": links[side_by_side:]}


def frame(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    common = {
        "district_name": getattr(getattr(request, "district", None), "name", ""),
        "languages": settings.LANGUAGES,
        "version": settings.VERSION,
    }
    if not isinstance(user, User):
        return {"frame": common}
    own = split(navigation(request, user)) | {
        "roles": sorted({str(RoleName(held.role).label) for held in user.held_roles}),
        "unread": Notice.objects.visible_to(user).unread().count(),
    }
    return {"frame": common | own}
