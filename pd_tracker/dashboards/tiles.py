"""What each role should look at next: one function per number, each cut by what its reader may see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learning_plans.models import Completion, PlanItem, PlanReview
from pd_tracker.access import Capability, Role
from pd_tracker.imports.models import ImportRun
from pd_tracker.sheets.table import Kind
from pd_tracker.web.cells import in_words
from teachers.models import Pairing, RoleGrant, Teacher, User
from teachers.querysets.people import teachers_for

WAITED_LONG = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Tile:
    label: str
    value: Any
    words: str
    url: str


def own_items(user: User) -> list[Tile]:
    mine = PlanItem.objects.visible_to(user).filter(plan__teacher__user=user.pk)
    url = reverse("learning_plans:my_plan")
    return [
        Tile(_("Overdue"), mine.overdue(on=user.today).count(), _("Required and past the due day"), url),
        Tile(_("Due soon"), mine.due_soon(on=user.today).count(), _("In the next 30 days"), url),
    ]


def caseload(user: User) -> list[Tile]:
    people = teachers_for(user, Capability.CASELOAD_VIEW)
    late = PlanItem.objects.overdue(on=user.today).filter(plan__teacher__in=people)
    url = reverse("learning_plans:caseload")
    return [
        Tile(
            _("Need you"),
            late.values("plan__teacher").distinct().count(),
            _("Teachers with something overdue"),
            f"{url}?overdue=true",
        ),
        Tile(_("Teachers"), people.count(), _("On your caseload today"), url),
        Tile(
            _("Reviews overdue"),
            PlanReview.objects.visible_to(user).filter(plan__teacher__in=people).overdue(on=user.today).count(),
            _("Planned and not held"),
            f"{url}?review=overdue",
        ),
    ]


def waiting_completions(user: User) -> list[Tile]:
    waiting = Completion.objects.visible_to(user).open_to_approval()
    old = waiting.filter(recorded_at__lt=timezone.now() - WAITED_LONG)
    url = reverse("learning_plans:completions") + "?state=pending"
    return [
        Tile(_("Waiting long"), old.count(), _("Completions unapproved for more than 14 days"), url),
        Tile(_("Waiting"), waiting.count(), _("Completions to approve"), url),
    ]


def people(user: User) -> list[Tile]:
    count = Teacher.objects.visible_to(user).employed(on=user.today).count()
    return [Tile(_("People"), count, _("Employed today, in your reach"), reverse("teachers:people"))]


def coaching(user: User) -> list[Tile]:
    """Leads to hours and visits; a sum here would give small groups away."""
    if not user.may(Capability.COACHING_COUNT):
        return []
    coached = teachers_for(user, Capability.COACHING_COUNT)
    pairings = Pairing.objects.running(on=user.today).filter(teacher__in=coached)
    count = pairings.order_by().values("coach").distinct().count()
    words, url = _("Coaches and mentors at work; see their hours"), reverse("learning_plans:coaching_counts")
    return [Tile(_("Coaching"), count, words, url)]


def last_import(user: User) -> list[Tile]:
    run = ImportRun.objects.visible_to(user).first()
    if run is None:
        return [Tile(_("Last import"), "–", _("No file has been loaded yet"), reverse("imports:runs"))]
    day = in_words(localtime(run.uploaded_at), Kind.DATE)
    return [Tile(_("Last import"), day, f"{run.filename}: {run.get_state_display()}", reverse("imports:runs"))]


def roles(user: User) -> list[Tile]:
    held = RoleGrant.objects.visible_to(user).live(on=user.today)
    never = held.filter(user__last_login=None).values("user").distinct().count()
    url = reverse("teachers:roles")
    return [
        Tile(_("Roles"), held.count(), _("Held today"), url),
        Tile(_("Not yet here"), never, _("People with a role who have never signed in"), url),
    ]


def cycle(user: User) -> list[Tile]:
    """How many reviews are late; what is said in them is for the teacher and who looks after them."""
    late = PlanReview.objects.counted_for(user).overdue(on=user.today).count()
    url = reverse("learning_plans:start_cycle")
    return [Tile(_("Reviews overdue"), late, _("Planned and not held; here you start a cycle of plans"), url)]


@dataclass(frozen=True, slots=True)
class Section:
    title: Any
    roles: frozenset[Role]
    tiles: tuple[Callable[[User], list[Tile]], ...]


SECTIONS = (
    Section(gettext_lazy("My learning"), frozenset({Role.TEACHER}), (own_items,)),
    Section(gettext_lazy("My caseload"), frozenset({Role.COACH, Role.MENTOR}), (caseload,)),
    Section(gettext_lazy("Records"), frozenset({Role.HR}), (waiting_completions, people, last_import)),
    Section(gettext_lazy("Sign-ins and roles"), frozenset({Role.ADMIN}), (roles,)),
    Section(gettext_lazy("My district"), frozenset({Role.LEADER, Role.PRINCIPAL}), (people, cycle, coaching)),
)


def sections_for(user: User) -> list[tuple[Any, list[Tile]]]:
    held = {role.role for role in user.held_roles}
    return [
        (section.title, [tile for function in section.tiles for tile in function(user)])
        for section in SECTIONS
        if held & section.roles
    ]
