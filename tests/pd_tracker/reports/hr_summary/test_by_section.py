"""The sheet By course and section: seats, completions, feedback and cost."""

from __future__ import annotations

from datetime import datetime as day

import pytest
from django.utils import timezone

from learning_plans.models import Completion, CourseOpinion
from tests.factories import CompletionFactory
from tests.pd_tracker.reports.hr_summary.books import book, rows

pytestmark = pytest.mark.django_db


def test_by_section_tells_a_seat_from_coming_and_from_completing(tiny):
    found = rows(book()["By course and section"])
    held, alone = (row for row in found if row["Course code"] == "PD-1")
    safety = [row for row in found if row["Course code"] == "PD-2"]

    assert held == {
        "Course code": "PD-1", "Section": "07", "Title": "-Reading", "Provider": "Lit Co", "Provider number": "0512",
        "Start": day(2025, 10, 6, 16), "End": day(2025, 10, 6, 22), "Place": "Room 1", "Type": "Workshop",
        "Category": "Instruction", "Focus areas": "Phonics", "Competencies of the framework": "A1; B2",
        "Evidence tier": "Strong (experiment)", "Seats": 20, "Registered": 2, "Waitlisted": 1, "Attended": 1,
        "Completed": 0, "No-show": 1, "Credit in": None, "Hours each": 6, "Total hours": 0,
        "Course: people who answered (in steps of 5)": None, "Course: would recommend it (1 to 5)": None,
        "Cost per seat ($)": 25.5, "Cost ($)": 51, "Cost per completion ($)": None, "Funds": None,
    }  # fmt: skip
    assert [alone[name] for name in ("Section", "Start", "Registered", "Completed", "Total hours", "Funds")] == [
        None, None, 0, 1, 6, "Title II-A",
    ]  # fmt: skip
    assert (alone["Cost ($)"], alone["Cost per completion ($)"]) == (25.5, 25.5)
    assert [(row["Registered"], row["Completed"], row["Total hours"]) for row in safety] == [(1, 0, 0), (0, 2, 2.5)]
    assert safety[1]["Credit in"] == "CEU; Hour"
    total = next(row for row in found if row["Course code"] == "Total")
    assert [total[name] for name in ("Registered", "Completed", "Total hours", "Cost ($)")] == [3, 4, 11.5, 76.5]


def test_completions_stand_with_the_section_they_came_from(tiny):
    session = tiny.ana.enrollments.get(session__section="07").session
    Completion.objects.filter(course__code="PD-1").update(session=session)

    held, *others = [row for row in rows(book()["By course and section"]) if row["Course code"] == "PD-1"]

    assert (held["Section"], held["Completed"], held["Total hours"], held["Cost per completion ($)"]) == (
        "07",
        1,
        6,
        51,
    )
    assert others == []


def test_feedback_is_told_of_five_people_at_least(tiny):
    course = tiny.ana.completions.get(course__code="PD-1").course
    for stars in (5, 4, 4, 5):
        give_opinion(CompletionFactory(course=course), stars)
    assert rows(book()["By course and section"])[0]["Course: would recommend it (1 to 5)"] is None
    give_opinion(CompletionFactory(course=course), 4)

    found = [row for row in rows(book()["By course and section"]) if row["Course code"] == "PD-1"]

    told = ("Course: people who answered (in steps of 5)", "Course: would recommend it (1 to 5)")
    assert {tuple(row[name] for name in told) for row in found} == {(5, 4.5)}


def give_opinion(completion, stars):
    CourseOpinion.objects.create(completion=completion, stars=stars, given_at=timezone.now())
