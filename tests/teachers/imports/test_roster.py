from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from teachers.models import Assignment, Employment, RosterExtract, SchoolYear, Teacher
from tests.factories import (
    AssignmentFactory,
    DistrictFactory,
    EmploymentFactory,
    SchoolFactory,
    TeacherFactory,
    employed,
    user_with_role,
)
from tests.importing import NOW, TODAY, loaded, planned, problems, totals
from tests.teachers.imports.rosters import ANA, BEN, LEFT, staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def schools():
    return [SchoolFactory(school_id="0101"), SchoolFactory(school_id="0102")]


# --- What is created and changed --------------------------------------------------------------------------------


def test_people_employments_and_assignments_are_created():
    applied = loaded("roster", [ANA, BEN, ANA | {"school_id": "0102", "subject": "Art", "fte": 1}])

    assert applied.done
    assert totals(applied.plan) == {"created": 3}
    ana = Teacher.objects.get(staff_id="0042")
    spell = ana.employments.get()
    assert (spell.started_on, spell.ended_on, spell.position, spell.fte) == (
        date(2019, 8, 19),
        None,
        "classroom_teacher",
        Decimal(1),
    )
    assert ana.assignments.count() == 2
    assert ana.assignments.get(subject="Art").started_on == date(2021, 8, 16)


def test_the_extract_and_its_school_years_are_kept():
    loaded("roster", [ANA], is_full=True, as_of=date(2025, 10, 15))

    extract = RosterExtract.objects.get()
    assert (extract.as_of, extract.is_full) == (date(2025, 10, 15), True)
    labels = list(SchoolYear.objects.values_list("label", flat=True))
    assert labels == ["2021-22", "2022-23", "2023-24", "2024-25", "2025-26"]


def test_a_hire_long_ago_makes_no_school_years():
    loaded("roster", [ANA | {"employment_start": "1985-09-01", "assignment_start": ""}])

    assert SchoolYear.objects.get().label == "2025-26"
    assert Assignment.objects.get().started_on == date(1985, 9, 1)


def test_the_same_file_again_changes_nothing():
    rows = [ANA, BEN | LEFT, ANA | {"school_id": "0102", "assignment_start": ""}]
    loaded("roster", rows, is_full=True)
    before = [model.history.count() for model in (Teacher, Employment, Assignment)]

    applied = loaded("roster", rows, is_full=True)

    assert applied.done
    assert totals(applied.plan) == {"unchanged": 3}
    assert [model.history.count() for model in (Teacher, Employment, Assignment)] == before
    assert RosterExtract.objects.count() == 1


def test_changes_carry_old_and_new_and_whoever_made_them():
    user = user_with_role("hr")
    user.today = TODAY
    loaded("roster", [ANA])
    changed = ANA | {"family_name": "Reyes Soto", "fte": ".5"}

    applied = loaded("roster", [changed], actor=user)

    edits = {(edit.field, edit.old, edit.new) for edit in applied.plan.changes["updated"][0].edits}
    assert edits == {("family_name", "Reyes", "Reyes Soto"), ("fte", "1", "0.5")}
    record = Teacher.history.latest()
    assert (record.history_user, record.history_date) == (user, NOW)
    assert (record.history_type, record.history_change_reason) == ("~", "Import of file.csv")


def test_a_shared_email_is_no_obstacle():
    assert loaded("roster", [ANA, BEN | {"email": ANA["email"]}]).done


def test_different_fte_for_the_same_days_are_parts_of_one_post():
    applied = loaded("roster", [ANA | {"fte": 0.6}, ANA | {"fte": 0.4, "school_id": "0102"}])

    assert Employment.objects.get().fte == Decimal(1)
    assert set(Assignment.objects.values_list("fte", flat=True)) == {Decimal("0.6"), Decimal("0.4")}
    assert "added up to 1" in applied.plan.notes[0].message


def test_halves_of_one_post_at_two_schools_are_added_up():
    loaded("roster", [ANA | {"fte": 0.5}, ANA | {"fte": 0.5, "school_id": "0102"}])

    assert Employment.objects.get().fte == Decimal(1)


def test_half_a_post_repeated_for_every_subject_stays_half_a_post():
    loaded("roster", [ANA | {"fte": 0.5}, ANA | {"fte": 0.5, "subject": "Art"}])

    assert Employment.objects.get().fte == Decimal("0.5")


def test_fte_that_changes_over_the_years_is_that_of_the_newest_assignment():
    before = ANA | {"fte": 1, "assignment_start": "2019-08-19", "assignment_end": "2021-08-15", "subject": "Art"}

    loaded("roster", [before, ANA | {"fte": 0.5}])

    assert Employment.objects.get().fte == Decimal("0.5")


