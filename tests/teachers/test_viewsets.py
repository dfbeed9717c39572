"""People through the API: who gets which keys, and what may be written of a person."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from pd_tracker.audit.models import AuditEvent
from teachers.models import Teacher
from teachers.tables import PERSON
from tests.factories import PairingFactory, SchoolFactory, employed, teacher_with_sign_in, user_with_role
from tests.programs import API, program, rows

pytestmark = pytest.mark.django_db

TEACHERS = f"{API}/teachers/"
EVERYTHING = {"id", *(column.key for column in PERSON.columns)}
PERSONAL = {"email", "birth_year", "experience_years"}
DATES = {"status", "started_on", "left_on"}
REASON = {"separation_reason"}
# By role: the keys a program gets, and those that a person who signed in gets besides.
KEYS: dict[str, tuple[set[str], set[str]]] = {
    "hr": (EVERYTHING - REASON, REASON),
    "principal": (EVERYTHING - REASON - PERSONAL, set()),
    "leader": (EVERYTHING - REASON - PERSONAL - DATES, set()),
    "coach": (EVERYTHING - REASON - PERSONAL - DATES, set()),
    "mentor": (EVERYTHING - REASON - PERSONAL - DATES, set()),
    "teacher": (EVERYTHING - REASON, REASON),
}
NEW = {"staff_id": "0042", "given_name": "Ana", "family_name": "Reyes"}


@pytest.fixture
def hr() -> Client:
    return program(user_with_role("hr"))


@pytest.mark.parametrize("role", KEYS)
def test_each_role_gets_its_keys(role):
    school = SchoolFactory()
    person = teacher_with_sign_in(school, birth_year=1980)
    user = person.user if role == "teacher" else user_with_role(role, school if role == "principal" else None)
    if role in {"coach", "mentor"}:
        PairingFactory(coach=user, teacher=person)
    of_programs, of_people = KEYS[role]
    client = Client()
    client.force_login(user)
    for asked, keys in ((program(user), of_programs), (client, of_programs | of_people)):
        assert set(asked.get(TEACHERS).json()["results"][0]) == keys
        assert set(asked.get(f"{TEACHERS}{person.pk}/").json()) == keys | {"version"}


def test_a_person_is_added_with_their_history(hr):
    body = NEW | {"birth_year": 1985, "email": "ana@alder.example"}
    answer = hr.post(TEACHERS, body, content_type="application/json")
    assert answer.status_code == 201
    made = Teacher.objects.get()
    assert (made.staff_id, made.birth_year, made.history.count()) == ("0042", 1985, 1)
    assert answer.json()["id"] == made.pk
    assert AuditEvent.objects.filter(verb="person.saved", subject_id=str(made.pk)).count() == 1


@pytest.mark.parametrize(
    "undeclared",
    ["id", "pk", "user", "user_id", "district", "district_id", "status", "school", "school_id", "fte", "position",
     "started_on", "left_on", "separation_reason", "version", "role_grants", "is_active", "password"],
)  # fmt: skip
def test_fields_that_are_not_declared(hr, undeclared):
    answer = hr.post(TEACHERS, NEW | {undeclared: "1"}, content_type="application/json")
    assert answer.status_code == 400
    assert [line["field"] for line in answer.json()["errors"]] == [undeclared]
    person = employed()
    before = Teacher.objects.values().get()
    headers = {"If-Match": hr.get(f"{TEACHERS}{person.pk}/").headers["ETag"]}
    changed = hr.patch(f"{TEACHERS}{person.pk}/", {undeclared: "1"}, content_type="application/json", headers=headers)
    assert changed.status_code == 400
    assert Teacher.objects.values().get() == before


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"staff_id": ""}, "staff_id"),
        ({"staff_id": "x" * 41}, "staff_id"),
        ({"given_name": None}, "given_name"),
        ({"email": "nobody"}, "email"),
        ({"birth_year": 1899}, "birth_year"),
        ({"birth_year": "x"}, "birth_year"),
        ({"experience_years": 1000}, "experience_years"),
        ({"experience_years": "NaN"}, "experience_years"),
    ],
)
def test_what_a_person_cannot_be(hr, wrong, field):
    answer = hr.post(TEACHERS, NEW | wrong, content_type="application/json")
    assert answer.status_code == 400
    assert [(line["field"], line["place"]) for line in answer.json()["errors"]] == [(field, "body")]
    assert not Teacher.objects.exists()


def test_a_staff_id_is_taken_once(hr):
    employed(staff_id="0042")
    answer = hr.post(TEACHERS, NEW, content_type="application/json")
    assert answer.status_code == 400
    assert "already has this staff id" in answer.content.decode()


def test_of_two_editors_the_second_sees_both_texts(hr):
    person = employed(preferred_name="")
    seen = {"If-Match": hr.get(f"{TEACHERS}{person.pk}/").headers["ETag"]}

    def change(name: str) -> Any:
        body = {"preferred_name": name, "reason": "She asked for it."}
        return hr.patch(f"{TEACHERS}{person.pk}/", body, content_type="application/json", headers=seen)

    first, second = change("Mia"), change("Ria")
    assert (first.status_code, second.status_code) == (200, 409)
    (line,) = second.json()["errors"]
    assert (line["field"], "Mia" in line["message"], "Ria" in line["message"]) == ("preferred_name", True, True)
    person.refresh_from_db()
    assert person.preferred_name == "Mia"
    assert person.history.first().history_change_reason == "She asked for it."


def test_who_left_is_found_by_asking(hr):
    gone = employed(until=timezone.localdate() - timedelta(days=1))
    here = employed()
    assert [row["id"] for row in rows(hr, "teachers")] == [here.pk]
    assert [row["id"] for row in rows(hr, "teachers", status="left")] == [gone.pk]
    assert {row["id"] for row in rows(hr, "teachers", status="all")} == {gone.pk, here.pk}


def test_each_person_can_read_who_took_their_data_once_a_day():
    person = teacher_with_sign_in()
    user = user_with_role("hr")
    client = program(user)
    for _ in range(3):
        client.get(TEACHERS)
    client.get(f"{TEACHERS}{person.pk}/")
    events = AuditEvent.objects.filter(verb="person.exported", subject_id=str(person.pk))
    (event,) = events
    assert (event.actor, event.detail["part"], event.detail["roles"]) == (user, "people", ["hr"])


def test_ones_own_data_leaves_no_mark():
    person = teacher_with_sign_in()
    assert len(rows(program(person.user), "teachers")) == 1
    assert not AuditEvent.objects.filter(verb="person.exported").exists()
