"""Each kind of doubt, and where it ends."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.factories import (
    AssignmentFactory,
    CompletionFactory,
    CourseFactory,
    EmploymentFactory,
    EnrollmentFactory,
    LicenceFactory,
    SessionFactory,
    TeacherFactory,
    employed,
)
from tests.pd_tracker.reports.hr_summary.books import TODAY, book, rows
from tests.pd_tracker.reports.hr_summary.conftest import moment

pytestmark = pytest.mark.django_db


def found(kind: str = "") -> list[tuple[str, str]]:
    """Staff id and what, of one kind."""
    return [(row["Staff id"], row["What"]) for row in rows(book()["Exceptions"]) if kind in {"", row["Kind"]}]


def test_the_tiny_district_has_one_of_each(tiny):
    listed = [(row["Kind"], row["Staff id"], row["Name"], row["Date"]) for row in rows(book()["Exceptions"])]

    assert [(kind, staff, name, day and day.date()) for kind, staff, name, day in listed] == [
        ("Possible duplicate person", "0009", "BIRCH, ben", None),
        ("Possible duplicate person", "0002", "Birch, Ben", None),
        ("No site", "0004", "=1+1, @Dee", date(2025, 8, 1)),
        ("No license", "0002", "Birch, Ben", None),
        ("Hours above a day's length", "0001", "Ash, Ana", date(2025, 11, 5)),
        ("Overlapping sessions", "0001", "Ash, Ana", date(2025, 10, 6)),
        ("Credit after exit", "0003", "Cedar, Cyd", date(2026, 1, 8)),
        ("Not approved for more than 14 days", "0001", "Ash, Ana", date(2025, 12, 2)),
    ]
    assert [row["Where to look"] for row in rows(book()["Exceptions"])][
        -1
    ] == "Completions, state: waiting for approval"


def test_words_say_what_is_wrong(tiny):
    assert dict(found("Possible duplicate person")) == {
        "0002": "Same name and birth year as 0009",
        "0009": "Same name and birth year as 0002",
    }
    assert found("Hours above a day's length") == [("0001", "3 hours for “Visit”, which usually takes 1")]
    assert found("Overlapping sessions") == [("0001", "“Safety” begins before “-Reading” ends")]
    assert found("Credit after exit") == [("0003", "“Safety”, after the last day 2025-12-19")]


def test_people_who_share_an_address_are_doubted_whatever_its_case():
    first = employed(staff_id="A", email="Jo@alder.example")
    TeacherFactory(staff_id="B", email="jo@alder.example", district=first.district)

    assert found("Possible duplicate person") == [("A", "Same email as B"), ("B", "Same email as A")]


def test_namesakes_of_unknown_or_other_birth_years_are_not_doubted():
    for born in (1980, 1981, None, None):
        employed(given_name="Jo", family_name="Ray", email="", birth_year=born)

    assert found("Possible duplicate person") == []


@pytest.mark.parametrize(("last_day", "doubted"), [(TODAY - timedelta(1), True), (TODAY, False)])
def test_a_site_counts_to_its_last_day(last_day, doubted):
    teacher = TeacherFactory(staff_id="A")
    EmploymentFactory(teacher=teacher)
    AssignmentFactory(teacher=teacher, ended_on=last_day)

    assert bool(found("No site")) is doubted


@pytest.mark.parametrize(
    ("dates", "doubted"),
    [
        ({"valid_until": TODAY - timedelta(1)}, ["The last license has ended"]),
        ({"valid_until": TODAY}, []),
        ({"valid_until": None}, []),
        ({"valid_until": TODAY - timedelta(1), "extended_until": TODAY}, []),
        ({"valid_from": TODAY + timedelta(1), "valid_until": None}, ["No license is on record"]),
    ],
)
def test_a_license_counts_to_its_last_day(dates, doubted):
    LicenceFactory()  # somebody's: the district keeps licenses here
    LicenceFactory(teacher=employed(), **dates)

    assert [what for _staff, what in found("No license")] == doubted


def test_nobody_lacks_a_license_where_none_are_kept():
    employed()

    assert found("No license") == []


@pytest.mark.parametrize(
    ("usual", "minutes", "doubted"),
    [
        (60, 120, False),
        (60, 121, True),
        (0, 24 * 60, False),
        (0, 24 * 60 + 1, True),
        (24 * 60, 24 * 60 + 30, True),
        (45 * 60, 45 * 60, False),
    ],
)
def test_hours_are_doubted_beyond_a_day_or_twice_the_course(usual, minutes, doubted):
    teacher = employed()
    CompletionFactory(
        teacher=teacher, course=CourseFactory(minutes=usual), minutes=minutes, completed_on=date(2025, 9, 1)
    )

    assert bool(found("Hours above a day's length")) is doubted


@pytest.mark.parametrize(
    ("starts", "state", "doubted"),
    [(11, "registered", True), (12, "registered", False), (11, "waitlisted", False), (11, "withdrawn", False)],
)
def test_a_session_may_begin_when_the_one_before_ends(starts, state, doubted):
    teacher = employed()
    first = SessionFactory(starts_at=moment(10, 1, 9), ends_at=moment(10, 1, 12))
    second = SessionFactory(starts_at=moment(10, 1, starts), ends_at=moment(10, 1, 15))
    EnrollmentFactory(teacher=teacher, session=first)
    EnrollmentFactory(teacher=teacher, session=second, state=state)

    assert bool(found("Overlapping sessions")) is doubted


@pytest.mark.parametrize(("completed", "doubted"), [(date(2025, 12, 19), False), (date(2025, 12, 20), True)])
def test_credit_on_the_last_day_of_work_is_no_doubt(completed, doubted):
    teacher = employed(until=date(2025, 12, 19))
    CompletionFactory(teacher=teacher, completed_on=completed)

    assert bool(found("Credit after exit")) is doubted


def test_credit_of_somebody_who_came_back_is_no_doubt():
    teacher = employed(until=date(2025, 8, 31))
    EmploymentFactory(teacher=teacher, started_on=date(2025, 12, 1))
    CompletionFactory(teacher=teacher, completed_on=date(2025, 12, 10))

    assert found("Credit after exit") == []


@pytest.mark.parametrize(("recorded", "doubted"), [(moment(12, 31, 23), True), (moment(1, 1, 0, year=2026), False)])
def test_approval_may_take_fourteen_days(recorded, doubted):
    CompletionFactory(teacher=employed(), state="pending", completed_on=date(2025, 12, 1), recorded_at=recorded)

    assert bool(found("Not approved for more than 14 days")) is doubted
