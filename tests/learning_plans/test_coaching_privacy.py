"""What a coach writes stays between the two: every door of the site, asked by everybody it is closed to."""

from __future__ import annotations

import io
import logging
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from learning_plans.models import CoachingCycle, CoachingNote, Visit
from learning_plans.querysets.coaching import coaches_reading
from pd_tracker.access import Operator, Role
from teachers.models import Draft, Teacher, User
from tests.factories import (
    CoachingCycleFactory,
    CoachingNoteFactory,
    PairingFactory,
    RoleGrantFactory,
    SchoolFactory,
    VisitFactory,
    employed,
    teacher_with_sign_in,
    user_with_role,
)
from tests.pd_tracker.test_every_door import LIVE, OUTSIDE
from tests.programs import API, program
from tests.world import COLLEAGUE, ELSEWHERE, NOBODY, World, build

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.timeout(400)]

PRIVATE, SHARED, EXISTENCE, DRAFT = "heron-private", "heron-shared", "heron-existence", "heron-draft"
OF_VISITS = "heron-visit"  # focus, next step, cycle: for the two and for others who coach the same person
NOTES = (PRIVATE, SHARED, EXISTENCE, DRAFT)
CANARY = "heron-"
WHOLLY_SHUT_OUT = (
    "principal", "hr", "leader", "admin", "finance", "principal and coach", "leader and mentor", "another coach",
    "coach until yesterday", COLLEAGUE, ELSEWHERE, NOBODY,
)  # fmt: skip
ALSO_ASKED = ("?format=csv", "?format=xlsx", "?format=json", "?q=heron&search=heron&person=heron")


def coach_and(role: Role, teacher: Teacher) -> User:
    """Somebody who decides about people's jobs and looks after this teacher all the same."""
    school = teacher.assignments.get().school if role is Role.PRINCIPAL else None
    user = user_with_role(role, school)
    RoleGrantFactory(user=user, role=(Role.COACH if role is Role.PRINCIPAL else Role.MENTOR).value)
    PairingFactory(coach=user, teacher=teacher)
    return user


def write_about(teacher: Teacher, coach: User) -> None:
    """One visit with a note of each kind, and a draft."""
    cycle = CoachingCycleFactory(teacher=teacher, coach=coach, focus=OF_VISITS, outcome=OF_VISITS)
    visit = VisitFactory(teacher=teacher, coach=coach, cycle=cycle, focus_tags=OF_VISITS, next_step=OF_VISITS)
    for text in (PRIVATE, SHARED, EXISTENCE):
        CoachingNoteFactory(visit=visit, text=text, sharing=text.removeprefix(CANARY))
    path = reverse("learning_plans:log_visit", args=[teacher.pk])
    Draft.objects.create(user=coach, path=path, fields={"note": [DRAFT]}, saved_at=timezone.now())


@pytest.fixture
def world() -> Iterator[World]:
    logging.disable(logging.WARNING)  # hundreds of refusals
    world = build()
    teacher: Teacher = Teacher.objects.get(user=world.people["teacher"])
    write_about(teacher, world.people["coach"])
    world.people["principal and coach"] = coach_and(Role.PRINCIPAL, teacher)
    world.people["leader and mentor"] = coach_and(Role.LEADER, teacher)
    for who in ("principal and coach", "leader and mentor"):
        write_about(teacher, world.people[who])
    elsewhere = employed(SchoolFactory())
    world.people["another coach"] = PairingFactory(coach=user_with_role("coach"), teacher=elsewhere).coach
    yesterday = timezone.localdate() - timedelta(days=2)  # in every time zone
    former = PairingFactory(coach=user_with_role("coach"), teacher=teacher, ended_on=yesterday).coach
    world.people["coach until yesterday"] = former
    write_about(teacher, former)
    world.people["second coach"] = PairingFactory(coach=user_with_role("mentor"), teacher=teacher).coach
    yield world
    logging.disable(logging.NOTSET)


