"""The list of people: who is in it, which columns, and what it costs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from pd_tracker.audit.models import AuditEvent
from teachers.models import School, User
from tests.factories import (
    EmploymentFactory,
    LeaveFactory,
    PairingFactory,
    RoleGrantFactory,
    TeacherFactory,
    employed,
    teacher_with_sign_in,
    user_with_role,
)

Browse = Callable[[User], Client]
Cost = Callable[[Client, str], int]
PEOPLE = "/people/"
EVERYTHING = {"started_on", "left_on", "separation_reason", "status"}


def names(client: Client, address: str = PEOPLE) -> set[str]:
    return {row[0] for row in client.get(address).context["table"].rows}


def columns(client: Client) -> set[str]:
    return {column.key for column in client.get(PEOPLE).context["table"].columns}


def test_hr_sees_everybody_who_is_here_and_finds_who_left(hr_client: Client, hill: School) -> None:
    here = employed(hill)
    on_leave = employed(hill)
    LeaveFactory(teacher=on_leave)
    gone = employed(hill, until=date(2020, 6, 30))
    new = TeacherFactory()

    assert names(hr_client) == {here.family_name, on_leave.family_name}
    assert names(hr_client, "/people/?status=on_leave") == {on_leave.family_name}
    assert names(hr_client, "/people/?status=left") == {gone.family_name}
    assert names(hr_client, "/people/?status=unknown") == {new.family_name}
    assert len(names(hr_client, "/people/?status=all")) == 4


def test_somebody_who_left_keeps_the_last_school_and_the_reason(hr_client: Client, hill: School) -> None:
    gone = employed(hill, until=date(2020, 6, 30))
    gone.employments.get().delete()
    EmploymentFactory(
        teacher=gone, ended_on=date(2020, 6, 30), separation_type="voluntary", separation_reason="retirement"
    )

    (row,) = hr_client.get("/people/?status=left").context["table"].as_dicts()

    assert (row["school"], row["left_on"], row["separation_reason"]) == ("Hill School", date(2020, 6, 30), "Retirement")


def test_people_are_found_by_words_of_their_name_staff_id_school_position_and_sign_in(
    hr_client: Client, hill: School, lake: School
) -> None:
    ada = teacher_with_sign_in(hill, given_name="Ada", family_name="Moreno", staff_id="00042")
    bo = employed(lake, given_name="Bo", family_name="Marsh")

    assert names(hr_client, "/people/?search=ada+mor") == {"Moreno"}
    assert names(hr_client, "/people/?search=00042") == {"Moreno"}
    assert names(hr_client, f"/people/?school={lake.pk}") == {"Marsh"}
    assert names(hr_client, "/people/?position=aide") == set()
    assert names(hr_client, "/people/?sign_in=true") == {ada.family_name}
    assert names(hr_client, "/people/?sign_in=false") == {bo.family_name}


def test_a_principal_sees_the_school_with_dates_and_never_a_reason(browse: Browse, hill: School, lake: School) -> None:
    mine, _twin = employed(hill), employed(lake)
    client = browse(user_with_role("principal", hill))

    assert names(client) == {mine.family_name}
    assert columns(client) & EVERYTHING == {"started_on", "left_on", "status"}
    assert [school.name for school in client.get(PEOPLE).context["filterset"].form.fields["school"].queryset] == [
        "Hill School"
    ]


def test_a_leader_sees_work_fields_of_people_who_are_here(browse: Browse, hill: School) -> None:
    here, _gone = employed(hill), employed(hill, until=date(2020, 6, 30))
    client = browse(user_with_role("leader"))

    assert names(client) == names(client, "/people/?status=all") == names(client, "/people/?status=left")
    assert names(client) == {here.family_name}
    assert columns(client) & EVERYTHING == set()


def test_rights_over_one_school_show_no_dates_of_another(browse: Browse, hill: School, lake: School) -> None:
    both = user_with_role("leader")
    RoleGrantFactory(user=both, role="principal", school=hill)
    mine, other = employed(hill), employed(lake)

    rows = {row["family_name"]: row for row in browse(both).get(PEOPLE).context["table"].as_dicts()}

    assert rows[mine.family_name]["started_on"] == date(2015, 8, 15)
    assert (rows[other.family_name]["started_on"], rows[other.family_name]["status"]) == (None, None)


@pytest.mark.parametrize("role", ["teacher", "coach", "mentor", "finance", "admin"])
def test_the_list_is_closed_to_who_answers_for_no_school(browse: Browse, role: str, hill: School) -> None:
    user = user_with_role(role)
    PairingFactory(coach=user, teacher=employed(hill))

    assert browse(user).get(PEOPLE).status_code == 403


def test_a_stranger_is_sent_to_the_sign_in_page(client: Client, db: None) -> None:
    assert client.get(PEOPLE).status_code == 302


def test_the_list_costs_the_same_for_one_row_and_for_three(hr_client: Client, hill: School, cost: Cost) -> None:
    employed(hill)
    one = cost(hr_client, PEOPLE)
    employed(hill)
    employed(hill)

    assert cost(hr_client, PEOPLE) == one
    assert one <= 10


def test_the_file_holds_the_rows_of_the_page_and_each_person_can_read_who_took_it(
    browse: Browse, hr: User, hr_client: Client, hill: School, lake: School
) -> None:
    mine = teacher_with_sign_in(hill, family_name="Moreno")
    employed(lake, family_name="Marsh")

    text = b"".join(hr_client.get(f"/people/?school={hill.pk}&format=csv").streaming_content).decode("utf-8-sig")

    assert [line.split(",")[0] for line in text.split()[1:] if line.startswith("Moreno")] == ["Moreno"]
    assert "Marsh" not in text
    (event,) = AuditEvent.objects.filter(verb="person.exported")
    assert (event.actor, event.subject_id, event.detail) == (hr, str(mine.pk), {"part": "people", "roles": ["hr"]})
    (row,) = browse(mine.user).get(reverse("teachers:seen")).context["table"].as_dicts()
    assert (row["name"], row["roles"], str(row["what"]), str(row["part"])) == (
        "Harriet Rowe",
        "HR",
        "Downloaded",
        "List of people",
    )