# --- What is rejected -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"staff_id": ""}, "staff_id"),
        ({"given_name": "n/a"}, "given_name"),
        ({"email": "not an address"}, "email"),
        ({"position": "wizard"}, "position"),
        ({"fte": "2.5"}, "fte"),
        ({"fte": "full"}, "fte"),
        ({"employment_start": ""}, "employment_start"),
        ({"employment_start": "8/19/2019"}, "employment_start"),
        ({"employment_end": "2019-08-18"}, "employment_end"),
        ({"separation_type": "magic", "employment_end": "2025-06-30"}, "separation_type"),
        ({"separation_reason": "bored", "employment_end": "2025-06-30"}, "separation_reason"),
        ({"school_id": "999"}, "school_id"),
        ({"school_id": ""}, "school_id"),
        ({"assignment_start": "2018-01-01"}, "assignment_start"),
        ({"assignment_end": "2020-01-01"}, "assignment_end"),
        ({"employment_end": "2023-06-30", "assignment_end": "2024-06-30"}, "assignment_start"),
    ],
)
def test_a_row_that_cannot_be_is_rejected_with_its_field_and_nothing_is_applied(changed, field):
    applied = loaded("roster", [BEN, ANA | changed])

    assert not applied.done
    assert (3, field) in problems(applied.plan)
    assert applied.plan.rejected == 1
    assert not Teacher.objects.exists()


def test_a_date_in_words_names_the_remedy():
    plan = planned("roster", [ANA | {"employment_start": "8/9/2019"}])

    assert "say how this file writes dates" in problems(plan)[2, "employment_start"]


@pytest.mark.parametrize(("shape", "expected"), [("mm/dd/yyyy", date(2019, 8, 9)), ("dd/mm/yyyy", date(2019, 9, 8))])
def test_a_declared_shape_is_followed(shape, expected):
    loaded("roster", [ANA | {"employment_start": "8/9/2019"}], date_shape=shape)

    assert Employment.objects.get().started_on == expected


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2018-01-01", "2019-08-19"),  # shares one day
        ("2018-01-01", ""),  # encloses it
        ("2020-01-01", "2020-02-01"),  # lies inside it
    ],
)
def test_employments_of_one_person_may_not_overlap(start, end):
    second = ANA | {"employment_start": start, "employment_end": end, "school_id": "", "subject": "", "grades": ""}
    second |= {"assignment_start": ""}

    in_the_file = planned("roster", [ANA, second])
    assert (3, "employment_start") in problems(in_the_file)

    loaded("roster", [ANA])
    against_stored = planned("roster", [second])
    assert (2, "employment_start") in problems(against_stored)


def test_rows_of_one_person_must_agree():
    plan = planned("roster", [ANA, ANA | {"school_id": "0102", "family_name": "Reyez"}])

    assert problems(plan) == {
        (2, None): "row 3 about the same person is rejected; the rows of a person are taken together",
        (3, "family_name"): "row 2 says “Reyes” about the same thing; make them agree",
    }


def test_rows_of_one_employment_must_agree_on_its_end():
    plan = planned("roster", [ANA | LEFT, ANA | LEFT | {"school_id": "0102", "employment_end": "2025-06-29"}])

    assert list(problems(plan)) == [(2, None), (3, "employment_end")]


def test_the_same_assignment_said_twice_counts_once_and_differently_not_at_all():
    assert totals(planned("roster", [ANA, ANA])) == {"created": 1, "unchanged": 1}
    assert list(problems(planned("roster", [ANA, ANA | {"grades": "6"}]))) == [(2, None), (3, None)]


def test_a_new_school_needs_to_know_since_when():
    loaded("roster", [ANA])

    plan = planned("roster", [ANA | {"school_id": "0102", "assignment_start": ""}])

    assert list(problems(plan)) == [(2, "assignment_start")]


def test_an_extract_cannot_be_from_tomorrow():
    plan = planned("roster", [ANA], as_of=date(2025, 11, 4))

    assert list(problems(plan)) == [(None, "as_of")]
    assert plan.rejected == 0


def test_missing_people_are_not_worked_out_while_rows_are_rejected():
    loaded("roster", [ANA, BEN])

    plan = planned("roster", [ANA | {"fte": 9}], is_full=True)

    assert totals(plan) == {"rejected": 1}


# --- Ways of the house ------------------------------------------------------------------------------------------


def test_half_a_roster_is_never_written(monkeypatch):
    def fails(**_kwargs: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(RosterExtract.objects, "get_or_create", fails)

    with pytest.raises(RuntimeError):
        loaded("roster", [ANA, BEN])

    assert not Teacher.objects.exists()
    assert not Employment.history.exists()


def test_people_of_another_district_are_not_touched():
    other = TeacherFactory(district=DistrictFactory(name="Elsewhere"), staff_id="0042")
    EmploymentFactory(teacher=other)
    AssignmentFactory(teacher=other)

    applied = loaded("roster", [ANA], is_full=True, district="Alder Valley")

    assert totals(applied.plan) == {"created": 1}
    assert other.employments.get().ended_on is None


def test_which_district_must_be_clear():
    DistrictFactory(name="Elsewhere")

    plan = planned("roster", [ANA])

    assert not plan.can_apply
    assert "more than one district" in plan.problems[0].message


def test_the_number_of_queries_does_not_depend_on_the_rows(django_assert_max_num_queries):
    employed()
    loaded("roster", staff(1))

    with django_assert_max_num_queries(42):
        loaded("roster", [row | {"fte": 0.5} for row in staff(40)])
