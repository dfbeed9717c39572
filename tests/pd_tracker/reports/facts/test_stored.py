"""Stored person-years say what the facts say, whatever was changed since; where they cannot, they are not read."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from unittest.mock import patch

import numpy as np
import pytest
from django.utils import timezone

from learning_plans.sums import sum_up
from pd_tracker.access import Role
from pd_tracker.reports.facts import stored
from pd_tracker.reports.facts.calendar import newest_roster
from pd_tracker.reports.facts.person_years import person_years
from pd_tracker.reports.facts.records import schools_of
from pd_tracker.reports.facts.stored import as_stored, changed_people, keep_person_years
from pd_tracker.reports.models import PersonYearPart, PersonYearStore
from teachers.models import Assignment, Employment, Leave, SchoolYear, SchoolYearProfile, Teacher
from tests.factories import (
    AssignmentFactory,
    DistrictFactory,
    EmploymentFactory,
    LeaveFactory,
    SchoolFactory,
    TeacherFactory,
    employed,
    user_with_role,
)
from tests.pd_tracker.reports.conftest import OPERATOR, SINCE, TODAY, roster, trained
from tests.pd_tracker.reports.facts.stored_years import kept, said, worked_out

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small_parts(monkeypatch):
    """So that there are several."""
    monkeypatch.setattr(stored, "PART", 7)


def read(district):
    return as_stored(district, newest_roster(district), schools_of(district))


def both_ways(reader=OPERATOR):
    return said(reader, person_years(reader)), said(reader, worked_out(reader))


class Staff:
    """People of one district, and everybody who changes what is known of them, in an order only chance knows."""

    def __init__(self, seed, district):
        self.random, self.district = Random(seed), district
        self.schools = [SchoolFactory(district=district, school_id=f"{place}00") for place in range(4)]
        self.elsewhere = SchoolFactory(district=DistrictFactory(name="Other Valley"), school_id="9000")
        for _ in range(25):
            self.hire()
        for _ in range(60):
            self.step()

    def step(self):
        self.random.choice(
            [self.hire, self.end, self.move, self.post, self.remove, self.correct, self.leave, self.train, self.train]
        )()

    def day(self):
        return date(2018, 7, 1) + timedelta(days=self.random.randrange(2400))

    def one_of(self, model):
        rows = list(model.objects.order_by("pk"))
        return self.random.choice(rows) if rows else None

    def hire(self):
        known = {
            "experience_years": self.random.choice([None, 0, 2.5, 12]),
            "birth_year": self.random.choice([None, 1961]),
        }
        teacher = TeacherFactory(district=self.district, **known)
        days = {"started_on": self.day()}
        days["ended_on"] = (
            days["started_on"] + timedelta(self.random.randrange(900)) if self.random.random() < 0.4 else None
        )
        position = self.random.choice(["classroom_teacher", "classroom_teacher", "principal"])
        EmploymentFactory(teacher=teacher, position=position, **days)
        AssignmentFactory(teacher=teacher, school=self.random.choice(self.schools), subject=self.subject(), **days)

    def subject(self):
        return self.random.choice(["", "Art", "Math", f"Subject {self.random.randrange(30)}"])

    def end(self):
        row = self.one_of(Employment)
        row.ended_on = max(row.started_on, self.day())
        row.save()

    def move(self):
        row = self.one_of(Assignment)
        row.school = self.random.choice([*self.schools, self.elsewhere])
        row.save()

    def post(self):
        school = self.random.choice(self.schools)
        AssignmentFactory(teacher=self.one_of(Teacher), school=school, subject=self.subject(), started_on=self.day())

    def remove(self):
        row = self.one_of(self.random.choice([Assignment, Leave, Employment]))
        if row is not None:
            row.delete()

    def correct(self):
        teacher = self.one_of(Teacher)
        teacher.experience_years, teacher.birth_year = self.random.randrange(20), 1950 + self.random.randrange(40)
        teacher.save()

    def leave(self):
        first = self.day()
        days = {"started_on": first, "ended_on": first + timedelta(self.random.randrange(400))}
        teacher = self.one_of(Teacher)
        if not teacher.leaves.filter(started_on=first):
            LeaveFactory(teacher=teacher, right_of_return=self.random.random() < 0.7, **days)

    def train(self):
        completion = trained(self.one_of(Teacher), self.random.randrange(1, 60), self.day())
        if self.random.random() < 0.2:
            completion.delete()
            sum_up([(completion.teacher_id, completion.completed_on)])


@pytest.mark.parametrize("seed", range(4))
def test_whatever_changes_they_say_what_the_facts_say(district, seed):
    roster(district)
    staff = Staff(seed, district)
    kept(district)
    assert len(changed_people(PersonYearStore.objects.get().made_at)) == 0
    mine, theirs = both_ways()
    assert mine == theirs
    assert len(mine["rows"]) > 20
    for _ in range(6):
        for _ in range(3):
            staff.step()
        assert read(district) is not None
        mine, theirs = both_ways()
        assert mine == theirs


def test_only_of_changed_people_the_facts_are_read(district, hill):
    roster(district)
    teacher, other = employed(hill, since=SINCE), employed(hill, since=SINCE)
    kept(district)
    for person in (teacher, other):  # past their history, which nothing in the product does
        Employment.objects.filter(teacher=person).update(ended_on=date(2022, 6, 30))
    years = worked_out(OPERATOR).rows.year
    assert years.max() == 2021
    row = other.employments.get()
    row.save()
    found = person_years(OPERATOR)
    assert found.rows.year[found.teacher_ids[found.rows.teacher] == teacher.pk].max() == 2024
    assert found.rows.year[found.teacher_ids[found.rows.teacher] == other.pk].max() == 2021


def a_newer_roster(district, hill):
    roster(district, date(2025, 11, 15))


def a_day_leavers_are_known_from(district, hill):
    district.records_begin_on = date(2022, 7, 1)
    district.save()


def other_days_of_a_school_year(district, hill):
    SchoolYear.objects.filter(label="2023-24").update(starts_on=date(2023, 8, 1))


def a_census_on_another_day(district, hill):
    SchoolYear.objects.filter(label="2022-23").update(census_on=date(2022, 12, 1))


def a_school_that_closed(district, hill):
    hill.closed_on, hill.successor = date(2023, 6, 30), SchoolFactory(district=district, school_id="0900")
    hill.save()


def schools_in_another_order(district, hill):
    hill.school_id = "9999"
    hill.save()


@pytest.mark.parametrize(
    "change",
    [
        a_newer_roster,
        a_day_leavers_are_known_from,
        other_days_of_a_school_year,
        a_census_on_another_day,
        a_school_that_closed,
        schools_in_another_order,
    ],
)
def test_what_holds_for_everybody_makes_them_unreadable(staffed, district, hill, change):
    kept(district)
    assert read(district) is not None
    change(district, hill)
    assert read(district) is None
    mine, theirs = both_ways()
    assert mine == theirs
    kept(district)
    assert read(district) is not None
    mine, theirs = both_ways()
    assert mine == theirs


def test_schools_that_opened_since_and_new_names_change_no_status(staffed, district, hill, lake):
    kept(district)
    SchoolFactory(district=district, school_id="0001")
    SchoolFactory(district=DistrictFactory(name="Other Valley"), school_id="0001")
    hill.name, hill.level = "Hilltop", "middle"
    hill.save()
    SchoolYearProfile.objects.create(school=lake, school_year=SchoolYear.objects.get(label="2023-24"), title_i=True)
    mover = employed(SchoolFactory(district=district, school_id="0002"), since=SINCE)
    assert read(district) is not None
    mine, theirs = both_ways()
    assert mine == theirs
    assert any(row[0] == mover.pk for row in mine["rows"])
    assert {row[8] for row in mine["rows"]} == {-1, 1}


def test_with_too_many_changed_everybody_is_worked_out(staffed, district, monkeypatch):
    kept(district)
    monkeypatch.setattr(stored, "MOST_CHANGED", 2)
    for teacher in staffed["hill"]:
        teacher.save()
    assert changed_people(timezone.now()) is None
    assert read(district) is None


def test_readers_see_what_they_saw(staffed, district, hill, lake):
    kept(district)
    readers = [
        OPERATOR,
        user_with_role(Role.HR, hill),
        user_with_role(Role.LEADER, hill),
        user_with_role(Role.PRINCIPAL, lake),
    ]
    for reader in readers:
        mine, theirs = both_ways(reader)
        assert mine == theirs
    of_lake = both_ways(readers[-1])[0]["rows"]
    assert {row[2] for row in of_lake} == {lake.pk}


def test_readers_of_schools_never_touch_them(staffed, district, lake):
    kept(district)
    with patch("pd_tracker.reports.facts.person_years.as_stored", side_effect=AssertionError):
        assert len(person_years(user_with_role(Role.PRINCIPAL, lake)).rows) > 0


def test_small_types_hold_the_same_numbers(staffed, district):
    trained(staffed["hill"][0], 700, date(2023, 3, 1))
    kept(district)
    wide, narrow = person_years(OPERATOR).rows, person_years(OPERATOR, narrow=["school", "minutes_before"]).rows
    for name in ("teacher", "year", "school", "minutes_before", "experience", "fte", "title_i"):
        np.testing.assert_array_equal(getattr(narrow, name), getattr(wide, name))
        assert getattr(narrow, name).dtype.itemsize <= 4
        assert getattr(wide, name).dtype.itemsize == 8
    assert not narrow.minutes.any()


def test_nothing_is_kept_without_a_roster_and_of_nobody_nothing(district, hill):
    employed(hill, since=SINCE)
    assert keep_person_years(district, at=timezone.now()) == 0
    assert not PersonYearStore.objects.exists()
    other = DistrictFactory(name="Other Valley")
    roster(other)
    assert keep_person_years(other, at=timezone.now()) == 0
    assert len(read(other)["teacher"]) == 0


def test_a_reader_finds_the_old_ones_or_the_new_ones(staffed, district):
    kept(district)
    old = PersonYearStore.objects.get()
    kept(district)
    assert PersonYearStore.objects.get().pk != old.pk
    assert set(PersonYearPart.objects.values_list("store", flat=True)) == {PersonYearStore.objects.get().pk}
    with patch.object(PersonYearStore.objects, "filter", return_value=[old]) as asked:
        asked.return_value = type("Rows", (), {"first": staticmethod(lambda: old)})
        assert read(district) is None


def test_who_is_retired_by_the_day_of_the_roster_is_not_taken_from_another_day(district, hill):
    """A leave that has not ended by the newest roster is a leave; by a later one it may be an exit."""
    roster(district)
    teacher = employed(hill, since=SINCE)
    LeaveFactory(teacher=teacher, started_on=date(2024, 9, 1), ended_on=date(2025, 6, 30))
    employment = teacher.employments.get()
    employment.ended_on = date(2025, 6, 30)
    employment.save()
    kept(district)
    first = both_ways()
    roster(district, date(2025, 11, 15))
    second = both_ways()
    assert first[0] == first[1]
    assert second[0] == second[1]
    assert first[0] != second[0]
    assert date(2025, 11, 15) < TODAY
