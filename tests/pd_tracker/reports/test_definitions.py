"""The definition fixture: one invented teacher per rule, census 1 Oct 2023 to 1 Oct 2024."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from pd_tracker.access import Operator
from pd_tracker.reports.facts.person_years import person_years
from pd_tracker.reports.snapshots import UNOBSERVED, Status
from teachers.models import RosterExtract
from tests.factories import (
    AssignmentFactory,
    DistrictFactory,
    EmploymentFactory,
    LeaveFactory,
    SchoolFactory,
    TeacherFactory,
    employed,
)

pytestmark = pytest.mark.django_db
READER = Operator(today=date(2026, 11, 1))
SINCE = date(2020, 8, 15)


@pytest.fixture
def school():
    return SchoolFactory(school_id="0100")


@pytest.fixture
def other(school):
    return SchoolFactory(school_id="0200", district=school.district)


@pytest.fixture(autouse=True)
def roster(school):
    return RosterExtract.objects.create(district=school.district, as_of=date(2024, 11, 15), is_full=True)


def years_of(teacher):
    """{school year: (status, tenure, main school)} of one teacher."""
    facts = person_years(READER)
    rows = facts.rows.only(facts.teacher_ids[facts.rows.teacher] == teacher.pk)
    codes = [facts.schools[school].school_id for school in rows.school]
    return {int(y): (int(s), int(t), c) for y, s, t, c in zip(rows.year, rows.status, rows.tenure, codes, strict=True)}


def status_of(teacher):
    return years_of(teacher)[2023][0]


def test_same_school_is_a_stayer(school):
    assert status_of(employed(school, since=SINCE)) == Status.STAYER


def test_another_school_of_the_district_is_a_mover_within(school, other):
    teacher = employed(school, since=SINCE)
    teacher.assignments.update(ended_on=date(2024, 6, 30))
    AssignmentFactory(teacher=teacher, school=other, started_on=date(2024, 8, 15))
    assert status_of(teacher) == Status.MOVER_WITHIN


def test_a_visible_school_of_another_district_is_a_mover_out(school):
    teacher = employed(school, since=SINCE, until=date(2024, 6, 30))
    elsewhere = SchoolFactory(district=DistrictFactory(name="Birch Plain"))
    AssignmentFactory(teacher=teacher, school=elsewhere, started_on=date(2024, 8, 15))
    assert status_of(teacher) == Status.MOVER_OUT


def test_leave_with_right_of_return_over_the_census_is_on_leave(school):
    teacher = employed(school, since=SINCE)
    LeaveFactory(teacher=teacher, started_on=date(2024, 9, 1), ended_on=date(2025, 1, 31))
    assert status_of(teacher) == Status.ON_LEAVE
    assert 2024 not in years_of(teacher)


def test_leave_without_right_of_return_is_no_longer_in_the_classroom(school):
    teacher = employed(school, since=SINCE)
    LeaveFactory(teacher=teacher, started_on=date(2024, 9, 1), right_of_return=False)
    assert status_of(teacher) == Status.LEFT_CLASSROOM


@pytest.mark.parametrize("leave_ends", [date(2025, 6, 30), None])
def test_leave_that_ended_without_return_turns_into_an_exit(school, roster, leave_ends):
    teacher = employed(school, since=SINCE, until=date(2025, 6, 30))
    LeaveFactory(teacher=teacher, started_on=date(2024, 9, 1), ended_on=leave_ends)
    assert status_of(teacher) == Status.ON_LEAVE  # the roster of November 2024 cannot know
    roster.as_of = date(2025, 7, 15)
    roster.save()
    assert status_of(teacher) == Status.LEAVER


def test_leave_followed_by_work_stays_a_leave_even_when_the_person_leaves_later(school, roster):
    teacher = employed(school, since=SINCE, until=date(2025, 6, 30))
    LeaveFactory(teacher=teacher, started_on=date(2024, 9, 1), ended_on=date(2025, 1, 31))
    roster.as_of = date(2025, 7, 15)
    roster.save()
    assert status_of(teacher) == Status.ON_LEAVE


def test_leaves_that_follow_one_another_are_one(school, roster):
    teacher = employed(school, since=SINCE, until=date(2025, 6, 30))
    LeaveFactory(teacher=teacher, started_on=date(2024, 9, 1), ended_on=date(2024, 12, 31))
    LeaveFactory(teacher=teacher, started_on=date(2025, 1, 1), ended_on=date(2025, 6, 30))
    roster.as_of = date(2025, 7, 15)
    roster.save()
    assert status_of(teacher) == Status.LEAVER


def test_assistant_principal_has_left_the_classroom(school):
    teacher = employed(school, since=SINCE)
    teacher.assignments.update(ended_on=date(2024, 6, 30))
    AssignmentFactory(teacher=teacher, school=school, position="other", started_on=date(2024, 7, 1))
    assert status_of(teacher) == Status.LEFT_CLASSROOM


@pytest.mark.parametrize("has_a_new_post", [True, False])
def test_whoever_becomes_principal_stays_in_the_snapshots_of_the_years_before(school, has_a_new_post):
    teacher = employed(school, since=SINCE)
    teacher.employments.update(position="other")  # an employment has one position, that of the newest row of its file
    teacher.assignments.update(ended_on=date(2024, 6, 30))
    if has_a_new_post:
        AssignmentFactory(teacher=teacher, school=school, position="other", started_on=date(2024, 7, 1))
    statuses = {year: status for year, (status, *_) in years_of(teacher).items()}
    assert statuses == {**dict.fromkeys((2020, 2021, 2022), Status.STAYER), 2023: Status.LEFT_CLASSROOM}


def test_whoever_was_an_aide_is_a_teacher_from_the_day_of_that_post_on(school):
    teacher = employed(school, since=SINCE)
    teacher.assignments.update(position="aide", ended_on=date(2023, 6, 30))
    AssignmentFactory(teacher=teacher, school=school, started_on=date(2023, 7, 1))
    statuses = {year: status for year, (status, *_) in years_of(teacher).items()}
    assert statuses == {2023: Status.STAYER, 2024: UNOBSERVED}


@pytest.mark.parametrize(
    ("last_day", "status"),
    [
        (date(2024, 6, 30), Status.LEAVER),
        (date(2024, 9, 15), Status.LEAVER),
        (date(2024, 9, 30), Status.LEAVER),
        (date(2024, 10, 1), Status.STAYER),
        (date(2024, 10, 15), Status.STAYER),
    ],
)
def test_last_day_before_the_census_is_a_leaver_and_after_it_next_years(school, last_day, status):
    assert status_of(employed(school, since=SINCE, until=last_day)) == status


def test_hired_after_the_census_and_gone_before_the_next_is_a_short_spell(school):
    teacher = employed(school, since=date(2023, 10, 10), until=date(2024, 5, 31))
    assert years_of(teacher) == {}
    spells = person_years(READER).short_spells
    assert spells.year.tolist() == [2023]
    assert spells.school.tolist() == [0]


def test_hired_after_the_census_enters_the_next_snapshot(school):
    teacher = employed(school, since=date(2023, 10, 10))
    assert years_of(teacher) == {2024: (UNOBSERVED, 1, "0100")}
    assert not len(person_years(READER).short_spells.year)


def test_rehired_after_a_gap_with_a_census_begins_a_new_spell(school):
    teacher = employed(school, since=SINCE, until=date(2023, 6, 30))
    EmploymentFactory(teacher=teacher, started_on=date(2024, 9, 1))
    AssignmentFactory(teacher=teacher, school=school, started_on=date(2024, 9, 1))
    years = years_of(teacher)
    assert 2023 not in years
    assert years[2022][:2] == (Status.LEAVER, 3)
    assert years[2024][:2] == (UNOBSERVED, 1)


def test_contract_break_over_summer_is_ignored(school):
    teacher = employed(school, since=SINCE, until=date(2024, 6, 30))
    EmploymentFactory(teacher=teacher, started_on=date(2024, 8, 20))
    AssignmentFactory(teacher=teacher, school=school, started_on=date(2024, 8, 20))
    years = years_of(teacher)
    assert years[2023][:2] == (Status.STAYER, 4)
    assert years[2024][1] == 5


def test_merged_school_is_followed_to_its_successor(school, other):
    last = SchoolFactory(school_id="0300", district=school.district)
    school.closed_on, school.successor = date(2024, 6, 30), other
    other.closed_on, other.successor = date(2024, 8, 1), last
    school.save()
    other.save()
    teacher = employed(school, since=SINCE)
    teacher.assignments.update(ended_on=date(2024, 6, 30))
    AssignmentFactory(teacher=teacher, school=last, started_on=date(2024, 8, 15))
    assert status_of(teacher) == Status.STAYER


def test_moving_to_the_successor_before_the_school_closes_is_a_move(school, other):
    school.closed_on, school.successor = date(2025, 6, 30), other
    school.save()
    teacher = employed(school, since=SINCE)
    teacher.assignments.update(ended_on=date(2024, 6, 30))
    AssignmentFactory(teacher=teacher, school=other, started_on=date(2024, 8, 15))
    assert status_of(teacher) == Status.MOVER_WITHIN


def test_schools_that_follow_each_other_in_a_ring_do_no_harm(school, other):
    school.successor, other.successor = other, school
    school.save()
    other.save()
    teacher = employed(school, since=SINCE)
    teacher.assignments.update(ended_on=date(2024, 6, 30))
    third = SchoolFactory(school_id="0300", district=school.district)
    AssignmentFactory(teacher=teacher, school=third, started_on=date(2024, 8, 15))
    assert status_of(teacher) == Status.MOVER_WITHIN


def test_two_halves_are_one_head_at_the_smallest_school_or_last_years(school, other):
    new = TeacherFactory(district=school.district)
    EmploymentFactory(teacher=new, started_on=date(2023, 8, 15))
    for place in (other, school):
        AssignmentFactory(teacher=new, school=place, fte=Decimal("0.5"), started_on=date(2023, 8, 15))
    assert years_of(new)[2023][2] == "0100"

    settled = TeacherFactory(district=school.district)
    EmploymentFactory(teacher=settled, started_on=SINCE)
    AssignmentFactory(teacher=settled, school=other, fte=Decimal("0.5"), started_on=SINCE)
    AssignmentFactory(teacher=settled, school=school, fte=Decimal("0.5"), started_on=date(2023, 8, 15))
    assert years_of(settled)[2023][2] == "0200"


def test_main_school_has_the_largest_sum_of_fte(school, other):
    teacher = TeacherFactory(district=school.district)
    EmploymentFactory(teacher=teacher, started_on=SINCE)
    AssignmentFactory(teacher=teacher, school=school, fte=Decimal("0.4"), subject="Art", started_on=SINCE)
    AssignmentFactory(teacher=teacher, school=other, fte=Decimal("0.3"), subject="Music", started_on=SINCE)
    AssignmentFactory(teacher=teacher, school=other, fte=Decimal("0.3"), subject="Dance", started_on=SINCE)
    facts = person_years(READER)
    assert {facts.schools[number].school_id for number in facts.rows.school} == {"0200"}
    assert {facts.subjects[number] for number in facts.rows.subject} == {"Dance"}
    assert facts.rows.fte.tolist() == pytest.approx([1.0] * 5)


@pytest.mark.parametrize("fte", [Decimal(1), Decimal("0.5")])
def test_rows_that_repeat_the_fte_for_every_subject_are_one_post(school, fte):
    teacher = employed(school, since=SINCE)
    AssignmentFactory(teacher=teacher, school=school, subject="Art", started_on=SINCE)
    teacher.assignments.update(fte=fte)
    teacher.employments.update(fte=fte)
    assert person_years(READER).rows.fte.tolist() == [float(fte)] * 5


def test_a_post_of_earlier_years_keeps_its_fte_when_the_employment_is_reduced(school):
    teacher = employed(school, since=SINCE)
    teacher.employments.update(fte=Decimal("0.5"))
    assert person_years(READER).rows.fte.tolist() == [1.0] * 5


@pytest.mark.parametrize("position", ["substitute", "aide", "other"])
def test_other_positions_are_in_no_snapshot(school, position):
    teacher = employed(school, since=SINCE)
    teacher.employments.update(position=position)
    assert years_of(teacher) == {}


def test_assignments_without_fte_and_employment_without_assignment_are_in_no_snapshot(school):
    empty = employed(school, since=SINCE)
    empty.assignments.update(fte=0)
    idle = TeacherFactory(district=school.district)
    EmploymentFactory(teacher=idle, started_on=SINCE)
    assert years_of(empty) == years_of(idle) == {}


def test_nothing_is_seen_without_a_roster_nor_before_records_begin(school, roster):
    teacher = employed(school, since=SINCE)
    school.district.records_begin_on = date(2022, 7, 1)
    school.district.save()
    assert sorted(years_of(teacher)) == [2022, 2023, 2024]
    roster.delete()
    assert years_of(teacher) == {}


@pytest.mark.parametrize(("as_of", "status"), [(date(2024, 10, 30), UNOBSERVED), (date(2024, 10, 31), Status.STAYER)])
def test_newest_year_is_judged_thirty_days_after_the_next_census(school, roster, as_of, status):
    teacher = employed(school, since=SINCE)
    roster.as_of = as_of
    roster.save()
    assert status_of(teacher) == status
