"""The page of one person: what each reader sees of it, and the mark that opening it leaves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from pd_tracker.audit.models import AuditEvent
from teachers.models import School, Teacher, User
from tests.factories import (
    AssignmentFactory,
    EmploymentFactory,
    ExternalIdFactory,
    LeaveFactory,
    LicenceFactory,
    PairingFactory,
    TeacherFactory,
    UserFactory,
    employed,
    teacher_with_sign_in,
    user_with_role,
)

Browse = Callable[[User], Client]
Cost = Callable[[Client, str], int]


@pytest.fixture
def ada(hill: School) -> Teacher:
    """Somebody about whom everything is known, with a spell that ended before the present one."""
    ada = teacher_with_sign_in(hill, given_name="Ada", family_name="Moreno", birth_year=1977, since=date(2018, 8, 15))
    EmploymentFactory(
        teacher=ada, started_on=date(2010, 8, 15), ended_on=date(2012, 6, 30), separation_reason="personal"
    )
    LeaveFactory(teacher=ada, kind="medical", started_on=date(2019, 1, 1), ended_on=date(2019, 3, 1))
    ExternalIdFactory(teacher=ada, value="SIS-77")
    LicenceFactory(teacher=ada, number="LIC-77")
    return ada


def page(client: Client, teacher: Teacher) -> str:
    response = client.get(reverse("teachers:person", args=[teacher.pk]))
    assert response.status_code == 200
    return response.content.decode()


def tabs(client: Client, teacher: Teacher) -> list[str]:
    return [str(tab.label) for tab in client.get(reverse("teachers:person", args=[teacher.pk])).context["tabs"]]


SECRETS = {
    "personal": (">1977<", "ada.moreno@", "SIS-77"),
    "dates": ("Aug 15, 2010", "Jan 1, 2019"),
    "reasons": ("Personal reason", "Medical leave"),
}


def seen(text: str) -> set[str]:
    return {kind for kind, words in SECRETS.items() if any(word in text for word in words)}


def test_each_reader_sees_their_fields_and_tabs(browse: Browse, hr_client: Client, hill: School, ada: Teacher) -> None:
    ada.email = "ada.moreno@alder.example"
    ada.save()
    coach = user_with_role("coach")
    PairingFactory(coach=coach, teacher=ada)
    clients = {
        "hr": hr_client,
        "own": browse(ada.user),
        "principal": browse(user_with_role("principal", hill)),
        "leader": browse(user_with_role("leader")),
        "coach": browse(coach),
    }

    assert {name: seen(page(client, ada)) for name, client in clients.items()} == {
        "hr": {"personal", "dates", "reasons"},
        "own": {"personal", "dates", "reasons"},
        "principal": {"dates"},
        "leader": set(),
        "coach": set(),
    }
    basic = ["Plan", "Record", "License", "Employment"]
    assert {name: tabs(client, ada) for name, client in clients.items()} == {
        "hr": [*basic, "History"],
        "own": ["Plan", "Could grow", *basic[1:]],
        "principal": basic,
        "leader": basic,
        "coach": ["Coaching", "Plan", "Could grow", *basic[1:]],
    }


def test_where_somebody_worked_before_is_for_who_sees_employment(
    browse: Browse, hr_client: Client, lake: School, ada: Teacher
) -> None:
    AssignmentFactory(teacher=ada, school=lake, started_on=date(2010, 8, 15), ended_on=date(2012, 6, 30))

    assert "Lake School" in page(hr_client, ada)
    assert "Lake School" not in page(browse(user_with_role("leader")), ada)


@pytest.mark.parametrize("name", ["teachers:person", "learning_plans:person_licences"])
@pytest.mark.parametrize("role", ["teacher", "coach", "principal", "admin", "finance"])
def test_a_twin_in_another_school_is_not_found(
    browse: Browse, role: str, name: str, hill: School, lake: School
) -> None:
    twin = employed(lake)
    if role == "teacher":
        user = teacher_with_sign_in(hill).user
    else:
        user = user_with_role(role, hill if role == "principal" else None)

    status = browse(user).get(reverse(name, args=[twin.pk])).status_code

    assert status == browse(user).get(reverse(name, args=[999_999])).status_code
    assert status == (403 if role in {"admin", "finance"} else 404)


def test_a_principal_loses_sight_the_day_after_the_assignment_ends(browse: Browse, hill: School) -> None:
    principal = user_with_role("principal", hill)
    gone = TeacherFactory()
    assignment = AssignmentFactory(teacher=gone, school=hill, ended_on=date.today())
    address = reverse("teachers:person", args=[gone.pk])

    assert browse(principal).get(address).status_code == 200
    assignment.ended_on = date.today() - timedelta(days=2)
    assignment.save()
    assert browse(principal).get(address).status_code == 404


def test_every_opening_by_others_leaves_a_mark_with_the_part_and_ones_own_does_not(
    browse: Browse, hr: User, hr_client: Client, ada: Teacher
) -> None:
    own = browse(ada.user)
    page(own, ada)
    page(hr_client, ada)
    hr_client.get(reverse("learning_plans:person_licences", args=[ada.pk]))

    marks = AuditEvent.objects.filter(verb="person.viewed").order_by("pk")
    assert [(mark.actor, mark.subject_id, mark.detail["part"]) for mark in marks] == [
        (hr, str(ada.pk), "employment"),
        (hr, str(ada.pk), "licences"),
    ]
    rows = list(own.get(reverse("teachers:seen")).context["table"].as_dicts())
    assert [(row["name"], str(row["what"]), str(row["part"])) for row in rows] == [
        ("Harriet Rowe", "Opened", "Licenses"),
        ("Harriet Rowe", "Opened", "Employment"),
    ]


def test_who_has_seen_me_is_for_people_with_a_staff_record(browse: Browse, ada: Teacher) -> None:
    assert browse(ada.user).get(reverse("teachers:seen")).status_code == 200
    assert browse(user_with_role("hr")).get(reverse("teachers:seen")).status_code == 404


def test_the_page_costs_the_same_for_one_entry_and_for_three(hr_client: Client, hill: School, cost: Cost) -> None:
    def person(entries: int) -> str:
        teacher = employed(hill)
        for number in range(entries):
            PairingFactory(teacher=teacher, coach=UserFactory())
            AssignmentFactory(teacher=teacher, started_on=date(2016 + number, 1, 1))
            LeaveFactory(teacher=teacher, started_on=date(2016 + number, 1, 1), ended_on=date(2016 + number, 2, 1))
        return reverse("teachers:person", args=[teacher.pk])

    assert cost(hr_client, person(1)) == cost(hr_client, person(3))
