"""Entering and correcting what is known of a person, by the pages that HR uses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from pd_tracker.audit.models import AuditEvent
from teachers.models import Assignment, Employment, ExternalId, Leave, Licence, Pairing, School, Teacher, User
from teachers.views.parts import KINDS
from tests.factories import (
    AssignmentFactory,
    EmploymentFactory,
    LeaveFactory,
    LicenceFactory,
    PairingFactory,
    TeacherFactory,
    employed,
    teacher_with_sign_in,
    user_with_role,
)

Browse = Callable[[User], Client]


@pytest.fixture
def ada(hill: School) -> Teacher:
    return employed(hill, given_name="Ada", family_name="Moreno")


def new(kind: str, teacher: Teacher) -> str:
    return reverse("teachers:add_part", args=[teacher.pk, kind])


def edit(kind: str, row: Any) -> str:
    return reverse("teachers:edit_part", args=[row.teacher_id, kind, row.pk])


def typed(client: Client, address: str, **changes: Any) -> dict[str, Any]:
    """What the form at an address would send if these fields were changed, with the version it was opened at."""
    form = client.get(address).context["form"]
    values = {field.html_name: field.value() for field in form}
    return {name: value for name, value in (values | changes).items() if value is not None}


def test_each_kind_of_entry_can_be_added(hr: User, hr_client: Client, hill: School) -> None:
    teacher = TeacherFactory()
    coach = user_with_role("coach")
    entries: dict[str, dict[str, Any]] = {
        "employment": {"started_on": "2020-08-15", "position": "classroom_teacher", "fte": "1"},
        "assignment": {"school": hill.pk, "position": "classroom_teacher", "fte": "0.5", "started_on": "2020-08-15"},
        "leave": {"started_on": "2021-01-01", "ended_on": "2021-02-01", "kind": "parental"},
        "pairing": {"coach": coach.pk, "kind": "coach", "started_on": "2020-09-01"},
        "licence": {"jurisdiction": "WA", "licence_type": "Residency", "valid_from": "2020-07-01"},
        "external-id": {"system": "SIS", "value": "77"},
    }
    for kind, values in entries.items():
        response = hr_client.post(new(kind, teacher), values)
        assert response.status_code == 302, (kind, response.context["form"].errors)

    assert set(entries) == set(KINDS)
    assert [
        model.objects.filter(teacher=teacher).count()
        for model in (Employment, Assignment, Leave, Pairing, Licence, ExternalId)
    ] == [1] * 6
    assert Employment.history.get().history_user == hr
    assert set(AuditEvent.objects.filter(actor=hr, detail__teacher=teacher.pk).values_list("verb", flat=True)) == {
        "employment.saved",
        "assignment.saved",
        "leave.saved",
        "pairing.saved",
        "licence.saved",
        "external_id.saved",
    }


@pytest.mark.parametrize("role", ["teacher", "coach", "principal", "leader", "admin", "finance"])
def test_nobody_but_hr_enters_anything(browse: Browse, role: str, hill: School, ada: Teacher) -> None:
    user = user_with_role(role, hill if role == "principal" else None)
    PairingFactory(coach=user, teacher=ada)
    spell = ada.employments.get()
    addresses = [
        new("employment", ada),
        edit("employment", spell),
        reverse("teachers:remove_part", args=[ada.pk, "employment", spell.pk]),
        reverse("teachers:restore_part", args=[ada.pk]),
        reverse("teachers:end_employment", args=[ada.pk, spell.pk]),
        reverse("teachers:reopen_employment", args=[ada.pk, spell.pk]),
        reverse("teachers:profile", args=[ada.pk]),
        reverse("teachers:add_person"),
    ]

    assert {browse(user).post(address).status_code for address in addresses} == {403}


def test_hr_of_one_school_does_not_reach_another(browse: Browse, hill: School, lake: School, ada: Teacher) -> None:
    twin = employed(lake)
    client = browse(user_with_role("hr", hill))

    assert client.get(new("leave", ada)).status_code == 200
    assert client.get(new("leave", twin)).status_code == 404
    assert client.get(edit("employment", twin.employments.get())).status_code == 404


def test_an_entry_is_only_found_under_its_own_person_and_kind(hr_client: Client, hill: School, ada: Teacher) -> None:
    other = employed(hill)

    assert (
        hr_client.get(
            reverse("teachers:edit_part", args=[other.pk, "employment", ada.employments.get().pk])
        ).status_code
        == 404
    )
    assert hr_client.get(reverse("teachers:add_part", args=[ada.pk, "salary"])).status_code == 404


@pytest.mark.parametrize(
    ("first", "last", "overlaps"),
    [
        ("2014-01-01", "2015-08-14", False),
        ("2014-01-01", "2015-08-15", True),
        ("2016-06-30", "2016-12-31", True),  # the last day is a day of work
        ("2016-07-01", "2016-12-31", False),
        ("2010-01-01", "", True),  # encloses the other one wholly
    ],
)
def test_spells_of_one_person_never_share_a_day_and_the_form_keeps_what_was_typed(
    hr_client: Client, first: str, last: str, overlaps: bool
) -> None:
    teacher = TeacherFactory()
    EmploymentFactory(teacher=teacher, started_on=date(2015, 8, 15), ended_on=date(2016, 6, 30))

    response = hr_client.post(
        new("employment", teacher), {"started_on": first, "ended_on": last, "position": "aide", "fte": "0.75"}
    )

    assert response.status_code == (200 if overlaps else 302)
    assert teacher.employments.count() == (1 if overlaps else 2)
    if overlaps:
        form = response.context["form"]
        assert [sentence.split("“")[0] for sentence in form.errors["started_on"]] == ["These days overlap with "]
        assert (form["position"].value(), form["fte"].value()) == ("aide", "0.75")


def test_a_reason_without_a_last_day_ends_nothing(hr_client: Client, ada: Teacher) -> None:
    address = edit("employment", ada.employments.get())

    response = hr_client.post(address, typed(hr_client, address, separation_reason="retirement"))

    assert list(response.context["form"].errors) == ["ended_on"]
    assert Employment.objects.get().separation_reason == ""


def test_leave_and_assignments_refuse_days_that_are_taken(hr_client: Client, hill: School, ada: Teacher) -> None:
    LeaveFactory(teacher=ada, started_on=date(2020, 1, 1), ended_on=date(2020, 3, 1))
    leave = {"started_on": "2020-03-01", "ended_on": "2020-04-01", "kind": "other"}
    post = {"school": hill.pk, "position": "other", "fte": "1", "subject": "Mathematics", "started_on": "2020-01-01"}

    assert list(hr_client.post(new("leave", ada), leave).context["form"].errors) == ["started_on"]
    assert list(hr_client.post(new("assignment", ada), post).context["form"].errors) == ["started_on"]
    assert hr_client.post(new("assignment", ada), post | {"subject": "Music"}).status_code == 302


def test_a_pairing_needs_somebody_else_and_days_of_employment(hr_client: Client, hill: School) -> None:
    coach = teacher_with_sign_in(hill, since=date(2018, 1, 1))
    user = coach.user
    user.role_grants.create(role="coach", district=coach.district, starts_on=date(2018, 1, 1))
    ada = employed(hill, since=date(2016, 1, 1), until=date(2022, 6, 30))
    values = {"coach": user.pk, "kind": "coach"}

    def errors(teacher: Teacher, **days: str) -> dict[str, list[str]]:
        response = hr_client.post(new("pairing", teacher), values | days)
        return dict(response.context["form"].errors) if response.context else {}

    assert errors(coach, started_on="2019-01-01") == {"coach": ["Nobody coaches themselves. Choose somebody else."]}
    assert errors(ada, started_on="2015-01-01", ended_on="2019-01-01") == {
        "started_on": ["This person is not employed on all of these days."]
    }
    assert errors(ada, started_on="2017-01-01", ended_on="2019-01-01") == {
        "started_on": ["The coach is not employed on all of these days."]
    }
    assert errors(ada, started_on="2019-01-01", ended_on="2022-06-30") == {}


def test_a_correction_keeps_who_and_why(hr: User, hr_client: Client, ada: Teacher) -> None:
    address = edit("employment", ada.employments.get())

    hr_client.post(address, typed(hr_client, address, fte="0.5", reason="Contract of May"))

    newest = Employment.history.first()
    assert (newest.fte, newest.history_user, newest.history_change_reason) == (
        Employment.objects.get().fte,
        hr,
        "Contract of May",
    )
    assert str(newest.fte) == "0.500"


def test_a_second_editor_sees_both_texts_and_may_then_save(browse: Browse, hr_client: Client, ada: Teacher) -> None:
    address = reverse("teachers:profile", args=[ada.pk])
    second = browse(user_with_role("hr"))
    opened = typed(second, address, preferred_name="Addie")
    hr_client.post(address, typed(hr_client, address, preferred_name="Adita"))

    response = second.post(address, opened)

    assert [(each.theirs, each.mine) for each in response.context["form"].conflicts] == [("Adita", "Addie")]
    assert "Adita" in response.content.decode()
    assert Teacher.objects.get(pk=ada.pk).preferred_name == "Adita"
    again = {field.html_name: field.value() for field in response.context["form"] if field.value() is not None}
    assert second.post(address, again).status_code == 302
    assert Teacher.objects.get(pk=ada.pk).preferred_name == "Addie"


def test_fields_that_a_form_does_not_offer_stay_as_they_are(hr: User, hr_client: Client, ada: Teacher) -> None:
    address = reverse("teachers:profile", args=[ada.pk])
    before = (ada.user_id, ada.district_id)

    hr_client.post(address, typed(hr_client, address, user=hr.pk, district=99, id=99))

    saved = Teacher.objects.get(pk=ada.pk)
    assert (saved.user_id, saved.district_id) == before


def test_a_staff_id_that_somebody_else_has_is_refused_in_words(hr_client: Client, ada: Teacher) -> None:
    values = {"staff_id": ada.staff_id, "given_name": "Bo", "family_name": "Marsh"}

    response = hr_client.post(reverse("teachers:add_person"), values)

    assert "Another person already has this staff id." in response.content.decode()
    assert response.context["form"]["given_name"].value() == "Bo"


def test_a_new_person_is_entered_by_hand(hr_client: Client, ada: Teacher) -> None:
    values = {"staff_id": "00777", "given_name": "Bo", "family_name": "Marsh"}

    response = hr_client.post(reverse("teachers:add_person"), values)

    bo = Teacher.objects.get(staff_id="00777")
    assert response.url == reverse("teachers:person", args=[bo.pk])
    assert bo.district == ada.district


def test_an_entry_made_by_mistake_goes_with_a_reason_and_comes_back(hr_client: Client, ada: Teacher) -> None:
    leave = LeaveFactory(teacher=ada)
    remove = reverse("teachers:remove_part", args=[ada.pk, "leave", leave.pk])

    assert hr_client.post(remove, {"reason": ""}).status_code == 200
    assert Leave.objects.count() == 1
    hr_client.post(remove, {"reason": "Wrong person"})
    assert Leave.objects.count() == 0
    assert "You removed an entry." in hr_client.get(reverse("teachers:person", args=[ada.pk])).content.decode()

    hr_client.post(reverse("teachers:restore_part", args=[ada.pk]))

    assert Leave.objects.get() == leave
    assert [row.history_type for row in Leave.history.order_by("history_id")] == ["+", "-", "+"]
    assert hr_client.post(reverse("teachers:restore_part", args=[ada.pk])).status_code == 404


def test_ending_employment_ends_what_hangs_on_it_and_can_be_undone(hr: User, hr_client: Client, hill: School) -> None:
    ada = teacher_with_sign_in(hill)
    pairing = PairingFactory(teacher=ada, ended_on=date(2099, 1, 1))
    earlier = AssignmentFactory(teacher=ada, subject="Music", ended_on=date(2018, 1, 1))
    spell = ada.employments.get()
    last_day = date(2026, 6, 30).isoformat()

    hr_client.post(
        reverse("teachers:end_employment", args=[ada.pk, spell.pk]),
        {"ended_on": last_day, "separation_type": "voluntary", "separation_reason": "resignation", "also_roles": "on"},
    )

    spell.refresh_from_db()
    assert (spell.ended_on, spell.separation_reason) == (date(2026, 6, 30), "resignation")
    assert ada.assignments.exclude(pk=earlier.pk).get().ended_on == date(2026, 6, 30)
    assert Pairing.objects.get().ended_on == date(2026, 6, 30)
    assert ada.user.role_grants.get().ends_on == date(2026, 6, 30)
    assert ada.assignments.get(pk=earlier.pk).ended_on == date(2018, 1, 1)

    hr_client.post(reverse("teachers:reopen_employment", args=[ada.pk, spell.pk]))

    spell.refresh_from_db()
    assert (spell.ended_on, spell.separation_type, spell.separation_reason) == (None, "", "")
    assert ada.assignments.exclude(pk=earlier.pk).get().ended_on is None
    assert Pairing.objects.get(pk=pairing.pk).ended_on == date(2099, 1, 1)


def test_employment_does_not_end_before_a_later_assignment_begins(hr_client: Client, ada: Teacher) -> None:
    AssignmentFactory(teacher=ada, subject="Music", started_on=date(2025, 1, 1))
    spell = ada.employments.get()

    response = hr_client.post(
        reverse("teachers:end_employment", args=[ada.pk, spell.pk]), {"ended_on": "2024-06-30", "also_roles": "on"}
    )

    assert list(response.context["form"].errors) == ["ended_on"]
    assert Assignment.objects.filter(ended_on=None).count() == 2
    spell.refresh_from_db()
    assert spell.ended_on is None


def test_licenses_of_one_state_and_type_do_not_overlap(hr_client: Client, ada: Teacher) -> None:
    held = LicenceFactory(teacher=ada, valid_from=date(2020, 7, 1), valid_until=date(2025, 6, 30))
    values = {"jurisdiction": "wa", "licence_type": held.licence_type, "valid_from": "2025-06-30"}
    response = hr_client.post(new("licence", ada), values)
    assert list(response.context["form"].errors) == ["valid_from"]

    assert hr_client.post(new("licence", ada), values | {"valid_from": "2025-07-01"}).status_code == 302
    again = typed(hr_client, edit("licence", held), number="77")
    assert hr_client.post(edit("licence", held), again).status_code == 302  # a license never overlaps itself
