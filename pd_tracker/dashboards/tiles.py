"""What each role should look at next: one function per number, each cut by what its reader may see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from learning_plans.models import Completion, PlanItem
from pd_tracker.access import Capability, Role
from pd_tracker.imports.models import ImportRun
from teachers.models import Teacher, User
from teachers.querysets.people import teachers_for

WAITED_LONG = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Tile:
    value: str
    sentence: str
    url: str
    needs_you: bool = False


def own_items(user: User) -> list[Tile]:
    mine = PlanItem.objects.visible_to(user).filter(plan__teacher__user=user.pk)
    overdue, soon = mine.overdue(on=user.today).count(), mine.due_soon(on=user.today).count()
    url = reverse("learning_plans:my_plan")
    return [
        Tile(str(overdue), ngettext("thing is overdue", "things are overdue", overdue), url, overdue > 0),
        Tile(str(soon), ngettext("thing is due in 30 days", "things are due in 30 days", soon), url),
    ]


def caseload(user: User) -> list[Tile]:
    people = teachers_for(user, Capability.CASELOAD_VIEW)
    late = PlanItem.objects.overdue(on=user.today).filter(plan__teacher__in=people)
    behind = late.values("plan__teacher").distinct().count()
    url = reverse("learning_plans:caseload")
    count = people.count()
    return [
        Tile(str(count), ngettext("teacher on your caseload", "teachers on your caseload", count), url),
        Tile(
            str(behind),
            ngettext("teacher has something overdue", "teachers have something overdue", behind),
            f"{url}?overdue=true",
            behind > 0,
        ),
    ]


def waiting_completions(user: User) -> list[Tile]:
    waiting = Completion.objects.visible_to(user).open_to_approval()
    old = waiting.filter(recorded_at__lt=timezone.now() - WAITED_LONG).count()
    return [
        Tile(
            str(old),
            ngettext(
                "completion has waited more than 14 days for approval",
                "completions have waited more than 14 days for approval",
                old,
            ),
            reverse("learning_plans:completions") + "?state=pending",
            old > 0,
        )
    ]


def people(user: User) -> list[Tile]:
    count = Teacher.objects.visible_to(user).employed(on=user.today).count()
    return [Tile(str(count), ngettext("person employed today", "people employed today", count), reverse("teachers:people"))]


def last_import(user: User) -> list[Tile]:
    run = ImportRun.objects.visible_to(user).first()
    if run is None:
        return [Tile(_("None"), _("No file has been loaded yet"), reverse("imports:runs"), needs_you=True)]
    return [
        Tile(
            run.get_state_display(),
            _("is the last import, %(file)s") % {"file": run.filename},
            reverse("imports:runs"),
            needs_you=run.state == ImportRun.State.PLANNED,
        )
    ]


@dataclass(frozen=True, slots=True)
class Section:
    title: Any
    roles: frozenset[Role]
    tiles: tuple[Callable[[User], list[Tile]], ...]


SECTIONS = (
    Section(gettext_lazy("My learning"), frozenset({Role.TEACHER}), (own_items,)),
    Section(gettext_lazy("My caseload"), frozenset({Role.COACH, Role.MENTOR}), (caseload,)),
    Section(gettext_lazy("Records"), frozenset({Role.HR}), (waiting_completions, people, last_import)),
    Section(gettext_lazy("My district"), frozenset({Role.LEADER, Role.PRINCIPAL}), (people,)),
)


def sections_for(user: User) -> list[tuple[Any, list[Tile]]]:
    held = {role.role for role in user.held_roles}
    return [
        (section.title, [tile for function in section.tiles for tile in function(user)])
        for section in SECTIONS
        if held & section.roles
    ]
