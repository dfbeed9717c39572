from __future__ import annotations

from datetime import date

import pytest

from teachers.models import Assignment, Employment
from tests.factories import SchoolFactory
from tests.importing import loaded, planned, totals
from tests.teachers.imports.rosters import ANA, BEN, LEFT, staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def schools():
    return [SchoolFactory(school_id="0101"), SchoolFactory(school_id="0102")]


def test_an_end_date_ends_the_employment_and_its_open_assignments():
    loaded("roster", [ANA, ANA | {"school_id": "0102"}, BEN])

    applied = loaded("roster", [ANA | LEFT])

    assert applied.done
    assert totals(applied.plan) == {"updated": 1, "ended": 1}
    spell = Employment.objects.get(teacher__staff_id="0042")
    assert (spell.ended_on, spell.separation_type, spell.separation_reason) == (
        date(2025, 6, 30),
        "voluntary",
        "retirement",
    )
    ends = Assignment.objects.filter(teacher__staff_id="0042").values_list("ended_on", flat=True)
    assert set(ends) == {date(2025, 6, 30)}


def test_a_reason_without_an_end_date_ends_nothing():
    applied = loaded("roster", [ANA | {"separation_reason": "Retirement"}])

    spell = Employment.objects.get()
    assert (spell.ended_on, spell.separation_reason) == (None, "")
    assert "ends nothing" in applied.plan.notes[0].message


def test_an_end_that_is_taken_back_opens_the_employment_again():
    loaded("roster", [ANA | LEFT])

    loaded("roster", [ANA])

    spell = Employment.objects.get()
    assert (spell.ended_on, spell.separation_reason) == (None, "")
    assert Assignment.objects.get().ended_on is None


def test_an_older_extract_takes_no_end_back():
    loaded("roster", [ANA | LEFT], as_of=date(2025, 10, 1))

    applied = loaded("roster", [ANA], as_of=date(2024, 10, 1))

    assert totals(applied.plan) == {"unchanged": 1}
    assert Employment.objects.get().ended_on == date(2025, 6, 30)


def test_somebody_who_comes_back_gets_a_second_employment():
    loaded("roster", [ANA | LEFT])

    applied = loaded("roster", [ANA | {"employment_start": "2025-08-18", "assignment_start": "2025-08-18"}])

    assert applied.done
    assert list(Employment.objects.values_list("started_on", "ended_on").order_by("started_on")) == [
        (date(2019, 8, 19), date(2025, 6, 30)),
        (date(2025, 8, 18), None),
    ]


@pytest.mark.parametrize(
    ("seen", "last_day"),
    [
        (date(2024, 10, 15), date(2025, 6, 30)),  # most leave with the school year
        (date(2025, 9, 1), date(2025, 9, 1)),  # still there in the new one
    ],
)
def test_whoever_is_missing_from_a_list_of_everybody_left_before_the_census(seen, last_day):
    rows = staff(20)
    loaded("roster", rows, as_of=seen)

    applied = loaded("roster", rows[1:], is_full=True, as_of=date(2025, 10, 15))

    assert applied.done
    assert totals(applied.plan) == {"unchanged": 19, "ended": 1}
    assert applied.plan.changes["ended"][0].subject == "N1 Reyes (0001)"
    assert Employment.objects.get(teacher__staff_id="0001").ended_on == last_day
    assert Assignment.objects.get(teacher__staff_id="0001").ended_on == last_day
    assert totals(planned("roster", rows[1:], is_full=True, as_of=date(2025, 10, 15))) == {"unchanged": 19}


def test_whoever_is_missing_did_not_leave_before_their_last_assignment_began():
    rows = staff(20)
    rows[0] |= {"assignment_start": "2025-08-18"}
    loaded("roster", rows, as_of=date(2025, 5, 1))

    loaded("roster", rows[1:], is_full=True, as_of=date(2025, 10, 15))

    assert Employment.objects.get(teacher__staff_id="0001").ended_on == date(2025, 8, 18)


def test_more_than_a_tenth_ends_only_when_confirmed():
    rows = staff(20)
    loaded("roster", rows)

    assert planned("roster", rows[2:], is_full=True).needs_second_confirmation is False
    refused = loaded("roster", rows[3:], is_full=True)
    assert (refused.done, refused.plan.needs_second_confirmation) == (False, True)
    assert not Employment.objects.exclude(ended_on=None).exists()

    assert loaded("roster", rows[3:], is_full=True, ends_confirmed=True).done
    assert Employment.objects.exclude(ended_on=None).count() == 3


def test_ends_with_their_reason_are_facts_and_bare_end_dates_may_be_a_slip():
    loaded("roster", [ANA, BEN])

    assert planned("roster", [ANA | LEFT]).needs_second_confirmation is False
    assert planned("roster", [ANA | {"employment_end": "2025-06-30"}]).needs_second_confirmation is True


def test_an_older_list_of_everybody_ends_nobody():
    loaded("roster", [ANA, BEN], as_of=date(2025, 10, 1))

    plan = planned("roster", [ANA], is_full=True, as_of=date(2024, 10, 1))

    assert totals(plan) == {"unchanged": 1}


def test_a_transfer_in_a_list_of_everybody_ends_the_old_assignment_the_day_before():
    loaded("roster", [ANA])

    loaded("roster", [ANA | {"school_id": "0102", "assignment_start": "2025-08-18"}], is_full=True)

    old, new = Assignment.objects.order_by("started_on")
    assert (old.school.school_id, old.ended_on) == ("0101", date(2025, 8, 17))
    assert (new.school.school_id, new.ended_on) == ("0102", None)


@pytest.mark.parametrize("is_full", [True, False])
@pytest.mark.parametrize(("since", "last_day"), [("2025-08-01", date(2025, 7, 31)), ("2021-08-16", date(2025, 6, 30))])
def test_whoever_takes_another_position_has_left_the_assignments_of_the_old_one(is_full, since, last_day):
    loaded("roster", [ANA], as_of=date(2024, 10, 15))
    office = ANA | {"position": "other", "subject": "", "grades": "", "assignment_start": since}

    applied = loaded("roster", [office], as_of=date(2025, 10, 15), is_full=is_full)

    assert totals(applied.plan) == {"created": 1}
    assert dict(Assignment.objects.values_list("position", "ended_on")) == {
        "classroom_teacher": last_day,
        "other": None,
    }
    again = planned("roster", [office], as_of=date(2025, 10, 15), is_full=is_full)
    assert totals(again) == {"unchanged": 1}


def test_whoever_moves_to_an_office_without_a_school_has_left_the_classroom():
    loaded("roster", [ANA], as_of=date(2024, 10, 15))
    nowhere = dict.fromkeys(("school_id", "subject", "grades", "assignment_start"), "")

    loaded("roster", [ANA | nowhere | {"position": "other"}], as_of=date(2025, 10, 15))

    assert Assignment.objects.get().ended_on == date(2025, 6, 30)


def test_a_list_of_some_leaves_other_assignments_alone():
    loaded("roster", [ANA])

    loaded("roster", [ANA | {"school_id": "0102", "assignment_start": "2025-08-18"}])

    assert Assignment.objects.filter(ended_on=None).count() == 2


def test_a_subject_that_is_renamed_stays_the_same_assignment():
    loaded("roster", [ANA])

    loaded("roster", [ANA | {"subject": "Algebra"}], is_full=True)

    assert Assignment.objects.get().subject == "Algebra"
