from __future__ import annotations

from decimal import Decimal

import pytest

from teachers.models import District, School, SchoolYear, SchoolYearProfile
from tests.factories import DistrictFactory, SchoolFactory
from tests.importing import loaded, planned, problems, totals

pytestmark = pytest.mark.django_db

CEDAR = {
    "school_id": "0123",
    "name": "Cedar",
    "level": "Elem",
    "grade_low": "K",
    "grade_high": 5,
    "opened_on": "1998-08-24",
    "successor_school_id": "",
    "school_year": "2024-25",
    "title_i": "Yes",
    "frpm_percent": "61.5",
    "enrollment": "1,420",
}
BIRCH = CEDAR | {"school_id": "0007", "name": "Birch", "closed_on": "2024-06-30", "successor_school_id": "0123"}


def test_schools_and_their_years_are_created_in_a_new_database():
    applied = loaded("schools", [CEDAR, CEDAR | {"school_year": "2025-2026", "frpm_percent": "60"}, BIRCH])

    assert applied.done
    assert totals(applied.plan) == {"created": 3}
    cedar = School.objects.get(school_id="0123")
    assert (cedar.district.name, cedar.level, cedar.grade_high) == ("My district", "elementary", "5")
    assert School.objects.get(school_id="0007").successor == cedar
    profile = SchoolYearProfile.objects.get(school=cedar, school_year__label="2024-25")
    assert (profile.title_i, profile.frpm_percent, profile.enrollment) == (True, Decimal("61.50"), 1420)
    assert list(SchoolYear.objects.values_list("label", flat=True)) == ["2024-25", "2025-26"]


def test_planning_writes_nothing():
    assert totals(planned("schools", [CEDAR])) == {"created": 1}

    assert not District.objects.exists()
    assert not SchoolYear.objects.exists()


def test_the_same_file_again_changes_nothing():
    loaded("schools", [CEDAR, BIRCH])
    before = School.history.count()

    applied = loaded("schools", [CEDAR, BIRCH])

    assert totals(applied.plan) == {"unchanged": 2}
    assert School.history.count() == before


def test_a_missing_column_changes_nothing_and_an_empty_cell_empties():
    DistrictFactory()
    school = SchoolFactory(school_id="0123", name="Old", grade_low="1", grade_high="5")

    applied = loaded("schools", [{"school_id": "0123", "name": "Cedar", "grade_low": "N/A"}])

    school.refresh_from_db()
    assert (school.name, school.grade_low, school.grade_high) == ("Cedar", "", "5")
    change = applied.plan.changes["updated"][0]
    assert [(edit.field, edit.old, edit.new) for edit in change.edits] == [
        ("name", "Old", "Cedar"),
        ("grade_low", "1", ""),
    ]


def test_shares_of_one_are_read_as_percent_where_the_whole_column_says_so():
    loaded("schools", [CEDAR | {"frpm_percent": 0.615}, BIRCH | {"frpm_percent": 1}])

    assert set(SchoolYearProfile.objects.values_list("frpm_percent", flat=True)) == {Decimal("61.50"), Decimal(100)}


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": ""}, "name"),
        ({"level": "castle"}, "level"),
        ({"opened_on": "2024-07-01"}, "closed_on"),
        ({"successor_school_id": "0007"}, "successor_school_id"),
        ({"successor_school_id": "9999"}, "successor_school_id"),
        ({"school_year": ""}, "school_year"),
        ({"school_year": "2024-26"}, "school_year"),
        ({"frpm_percent": "161"}, "frpm_percent"),
        ({"title_i": "perhaps"}, "title_i"),
        ({"enrollment": "1.5"}, "enrollment"),
    ],
)
def test_a_row_that_cannot_be_is_rejected_with_its_field_and_nothing_is_applied(changed, field):
    applied = loaded("schools", [CEDAR, BIRCH | changed])

    assert not applied.done
    assert list(problems(applied.plan)) == [(3, field)]
    assert applied.plan.rejected == 1
    assert not School.objects.exists()


def test_rows_of_one_school_must_agree():
    plan = planned("schools", [CEDAR, CEDAR | {"school_year": "2025-26", "name": "Cedar East"}])

    assert problems(plan) == {(3, "name"): "row 2 says “Cedar” about the same thing; make them agree"}


def test_a_row_said_twice_counts_once():
    plan = planned("schools", [CEDAR, CEDAR])

    assert totals(plan) == {"created": 1, "unchanged": 1}
    assert [note.row for note in plan.notes] == [3]


def test_the_number_of_queries_does_not_depend_on_the_rows(django_assert_max_num_queries):
    loaded("schools", [CEDAR])
    rows = [CEDAR | {"school_id": f"{number:04}", "name": f"School {number}"} for number in range(2, 40)]

    with django_assert_max_num_queries(18):
        loaded("schools", rows)
