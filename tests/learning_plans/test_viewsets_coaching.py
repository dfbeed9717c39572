"""Coaching for programs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from learning_plans.models import CoachingCycle, CoachingNote, Visit
from teachers.models import Teacher, User
from tests.factories import (
    CoachingCycleFactory,
    CoachingNoteFactory,
    GoalFactory,
    PairingFactory,
    PlanFactory,
    PlanItemFactory,
    SchoolYearFactory,
    VisitFactory,
    employed,
    teacher_with_sign_in,
    user_with_role,
)
from tests.learning_plans.test_viewsets import errors, patch, post
from tests.programs import API, program, rows

pytestmark = pytest.mark.django_db
CYCLES, VISITS, NOTES = (f"{API}/{name}/" for name in ("coaching-cycles", "visits", "coaching-notes"))


@pytest.fixture
def teacher() -> Teacher:
    SchoolYearFactory()
    return teacher_with_sign_in()


@pytest.fixture
def user(teacher) -> User:
    return PairingFactory(coach=user_with_role("coach"), teacher=teacher).coach


@pytest.fixture
def coach(user) -> Client:
    return program(user)


def test_a_visit_is_logged_corrected_and_removed(coach, user, teacher):
    item = PlanItemFactory(plan=PlanFactory(teacher=teacher))
    cycle = CoachingCycleFactory(teacher=teacher, coach=user)
    body = {"staff_id": teacher.staff_id, "visited_on": str(user.today), "minutes": 45, "activity": "feedback"}
    made = post(coach, VISITS, **body, cycle_id=cycle.pk, item_ids=[item.pk])
    assert made.status_code == 201, made.content
    visit = Visit.objects.get()
    assert (visit.coach, visit.cycle, list(visit.items.all())) == (user, cycle, [item])
    assert made.json()["item_ids"] == [item.pk]
    address, version = f"{VISITS}{visit.pk}/", made.json()["version"]
    assert patch(coach, address, version, minutes=50).json()["minutes"] == 50
    assert patch(coach, address, version, minutes=55).status_code == 409
    assert patch(coach, address, minutes=55).status_code == 428
    CoachingNoteFactory(visit=visit)
    assert coach.delete(address).status_code == 204
    assert not Visit.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"staff_id": "nobody"}, "staff_id"),
        ({"visited_on": "2999-01-01"}, "visited_on"),
        ({"minutes": 0}, "minutes"),
        ({"activity": "dancing"}, "activity"),
        ({"cycle_id": 987654321}, "cycle_id"),
        ({"item_ids": [987654321]}, "item_ids"),
        ({"coach": 1}, "coach"),
        ({"logged_at": "2026-10-01"}, "logged_at"),
    ],
)
def test_what_a_visit_cannot_be(coach, user, teacher, wrong, field):
    body = {"staff_id": teacher.staff_id, "visited_on": str(user.today), "minutes": 45} | wrong
    answer = post(coach, VISITS, **body)
    assert (answer.status_code, set(errors(answer))) == (400, {field})
    assert not Visit.objects.exists()


def test_others_of_other_people_cannot_be_named(coach, user, teacher):
    other = PairingFactory(coach=user, teacher=employed()).teacher
    item = PlanItemFactory(plan=PlanFactory(teacher=other))
    body = {"staff_id": teacher.staff_id, "visited_on": str(user.today), "minutes": 45}
    assert set(errors(post(coach, VISITS, **body, item_ids=[item.pk]))) == {"item_ids"}
    cycle = CoachingCycleFactory(teacher=other, coach=user)
    assert set(errors(post(coach, VISITS, **body, cycle_id=cycle.pk))) == {"cycle_id"}
    goal = GoalFactory(plan=PlanFactory(teacher=other))
    begun = {"staff_id": teacher.staff_id, "focus": "Questions", "started_on": str(user.today)}
    assert set(errors(post(coach, CYCLES, **begun, goal_id=goal.pk))) == {"goal_id"}
    assert set(errors(post(coach, VISITS, **body | {"staff_id": employed().staff_id}))) == {"staff_id"}


def test_a_cycle_from_start_to_close_and_open_again(coach, user, teacher):
    goal = GoalFactory(plan=PlanFactory(teacher=teacher))
    begun = {"staff_id": teacher.staff_id, "focus": "Questions", "started_on": str(user.today), "goal_id": goal.pk}
    made = post(coach, CYCLES, **begun)
    assert (made.status_code, made.json()["goal_id"]) == (201, goal.pk)
    address = f"{CYCLES}{made.json()['id']}/"
    assert patch(coach, address, made.json()["version"], focus="Wait time").json()["focus"] == "Wait time"
    assert post(coach, f"{address}close/", ended_on=str(user.today)).json()["ended_on"] == str(user.today)
    assert post(coach, f"{address}close/", ended_on=str(user.today)).status_code == 400
    assert [row["id"] for row in rows(coach, "coaching-cycles", closed="true")] == [made.json()["id"]]
    assert post(coach, f"{address}reopen/").json()["ended_on"] is None
    assert CoachingCycle.objects.get().goal == goal


def test_a_note_is_written_shared_and_deleted_and_read_one_at_a_time(coach, user, teacher):
    visit = VisitFactory(teacher=teacher, coach=user)
    made = post(coach, NOTES, visit_id=visit.pk, text="Quiet start")
    assert (made.status_code, made.json()["sharing"], made.json()["text"]) == (201, "private", None)
    address = f"{NOTES}{made.json()['id']}/"
    assert coach.get(address).json()["text"] == "Quiet start"
    reader = program(teacher.user)
    assert reader.get(address).status_code == 404
    version = made.json()["version"]
    version = patch(coach, address, version, sharing="existence").json()["version"]
    assert (reader.get(address).status_code, reader.get(address).json()["text"]) == (200, None)
    assert patch(coach, address, version, sharing="shared").status_code == 200
    assert reader.get(address).json()["text"] == "Quiet start"
    assert "text" not in rows(reader, "coaching-notes", visit=visit.pk)[0]
    assert reader.delete(address).status_code == 403
    assert coach.delete(address).status_code == 204
    assert not CoachingNote.objects.exists()


def test_a_note_belongs_to_a_visit_of_ones_own(coach, user, teacher):
    other = VisitFactory(teacher=teacher)
    assert set(errors(post(coach, NOTES, visit_id=other.pk, text="Mine"))) == {"visit_id"}
    assert coach.delete(f"{VISITS}{other.pk}/").status_code == 404


def test_a_pairing_that_has_ended_opens_nothing(coach, user, teacher):
    visit = VisitFactory(teacher=teacher, coach=user)
    user.pairings.update(ended_on=user.today - timedelta(days=2))
    assert coach.get(f"{VISITS}{visit.pk}/").status_code == 404
    assert rows(coach, "visits") == []
