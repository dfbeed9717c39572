"""Every list of the live site asks the database as often for sixty rows as for one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from learning_plans.actions.standings import decide_anew
from learning_plans.credit.shelf import shelf_of
from learning_plans.models import (
    AssignmentRule,
    ContractHours,
    CycleStart,
    ForeseenStanding,
    LicenceStanding,
    OldTotal,
    PackChoice,
    Practice,
    RenewalMailing,
    RuleChange,
    StandingRun,
)
from pd_tracker.access import Role
from pd_tracker.audit.actions import record
from pd_tracker.imports.models import ImportRun
from pd_tracker.reports.models import ExportRun, NamedExport
from pd_tracker.web.views import TablePage
from teachers.actions.viewing import VIEWED
from teachers.models import Teacher, User
from tests.factories import (
    LONG_AGO,
    AssignmentRuleFactory,
    CompletionFactory,
    CourseFactory,
    FrameworkFactory,
    LicenceFactory,
    NamedExportFactory,
    PairingFactory,
    PlanFactory,
    PlanItemFactory,
    PlanTemplateFactory,
    PriorityFactory,
    RoleGrantFactory,
    RuleMemberFactory,
    SchoolFactory,
    SchoolYearFactory,
    SchoolYearProfileFactory,
    employed,
    teacher_with_sign_in,
    user_with_role,
)

pytestmark = pytest.mark.django_db


STATES = (f"S{number}" for number in count())
NAMES = (f"Framework {number}" for number in count())


class World:
    """One teacher with a sign-in at one school, and whoever looks at the lists."""

    def __init__(self) -> None:
        SchoolYearFactory()
        self.teacher: Teacher = teacher_with_sign_in()
        self.school = self.teacher.assignments.get().school
        self.rule: AssignmentRule = AssignmentRuleFactory()
        self.users: dict[Role, User] = {Role.TEACHER: self.teacher.user}
        self.export: NamedExport = NamedExportFactory(owner=self.user(Role.HR))

    def user(self, role: Role) -> User:
        if role not in self.users:
            self.users[role] = user_with_role(role)
        return self.users[role]


def completion(world: World) -> None:
    CompletionFactory(teacher=world.teacher)


def pending(world: World) -> None:
    CompletionFactory(teacher=LicenceFactory(teacher=employed(world.school)).teacher, state="pending")


def look(world: World) -> None:
    record(actor=world.user(Role.HR), verb=VIEWED, subject=world.teacher, part="plan")


def profile(world: World) -> None:
    year = SchoolYearFactory(start=1950 + world.school.profiles.count())
    SchoolYearProfileFactory(school=world.school, school_year=year)


def run(world: World) -> None:
    ImportRun.objects.create(uploaded_by=world.user(Role.HR), as_of=LONG_AGO, kind="roster", filename="staff.xlsx")


def pairing(world: World) -> None:
    PairingFactory(coach=world.user(Role.COACH), teacher=employed(world.school))


def late(world: World) -> None:
    year = SchoolYearFactory()
    PlanItemFactory(plan=PlanFactory(teacher=employed(world.school), school_year=year), due_on=year.starts_on)


def started(world: World) -> None:
    PlanFactory(teacher=employed(world.school), start=start_of(world))


def start_of(world: World) -> CycleStart:
    about = {"district": world.school.district, "school_year": SchoolYearFactory()}
    who = {"started_by": world.user(Role.LEADER), "started_at": timezone.now(), "day": LONG_AGO}
    return CycleStart.objects.get_or_create(**about, defaults=who)[0]


def practice(world: World) -> None:
    now = timezone.now()
    Practice.objects.create(teacher=world.teacher, title="Exit tickets", how="On paper", written_at=now, shared_at=now)


def export(world: World) -> None:
    NamedExportFactory(owner=world.user(Role.HR))


def export_run(world: World) -> None:
    ExportRun.objects.create(export=world.export, reader=world.user(Role.HR), asked_at=timezone.now())


def change(world: World) -> RuleChange:
    about = {
        "kind": "choice",
        "said": {"jurisdiction": "WA", "licence_type": "", "rule_pack": "none", "holds_from": None},
    }
    when = {"as_of": timezone.localdate(), "made_at": timezone.now(), "worked_out_at": timezone.now()}
    found = RuleChange.objects.filter(district=world.school.district).first()
    made = about | when | {"rules": "0" * 64, "made_by": world.user(Role.HR), "district": world.school.district}
    return found or RuleChange.objects.create(**made)


def foreseen(world: World) -> None:
    amounts = {f"{name}_{when}": 0 for name in ("required", "counted") for when in ("before", "after")}
    words = {"status_before": "met", "status_after": "behind", "rules_before": "none", "rules_after": "ours"}
    licence = LicenceFactory(teacher=employed(world.school))
    ForeseenStanding.objects.create(change=change(world), licence=licence, **amounts, **words)


def choice(world: World) -> None:
    PackChoice.objects.create(district=world.school.district, jurisdiction=next(STATES), rule_pack="none")


def contract(world: World) -> None:
    ContractHours.objects.create(district=world.school.district, school=SchoolFactory(), hours=20)


def renewing(world: World) -> LicenceStanding:
    """A license with its standing, which is fresh, so that looking at the list works nothing out."""
    licence = LicenceFactory(teacher=employed(world.school))
    fresh = {"rules": shelf_of(world.school.district_id).fingerprint, "ran_at": timezone.now() + timedelta(days=1)}
    StandingRun.objects.update_or_create(district=world.school.district, defaults=fresh)
    today = timezone.localdate()
    decide_anew([licence], shelf=shelf_of(world.school.district_id), on=today, at=timezone.now())
    return licence.standing


def old_total(world: World) -> None:
    licence = renewing(world).licence
    OldTotal.objects.create(licence=licence, as_of=LONG_AGO, counted=10, compared_at=timezone.now())


def notice(world: World) -> None:
    mailing_of(world).notices.create(licence=renewing(world).licence, words="Soon")


def mailing_of(world: World) -> RenewalMailing:
    who = {"sent_by": world.user(Role.HR), "sent_at": timezone.now(), "in_site": True}
    return RenewalMailing.objects.get_or_create(district=world.school.district, defaults=who)[0]


# Who looks at a list, and what makes one more row of it.
LISTS: dict[str, tuple[Role, Callable[[World], Any]]] = {
    "learning_plans:completions": (Role.HR, completion),
    "learning_plans:pending": (Role.HR, pending),
    "learning_plans:person_record": (Role.HR, completion),
    "learning_plans:my_record": (Role.TEACHER, completion),
    "learning_plans:courses": (Role.HR, lambda world: CourseFactory()),
    "learning_plans:practices": (Role.HR, practice),
    "learning_plans:caseload": (Role.COACH, pairing),
    "learning_plans:renewals": (Role.HR, renewing),
    "learning_plans:parallel_run": (Role.HR, old_total),
    "learning_plans:mailing": (Role.HR, notice),
    "learning_plans:rules": (Role.HR, lambda world: AssignmentRuleFactory()),
    "learning_plans:rule": (Role.HR, lambda world: RuleMemberFactory(rule=world.rule, teacher=employed(world.school))),
    "learning_plans:overdue": (Role.HR, late),
    "learning_plans:frameworks": (Role.HR, lambda world: FrameworkFactory(name=next(NAMES))),
    "learning_plans:priorities": (Role.LEADER, lambda world: PriorityFactory()),
    "learning_plans:plans": (Role.HR, lambda world: PlanFactory(teacher=employed(world.school))),
    "learning_plans:rule_choices": (Role.HR, choice),
    "learning_plans:rule_change": (Role.HR, foreseen),
    "learning_plans:contract_hours": (Role.HR, contract),
    "learning_plans:templates": (Role.LEADER, lambda world: PlanTemplateFactory()),
    "learning_plans:started": (Role.LEADER, started),
    "teachers:people": (Role.HR, lambda world: employed(world.school)),
    "teachers:seen": (Role.TEACHER, look),
    "teachers:roles": (Role.HR, lambda world: RoleGrantFactory(granted_by=world.user(Role.HR))),
    "teachers:schools": (Role.HR, lambda world: SchoolFactory()),
    "teachers:school": (Role.HR, profile),
    "imports:runs": (Role.HR, run),
    "reports:exports": (Role.HR, export),
    "reports:export": (Role.HR, export_run),
    "reports:export_files": (Role.HR, export_run),
}


def routes(patterns: list[Any], prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            space = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from routes(pattern.url_patterns, prefix + space)
        else:
            yield f"{prefix}{pattern.name}", pattern


def lists() -> set[str]:
    every = routes(get_resolver().url_patterns)
    return {name for name, it in every if issubclass(getattr(it.callback, "view_class", object), TablePage)}


def test_the_table_above_names_every_list() -> None:
    assert set(LISTS) == lists()


@pytest.mark.parametrize("name", LISTS)
def test_a_list_asks_as_often_for_many_rows_as_for_one(client: Client, name: str) -> None:
    world = World()
    role, add_row = LISTS[name]
    client.force_login(world.user(role))
    keys = {
        "learning_plans:person_record": [world.teacher.pk],
        "learning_plans:started": [start_of(world).pk],
        "teachers:school": [world.school.pk],
        "learning_plans:rule_change": [change(world).pk],
    }
    keys["learning_plans:mailing"] = [mailing_of(world).pk]
    keys["learning_plans:rule"] = [world.rule.pk]
    keys["reports:export"] = [world.export.pk]
    address = reverse(name, args=keys.get(name))
    there = client.get(address).context["page"].paginator.count  # the first look at a person is noted, too

    asked = {}
    for rows in (1, 10, 60):
        for _ in range(rows - there):
            add_row(world)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(address).context["page"]
        there = page.paginator.count
        asked[there] = len(queries)

    assert there == 60
    assert len(asked) >= 2
    assert len(set(asked.values())) == 1, asked
