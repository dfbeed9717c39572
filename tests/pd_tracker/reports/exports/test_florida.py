"""Florida's file: every component is a record, or stands beside it with the reason."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date

import pytest

from pd_tracker.reports.exports.florida import FloridaFile
from pd_tracker.reports.hr_summary.form import HrSummaryForm
from tests.factories import (
    CompletionFactory,
    CourseFactory,
    ExternalIdFactory,
    SchoolFactory,
    SchoolYearFactory,
    TeacherFactory,
    employed,
)
from tests.pd_tracker.reports.hr_summary.books import OPERATOR

pytestmark = pytest.mark.django_db
OPTIONS = {
    "district": "1", "person_id": "staff_id", "purpose": "E", "other_method": "B", "implementation_method": "M",
    "staff_evaluation": "A", "student_evaluation": "G", "transaction": "A",
}  # fmt: skip
DAY = date(2025, 9, 10)


@pytest.fixture
def school():
    SchoolYearFactory(start=2025)
    return SchoolFactory(school_id="0101")


def written(**options):
    made = FloridaFile(HrSummaryForm(OPERATOR, {}).asked, OPTIONS | options)
    out = io.BytesIO()
    made.write(out)
    with zipfile.ZipFile(out) as archive:
        assert archive.namelist() == ["staff-pd-2526.txt", "not-made.csv"]
        lines = archive.read("staff-pd-2526.txt").decode("ascii").split("\r\n")
        left_over = list(csv.DictReader(io.StringIO(archive.read("not-made.csv").decode("utf-8-sig"))))
    assert lines.pop() == ""
    assert made.rows == {"records": len(lines), "not_made": len(left_over)}
    return lines, left_over


def test_one_record_for_each_person_and_component_with_whole_hours(school):
    course = CourseFactory(code="2007003", activity_type="coaching")
    ana = employed(school, staff_id="A1", family_name="Ash")
    ben = employed(school, staff_id="B2", family_name="Birch")
    for teacher, minutes, day in ((ana, 50, DAY), (ana, 100, date(2025, 10, 1)), (ben, 179, DAY)):
        CompletionFactory(teacher=teacher, course=course, minutes=minutes, completed_on=day)
    CompletionFactory(teacher=ana, course=course, minutes=600, completed_on=date(2025, 10, 2), state="pending")

    lines, left_over = written()

    assert lines == [
        "010101A1        525262007003A      002     A01        EGMG",
        "010101B2        525262007003A      002     A01        EGMG",
    ]
    assert left_over == []


def test_what_cannot_be_a_record_is_listed_with_the_reason(school):
    def done(teacher, code, minutes=120):
        CompletionFactory(teacher=teacher, course__code=code, minutes=minutes, completed_on=DAY)

    done(employed(school, staff_id="A1", family_name="A"), "PD-1")
    done(employed(school, staff_id="B1", family_name="B"), "2007001", minutes=59)
    done(employed(school, staff_id="C-1", family_name="C"), "2007002")
    done(employed(SchoolFactory(school_id="HILL"), staff_id="D1", family_name="D"), "2007004")
    done(TeacherFactory(staff_id="E1", family_name="E"), "2007005")
    done(employed(school, staff_id="F1", family_name="F"), "2007006", minutes=60_000)

    lines, left_over = written()

    assert lines == []
    assert [(row["Staff id"], row["Why no record was made"]) for row in left_over] == [
        ("A1", "“PD-1” is no component number of 7 letters and digits; it is taken from the course code."),
        ("B1", "Less than one whole hour."),
        ("C-1", "“C-1” is no id of at most 10 letters and digits."),
        ("D1", "“HILL” is no school number of at most 4 digits."),
        ("E1", "No school this year."),
        ("F1", "More than 999 hours."),
    ]


def test_the_id_may_be_that_of_another_system(school):
    people = [employed(school, family_name=name) for name in ("A", "B", "C")]
    for number, teacher in enumerate(people):
        CompletionFactory(
            teacher=teacher, course__code=f"200700{number}", course__activity_type="other", completed_on=DAY
        )
    ExternalIdFactory(teacher=people[0], system="state", value="0000123456")
    for value in ("7", "8"):
        ExternalIdFactory(teacher=people[2], system="state", value=value)

    lines, left_over = written(person_id="state")

    assert [line[6:16] for line in lines] == ["0000123456"]
    assert lines[0][55] == "B"
    assert [row["Why no record was made"] for row in left_over] == [
        "No id of “state” is on record.", "Several ids of “state” are on record.",
    ]  # fmt: skip
