"""Every address of the live site, asked by every kind of person: the table below is the whole of who gets in where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from pd_tracker.access import Role
from pd_tracker.audit.models import AuditEvent
from pd_tracker.imports.models import ImportRun
from pd_tracker.jobs.models import Job
from pd_tracker.notices.models import Notice
from teachers.models import Employment, User
from tests.factories import (
    CompletionFactory,
    GoalFactory,
    PairingFactory,
    PlanFactory,
    PlanItemFactory,
    RoleGrantFactory,
    SchoolFactory,
    SchoolYearFactory,
    SessionFactory,
    UserFactory,
    teacher_with_sign_in,
    user_with_role,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

STRANGER = "stranger"
NOBODY = "nobody"  # signed in, without any role
ELSEWHERE = "principal elsewhere"
COLLEAGUE = "teacher elsewhere"
ROLES = {role.value for role in Role}
SIGNED_IN = ROLES | {NOBODY, ELSEWHERE, COLLEAGUE}
EVERYBODY = SIGNED_IN | {STRANGER}
TEACHERS = {"teacher", COLLEAGUE}
ALONGSIDE = {"teacher", "coach", "principal", "hr", "leader"}  # who may read the learning of the world's one teacher
LEADING = {"principal", "leader", ELSEWHERE}
STAFF = TEACHERS | LEADING | {"coach", "mentor", "hr"}
COACHES = {"coach", "mentor"}
GRANTING = {"hr", "admin"}

# Every route of our own, and who gets in. Whoever is not named is refused: 403 for the act, 404 for the row.
WHO_GETS_IN: dict[str, set[str]] = {
    "dashboards:home": SIGNED_IN,
    "dashboards:search": SIGNED_IN,
    "dashboards:language": EVERYBODY,
    "dashboards:privacy": EVERYBODY,
    "dashboards:accessibility": EVERYBODY,
    "dashboards:help": EVERYBODY,
    "health:live": EVERYBODY,
    "health:ready": EVERYBODY,
    "learning_plans:my_plan": TEACHERS,
    "learning_plans:mark_task": {"teacher"},
    "learning_plans:my_record": TEACHERS,
    "learning_plans:courses": STAFF,
    "learning_plans:course": STAFF,
    "learning_plans:register": TEACHERS,
    "learning_plans:withdraw": TEACHERS,
    "learning_plans:seats": {"hr"},
    "learning_plans:draw_seats": {"hr"},
    "learning_plans:caseload": COACHES,
    "learning_plans:assign": COACHES,
    "learning_plans:undo_assign": COACHES,
    "learning_plans:plan": ALONGSIDE,
    "learning_plans:add_goal": {"coach"},
    "learning_plans:add_item": {"coach"},
    "learning_plans:edit_goal": {"coach"},
    "learning_plans:edit_item": {"coach"},
    "learning_plans:withdraw_item": {"coach"},
    "learning_plans:completions": {"hr"},
    "learning_plans:changes": GRANTING,
    "learning_plans:person_record": ALONGSIDE,
    "learning_plans:person_history": {"hr"},
    "learning_plans:record_completion": {"hr"},
    "learning_plans:completion": ALONGSIDE,
    "learning_plans:correct_completion": {"hr"},
    "learning_plans:void_completion": {"hr"},
    "learning_plans:approve_completion": {"hr"},
    "teachers:people": LEADING | {"hr"},
    "teachers:add_person": {"hr"},
    "teachers:give_sign_ins": GRANTING,
    "teachers:seen": TEACHERS,
    "teachers:person": ALONGSIDE,
    "teachers:licences": ALONGSIDE,
    "teachers:link_sign_in": {"hr"},
    "teachers:profile": {"hr"},
    "teachers:restore_part": {"hr"},
    "teachers:end_employment": {"hr"},
    "teachers:reopen_employment": {"hr"},
    "teachers:add_part": {"hr"},
    "teachers:edit_part": {"hr"},
    "teachers:remove_part": {"hr"},
    "teachers:typed": SIGNED_IN,
    "teachers:roles": GRANTING,
    "teachers:grant_role": GRANTING,
    "teachers:settings_history": GRANTING,
    "teachers:role": GRANTING,
    "teachers:end_role": GRANTING,
    "teachers:stop_sign_in": GRANTING,
    "teachers:send_link": GRANTING,
    "teachers:schools": LEADING | {"hr"},
    "teachers:school": {"principal", "hr", "leader"},
    "teachers:district": {"admin"},
    "teachers:school_year": {"admin"},
    "imports:runs": {"hr"},
    "imports:upload": {"hr"},
    "imports:template": {"hr"},
    "imports:run": {"hr"},
    "imports:match": {"hr"},
    "imports:preview": {"hr"},
    "imports:check": {"hr"},
    "imports:confirm": {"hr"},
    "imports:result": {"hr"},
    "imports:rejected": set(),  # nothing was rejected in this world
    "jobs:job": {"hr"},
    "notices:list": SIGNED_IN,
    "notices:read_all": SIGNED_IN,
    "notices:open": {"teacher"},
    "reports:catalogue": LEADING | {"hr"},
    "reports:hr_summary": {"hr"},
    "reports:methods": LEADING | {"hr"},
    "reports:report": LEADING | {"hr"},
}
# allauth's pages that a stranger may open; its others send them to the sign-in page.
OPEN_ACCOUNT_PAGES = {
    "account_login",
    "account_logout",  # goes home
    "account_signup",  # says that nobody signs up here
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_confirm_email",
    "account_email_verification_sent",
    "account_confirm_login_code",
    "mfa_authenticate",
}
REFUSED = {403, 404}
NOT_THAT_WAY = 405


@dataclass
class World:
    people: dict[str, User]
    keys: dict[str, dict[str, Any]]


def routes(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, set[str]]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from routes(entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)
        elif isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name}", set(entry.pattern.converters)


LIVE = dict(routes(get_resolver()))
OUTSIDE = ("account_", "mfa_")  # allauth's own; what strangers may open of them is listed below


@pytest.fixture
def world() -> World:
    school, other = SchoolFactory(), SchoolFactory()
    year = SchoolYearFactory()
    teacher, colleague = teacher_with_sign_in(school), teacher_with_sign_in(other)
    people = {
        role: user_with_role(role, school if role == "principal" else None) for role in ROLES if role != "teacher"
    }
    people |= {"teacher": teacher.user, COLLEAGUE: colleague.user}
    people |= {NOBODY: UserFactory(), ELSEWHERE: user_with_role(Role.PRINCIPAL, other)}
    PairingFactory(coach=people["coach"], teacher=teacher)
    plan = PlanFactory(teacher=teacher, school_year=year)
    item = PlanItemFactory(plan=plan, goal=GoalFactory(plan=plan))
    task = PlanItemFactory(plan=plan, course=None, task="Visit a colleague")
    completion = CompletionFactory(teacher=teacher, course=item.course, state="pending")
    start = timezone.now() + timedelta(days=2)
    session = SessionFactory(course=item.course, starts_at=start, ends_at=start + timedelta(hours=2))
    grant = RoleGrantFactory(role=Role.COACH.value)
    run = ImportRun.objects.create(
        kind="schools",
        file=ContentFile(b"school_id,name\n1,Hill\n", name="schools.csv"),
        filename="schools.csv",
        sha256="0" * 64,
        as_of=timezone.localdate(),
        uploaded_by=people["hr"],
    )
    job = Job.objects.create(owner=people["hr"], title="Long work", function="learning_plans.jobs.nothing")
    notice = Notice.objects.create(user=teacher.user, kind=Notice.Kind.PLAN_CHANGED, url="/")
    spell = Employment.objects.get(teacher=teacher)
    of_teacher = {"teacher_pk": teacher.pk}
    spell_key = of_teacher | {"kind": "employment", "pk": spell.pk}
    keys: dict[str, dict[str, Any]] = {
        "learning_plans:mark_task": {"pk": task.pk},
        "learning_plans:course": {"pk": item.course_id},
        "learning_plans:register": {"pk": session.pk},
        **{f"learning_plans:{name}": {"pk": session.pk} for name in ("withdraw", "seats", "draw_seats")},
        "learning_plans:plan": {"pk": teacher.pk},
        "learning_plans:add_goal": of_teacher,
        "learning_plans:add_item": of_teacher,
        "learning_plans:edit_goal": {"pk": item.goal_id},
        "learning_plans:edit_item": {"pk": item.pk},
        "learning_plans:withdraw_item": {"pk": item.pk},
        **{f"learning_plans:{verb}completion": {"pk": completion.pk} for verb in ("", "correct_", "void_", "approve_")},
        "learning_plans:person_record": {"pk": teacher.pk},
        "learning_plans:person_history": {"pk": teacher.pk},
        "teachers:person": {"pk": teacher.pk},
        "teachers:licences": {"pk": teacher.pk},
        "teachers:link_sign_in": {"pk": teacher.pk},
        "teachers:profile": of_teacher,
        "teachers:restore_part": of_teacher,
        **{f"teachers:{verb}_employment": of_teacher | {"pk": spell.pk} for verb in ("end", "reopen")},
        "teachers:add_part": of_teacher | {"kind": "employment"},
        "teachers:edit_part": spell_key,
        "teachers:remove_part": spell_key,
        **{f"teachers:{name}": {"pk": grant.pk} for name in ("role", "end_role", "stop_sign_in", "send_link")},
        "teachers:school": {"pk": school.pk},
        "teachers:school_year": {"pk": year.pk},
        "jobs:job": {"pk": job.pk},
        "notices:open": {"pk": notice.pk},
        "reports:report": {"name": "retention"},
        "imports:template": {"kind": "roster"},
        **{
            f"imports:{name}": {"pk": run.pk}
            for name in ("run", "match", "preview", "check", "confirm", "result", "rejected")
        },
    }
    return World(people, keys)


def answer(world: World, who: str, route: str, method: str) -> int:
    client = Client()
    if who != STRANGER:
        client.force_login(world.people[who])
    response = getattr(client, method)(reverse(route, kwargs=world.keys.get(route, {})))
    if response.streaming:
        b"".join(response)  # read to its end, a file is closed
    sent_to_sign_in = response.status_code == 302 and "/accounts/login/" in response.url
    return 403 if sent_to_sign_in and who == STRANGER else response.status_code


def test_every_route_has_a_declared_policy():
    ours = {route for route in LIVE if not route.startswith(OUTSIDE)}
    assert ours == set(WHO_GETS_IN)


def test_who_gets_in_by_reading(world):
    found = {
        route: {who for who in EVERYBODY if answer(world, who, route, "get") not in {*REFUSED, NOT_THAT_WAY}}
        for route in WHO_GETS_IN
        if answer(world, "hr", route, "get") != NOT_THAT_WAY and answer(world, "coach", route, "get") != NOT_THAT_WAY
    }
    assert found == {route: WHO_GETS_IN[route] for route in found}


def test_nobody_else_gets_in_by_writing(world):
    trail = AuditEvent.objects.exclude(verb__contains="viewed").count()
    wrongly = {
        (route, who): status
        for route, allowed in WHO_GETS_IN.items()
        for who in EVERYBODY - allowed
        if (status := answer(world, who, route, "post")) not in {*REFUSED, NOT_THAT_WAY}
    }
    assert wrongly == {}
    assert AuditEvent.objects.exclude(verb__contains="viewed").count() == trail


def test_strangers_open_only_the_listed_account_pages():
    keys = {"account_reset_password_from_key": {"uidb36": "1", "key": "x-y"}, "account_confirm_email": {"key": "x"}}
    opened = set()
    for route in (route for route in LIVE if route.startswith(OUTSIDE)):
        response = Client().get(reverse(route, kwargs=keys.get(route, {})))
        if not (response.status_code == 302 and response.url.startswith("/accounts/login/?next=")):
            opened.add(route)
    assert opened == OPEN_ACCOUNT_PAGES
