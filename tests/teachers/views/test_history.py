"""The history of roles and settings, and how any history is put into words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from teachers.changes import Trail, read, timeline
from teachers.models import Assignment, RoleGrant, School, Teacher, User
from tests.factories import (
    DistrictFactory,
    RoleGrantFactory,
    SchoolFactory,
    UserFactory,
    employed,
    user_with_role,
)

Browse = Callable[[User], Client]
Cost = Callable[[Client, str], int]
HISTORY = "/roles/history/"
pytestmark = pytest.mark.django_db


def test_administrators_read_changes_of_roles_and_settings_and_nothing_of_people(browse: Browse, hill: School) -> None:
    admin = user_with_role("admin", name="Adele Munk")
    ada = employed(hill, given_name="Ada", family_name="Moreno")
    ada.preferred_name = "Addie"
    ada.save()
    hill.name = "Hill Academy"
    hill.save()
    grant = RoleGrantFactory(user=UserFactory(name="Pia Lund"), role="principal", school=hill)
    grant.ends_on = date(2026, 6, 30)
    grant.save()

    text = browse(admin).get(HISTORY).content.decode()

    assert "Hill School → Hill Academy" in text
    assert "Pia Lund · Principal" in text
    assert "Jun 30, 2026" in text
    assert "Moreno" not in text
    assert "Addie" not in text


def test_history_of_another_district_stays_there(browse: Browse) -> None:
    RoleGrantFactory(user=UserFactory(name="Far Away"), role="coach", district=DistrictFactory(name="Far"))
    SchoolFactory(name="Far School", district=DistrictFactory(name="Far"))

    text = browse(user_with_role("admin")).get(HISTORY).content.decode()

    assert "Far Away" not in text
    assert "Far School" not in text


def test_the_history_costs_the_same_for_one_line_and_for_three(browse: Browse, hill: School, cost: Cost) -> None:
    client = browse(user_with_role("admin"))

    def change(times: int) -> None:
        for number in range(times):
            user_with_role("principal", hill, name=f"Person of {times} and {number}")

    change(1)
    one = cost(client, HISTORY)
    change(3)

    assert cost(client, HISTORY) == one


def test_lines_are_newest_first_with_old_and_new_and_names_for_keys(hill: School, lake: School, hr: User) -> None:
    ada = employed(hill)
    assignment = ada.assignments.get()
    assignment.school, assignment.subject = lake, ""
    assignment._history_user, assignment._change_reason = hr, "Moved"
    assignment.save()
    assignment.delete()
    trails = (
        Trail(Teacher.history.filter(id=ada.pk)),
        Trail(Assignment.history.filter(teacher_id=ada.pk), ("school", "started_on")),
        Trail(RoleGrant.history.none()),
    )

    removed, moved, added, person = read(trails, timeline(trails))

    assert [str(change.act) for change in (removed, moved, added, person)] == ["Removed", "Changed", "Added", "Added"]
    assert (moved.by, moved.reason, moved.name) == (hr, "Moved", "Lake School · Aug 15, 2015")
    assert [(str(each.label), each.old, each.new) for each in moved.differences] == [
        ("school", "Hill School", "Lake School"),
        ("subject", "Mathematics", "–"),
    ]
    assert ("position", "–", "Classroom teacher") in [(str(e.label), e.old, e.new) for e in added.differences]
    assert removed.differences == []