def signed_in(user: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def said(response: Any) -> str:
    """Everything an answer holds, whatever it is packed in."""
    content = b"".join(response) if response.streaming else response.content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            content = b"".join(packed.read(name) for name in packed.namelist())
    return content.decode("utf-8", errors="replace") + str(response.headers)


def answers(world: World, who: str) -> Iterator[tuple[str, str]]:
    client = signed_in(world.people[who])
    for route in LIVE:
        if route.startswith(OUTSIDE):
            continue
        address = "/api/v1/else/" if route == "api_v1:nothing" else reverse(route, kwargs=world.keys.get(route, {}))
        first = client.get(address)
        yield f"{who} {route}", said(first)
        if first.status_code == 200 and "api_v1" not in route:
            for asked in ALSO_ASKED:
                yield f"{who} {route}{asked}", said(client.get(address + asked))


def leaks(world: World, who: str, words: tuple[str, ...]) -> list[tuple[str, list[str]]]:
    found = [(what, [word for word in words if word in text]) for what, text in answers(world, who)]
    return [(what, words) for what, words in found if words]


@pytest.mark.parametrize("who", WHOLLY_SHUT_OUT)
def test_no_door_shows_anything_of_it(world: World, who: str) -> None:
    assert leaks(world, who, (CANARY,)) == []


def test_a_second_coach_of_the_same_teacher_reads_visits_and_no_note(world: World) -> None:
    assert leaks(world, "second coach", NOTES) == []
    teacher = Teacher.objects.get(user=world.people["teacher"])
    address = reverse("learning_plans:teacher", args=[teacher.pk])
    assert OF_VISITS in said(signed_in(world.people["second coach"]).get(address))


def test_the_teacher_reads_what_was_shared_and_hears_of_the_other(world: World) -> None:
    assert leaks(world, "teacher", (PRIVATE, EXISTENCE, DRAFT)) == []
    page = said(signed_in(world.people["teacher"]).get(reverse("learning_plans:my_coaching")))
    assert (SHARED in page, OF_VISITS in page, "There is a note." in page) == (True, True, True)


def test_the_coach_reads_it_all(world: World) -> None:
    """The walk above would find it, if it were there to find."""
    client = signed_in(world.people["coach"])
    teacher = Teacher.objects.get(user=world.people["teacher"])
    page = said(client.get(reverse("learning_plans:teacher", args=[teacher.pk])))
    form = said(client.get(reverse("learning_plans:log_visit", args=[teacher.pk])))
    assert [word in page for word in (PRIVATE, SHARED, EXISTENCE)] == [True] * 3
    assert DRAFT in form


@pytest.mark.parametrize("who", WHOLLY_SHUT_OUT)
def test_addresses_of_rows_answer_as_if_there_were_nothing(world: World, who: str) -> None:
    client = signed_in(world.people[who])
    for note in CoachingNote.objects.filter(text__startswith=CANARY).select_related("visit"):
        for name in ("share_note", "delete_note"):
            address = reverse(f"learning_plans:{name}", args=[note.pk])
            assert client.post(address, {"sharing": "shared"}).status_code == 404
        for name in ("edit_visit", "remove_visit"):
            assert client.get(reverse(f"learning_plans:{name}", args=[note.visit_id])).status_code == 404
        assert client.get(f"{API}/coaching-notes/{note.pk}/").status_code in {403, 404}
    assert CoachingNote.objects.filter(text=PRIVATE, sharing="private").count() == 4


def test_programs_of_evaluators_get_nothing_either(world: World) -> None:
    for who in ("principal and coach", "leader and mentor"):
        client = program(world.people[who])
        for resource in ("coaching-notes", "visits", "coaching-cycles"):
            assert CANARY not in said(client.get(f"{API}/{resource}/"))


def test_row_sets_are_empty_for_them_and_for_the_operator(world: World) -> None:
    readers: list[Any] = [world.people[who] for who in WHOLLY_SHUT_OUT if who not in {"coach until yesterday"}]
    for reader in (*readers, Operator(timezone.localdate())):
        teacher = Teacher.objects.filter(user=world.people["teacher"])
        assert not CoachingNote.objects.visible_to(reader).filter(visit__teacher__in=teacher).exists()
        assert not CoachingNote.objects.known_to(reader).filter(visit__teacher__in=teacher).exists()
        for model in (Visit, CoachingCycle):
            assert not model.objects.visible_to(reader).filter(teacher__in=teacher).exists()
            assert not model.objects.editable_by(reader).filter(teacher__in=teacher).exists()


def test_the_page_names_exactly_those_who_can_read_a_visit(world: World) -> None:
    teacher = Teacher.objects.get(user=world.people["teacher"])
    of_them = Visit.objects.filter(teacher=teacher)
    can_read = {user.pk for user in User.objects.all() if of_them.visible_to(user).exists()}
    named = {user.pk for user in coaches_reading(teacher, on=world.people["coach"].today)}
    assert named | {world.people["teacher"].pk} == can_read
    assert world.people["principal and coach"].pk not in named


def kept_in() -> set[str]:
    """The tables in which the words stand."""
    return {
        model._meta.label
        for model in apps.get_models(include_auto_created=True)
        if any(CANARY in str(row) for row in model._default_manager.values_list())
    }


@pytest.fixture
def pair() -> tuple[User, Teacher]:
    teacher = teacher_with_sign_in()
    return PairingFactory(coach=user_with_role("coach"), teacher=teacher).coach, teacher


def test_words_are_stored_with_notes_and_drafts_alone(pair: tuple[User, Teacher], caplog: Any) -> None:
    """Not in history, trail, notices, jobs, sessions, the answers kept for programs, or the log."""
    coach, teacher = pair
    client, form = signed_in(coach), reverse("learning_plans:log_visit", args=[teacher.pk])
    today = coach.today.isoformat()
    visit = {"visited_on": today, "minutes": 30, "activity": "visit", "note": f"{CANARY}page", "sharing": "shared"}
    client.post(reverse("teachers:drafts"), {"_draft_path": f"{form}?else", "note": DRAFT})
    assert client.post(form, visit).status_code == 302
    keyed, key = {"Idempotency-Key": "once"}, Visit.objects.get().pk
    body = {"visit_id": key, "text": f"{CANARY}api", "sharing": "shared"}
    for _again in range(2):
        made = client.post(f"{API}/coaching-notes/", body, content_type="application/json", headers=keyed)
        assert made.status_code == 201
        assert CANARY not in said(made)
    note = CoachingNote.objects.get(text=f"{CANARY}api")
    assert client.get(f"{API}/coaching-notes/{note.pk}/").json()["text"] == f"{CANARY}api"
    assert kept_in() == {"learning_plans.CoachingNote", "teachers.Draft"}
    assert CANARY not in caplog.text


def test_of_what_is_crossed_out_nothing_is_kept(pair: tuple[User, Teacher]) -> None:
    coach, teacher = pair
    visit = VisitFactory(teacher=teacher, coach=coach)
    first = CoachingNoteFactory(visit=visit, text=PRIVATE)
    client = signed_in(coach)
    facts = {"visited_on": visit.visited_on.isoformat(), "minutes": 30, "activity": "visit", "sharing": "private"}
    address = reverse("learning_plans:edit_visit", args=[visit.pk])
    assert client.post(address, facts | {"note": "Plain words"}).status_code == 302
    first.refresh_from_db()
    assert (first.text, kept_in()) == ("Plain words", set())
    first.text = SHARED
    first.save()
    assert client.post(reverse("learning_plans:delete_note", args=[first.pk])).status_code == 302
    assert not CoachingNote.objects.exists()
    assert kept_in() == set()


def test_there_is_no_admin_site() -> None:
    assert "django.contrib.admin" not in settings.INSTALLED_APPS
    assert [route for route in LIVE if route.startswith("admin:")] == []
    assert not hasattr(CoachingNote, "history")
