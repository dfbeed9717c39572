from __future__ import annotations

from datetime import date

import pytest

from teachers.models import Pairing, RoleGrant
from tests.factories import SchoolFactory, employed, user_with_role
from tests.importing import loaded, planned, problems, totals

pytestmark = pytest.mark.django_db

ROW = {"coach_email": "Coach@alder.example", "staff_id": "0042", "kind": "Coach", "from": "2024-08-19", "to": ""}


@pytest.fixture
def coach():
    return user_with_role("coach", email="coach@alder.example")


@pytest.fixture
def teacher(coach):
    return employed(SchoolFactory(), staff_id="0042", since=date(2020, 8, 17), until=date(2025, 6, 30))


def test_a_pairing_is_created_once_and_ends_with_the_employment(coach, teacher):
    applied = loaded("pairings", [ROW])

    assert totals(applied.plan) == {"created": 1}
    pairing = Pairing.objects.get()
    assert (pairing.coach, pairing.teacher, pairing.ended_on) == (coach, teacher, date(2025, 6, 30))
    assert totals(loaded("pairings", [ROW]).plan) == {"unchanged": 1}


def test_a_pairing_can_be_ended(teacher):
    loaded("pairings", [ROW])

    applied = loaded("pairings", [ROW | {"to": "2025-01-31"}])

    assert totals(applied.plan) == {"updated": 1}
    assert Pairing.objects.get().ended_on == date(2025, 1, 31)


def test_a_coach_without_the_role_is_paired_and_remarked_on(teacher):
    RoleGrant.objects.all().delete()

    applied = loaded("pairings", [ROW])

    assert applied.done
    assert [note.field for note in applied.plan.notes] == ["coach_email"]
    assert not RoleGrant.objects.exists()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"coach_email": "nobody@alder.example"}, "coach_email"),
        ({"coach_email": ""}, "coach_email"),
        ({"staff_id": "42"}, "staff_id"),
        ({"kind": "friend"}, "kind"),
        ({"from": ""}, "from"),
        ({"from": "2019-08-19"}, "from"),
        ({"from": "2025-07-01"}, "from"),
        ({"to": "2024-08-18"}, "to"),
        ({"to": "2025-07-01"}, "from"),
    ],
)
def test_a_row_that_cannot_be_is_rejected_with_its_field(teacher, changed, field):
    applied = loaded("pairings", [ROW | changed])

    assert list(problems(applied.plan)) == [(2, field)]
    assert not Pairing.objects.exists()


def test_an_id_that_lost_its_zeros_is_recognised(teacher):
    assert "there is a 0042" in problems(planned("pairings", [ROW | {"staff_id": 42}]))[2, "staff_id"]


def test_nobody_coaches_themselves(coach, teacher):
    teacher.user = coach
    teacher.save()

    assert "themselves" in problems(planned("pairings", [ROW]))[2, "coach_email"]


def test_pairings_of_the_same_two_people_may_not_overlap(teacher):
    rows = [ROW, ROW | {"from": "2023-08-21", "to": "2024-12-31"}]

    assert list(problems(planned("pairings", rows))) == [(3, "from")]


def test_the_same_row_twice_counts_once_and_differently_not_at_all(teacher):
    assert totals(planned("pairings", [ROW, ROW])) == {"created": 1, "unchanged": 1}
    assert list(problems(planned("pairings", [ROW, ROW | {"to": "2025-01-31"}]))) == [(3, "to")]
