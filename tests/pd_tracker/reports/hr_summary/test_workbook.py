"""Every sheet, cell by cell."""

from __future__ import annotations

import re
from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from learning_plans.models import Completion, ContractHours
from pd_tracker.access import Operator
from pd_tracker.reports.hr_summary.form import HrSummaryForm
from pd_tracker.reports.hr_summary.workbook import summary
from teachers.models import RosterExtract, Teacher
from tests.factories import (
    CompletionFactory,
    EnrollmentFactory,
    ExternalIdFactory,
    LicenceFactory,
    PairingFactory,
    PlanFactory,
    PlanItemFactory,
    RuleMemberFactory,
    SchoolYearFactory,
    employed,
)
from tests.pd_tracker.reports.hr_summary.books import OPERATOR, SHEETS, about, book, by, rows, summary_of, written
from tests.pd_tracker.reports.hr_summary.conftest import stands
from tests.pd_tracker.sheets.writing.safe import assert_safe

pytestmark = pytest.mark.django_db


def day(*parts: int) -> datetime:
    return datetime(*parts)


def test_by_teacher_says_who_works_where_with_what_done(tiny):
    found = by("Staff id", book()["By teacher"])

    assert list(found) == ["0004", "0001", "0002", "0003", "Total"]
    assert found["0001"] == {
        "Staff id": "0001", "Ids in other systems": "state educator id: 000123", "Last name": "Ash",
        "First name": "Ana", "Email": "ana@alder.example",
        "Primary site code": "0101", "Primary site": "Oak", "Position": "Classroom teacher",
        "Subject": "Mathematics", "Grades": "4-5", "FTE": 1, "Hire date": day(2020, 8, 15), "Exit date": None,
        "Employment status": "Employed", "License of": "WA", "License type": "Professional", "License number": "0077",
        "License issued on": day(2022, 6, 20), "License valid from": day(2022, 7, 1),
        "License valid until": day(2027, 6, 30), "Days left on the license": 531, "Endorsements": "Reading",
        "Renewal rules": "wa-residency",
        **dict.fromkeys(
            (
                "Renewal period from", "Renewal period until", "Credit is counted in", "Credit required",
                "Credit counted", "Credit pending", "Credit not counted", "Credit short by category",
                "Credit carried in", "Credit to carry out", "Credit counted, percent",
                "Credit counted / expected by this day", "Standing of the license",
            )
        ),
        "Hours this school year": 9, "Hours: Instruction": 6, "Hours: no category": 3,
        "Hours waiting for approval": 1.5, "Last PD date this school year": day(2025, 11, 5),
        "Cost of completed training ($)": 25.5, "Contract hours owed": None, "Contract hours done": None,
        "Required trainings owed": 1, "Required trainings overdue": 0,
        "Plan": "Active", "Plan goals": 2, "Plan goals open": 1, "Plan goals met": 1,
        "Plan items done": 1, "Plan items due soon": 1, "Plan items overdue": 1,
        "Coach": "Cora Coach",
    }  # fmt: skip
    assert found["0002"]["Primary site code"] == "0102"
    assert (found["0002"]["FTE"], found["0002"]["Subject"], found["0002"]["Grades"]) == (0.5, "Art", "6-8")
    assert (found["0003"]["Employment status"], found["0003"]["Exit date"]) == ("Left the district", day(2025, 12, 19))
    assert (found["0003"]["Primary site"], found["0003"]["Hours this school year"]) == ("Oak", 0.5)
    assert (found["0004"]["Position"], found["0004"]["Primary site"], found["0004"]["Plan"]) == ("Aide", None, None)
    assert found["Total"]["Hours this school year"] == 11.5
    assert found["Total"]["Hours waiting for approval"] == 1.5
    assert [found["Total"][f"Plan items {name}"] for name in ("done", "due soon", "overdue")] == [2, 1, 1]


def test_by_teacher_says_where_the_license_stands(tiny):
    stands(tiny.ana.licences.get(licence_type="Professional"))

    made = book()
    found = by("Staff id", made["By teacher"])["0001"]

    assert (found["Renewal rules"], found["Credit is counted in"]) == ("WA-STANDARD", "Hour")
    assert (found["Renewal period from"], found["Renewal period until"]) == (day(2022, 7, 1), day(2027, 6, 30))
    assert [found[f"Credit {name}"] for name in ("required", "counted", "pending", "not counted")] == [100, 45, 0, 3.5]
    assert found["Credit counted, percent"] == 0.45
    gone, whole = date(2026, 1, 15) - date(2022, 6, 30), date(2027, 6, 30) - date(2022, 6, 30)
    assert found["Credit counted / expected by this day"] == pytest.approx(0.45 / (gone / whole))
    assert found["Standing of the license"] == "Behind"
    assert by("School", made["By school"])["Oak"]["Licenses behind on credit"] == 1
    assert ("Standing of licenses", "Behind") in {(row["Part"], row["Item"]) for row in rows(made["Summary"])}


def test_a_standing_that_does_not_hold_on_the_day_is_not_told(tiny):
    stands(tiny.ana.licences.get(licence_type="Professional"), holds_until=date(2026, 1, 14))

    assert by("Staff id", book()["By teacher"])["0001"]["Standing of the license"] is None


def test_by_teacher_says_what_the_contract_asks_and_what_counts_for_it(tiny):
    ContractHours.objects.create(district=tiny.district, hours=20)

    found = by("Staff id", book()["By teacher"])

    assert {key: (row["Contract hours owed"], row["Contract hours done"]) for key, row in found.items()} == {
        "0001": (20, 9), "0002": (10, 2), "0003": (None, None), "0004": (20, 0), "Total": (50, 11),
    }  # fmt: skip


def test_by_school_counts_the_census_and_who_stayed(tiny):
    found = by("School", book()["By school"])
    when = "(2024-25 → 2025-26)"

    assert found["Oak"] == {
        "Site code": "0101", "School": "Oak", "Level": "Elementary", "Title I": "Yes",
        "People listed": 2, "Hours of people listed": 9.5, "Overdue plan items": 1,
        "Required trainings done": 0.5, "Licenses that end within 12 months": 1, "Licenses overdue": 1,
        "Licenses behind on credit": 0,
        "Cost of people listed ($)": 25.5, "Cost per FTE of people listed ($)": 12.75,
        "Teachers (head count)": 2, "FTE of teachers": 2, "Participants": 2, "Participation rate": 1,
        "Hours of teachers": 9.5, "Hours per FTE": 4.75, "Median hours": 4.75,
        f"Base teachers {when}": 3, f"Stayers {when}": 2, f"Movers {when}": 1, f"On leave {when}": 0,
        f"Left the classroom {when}": 0, f"Leavers {when}": 0,
        f"Stayed at the school {when}": pytest.approx(2 / 3), f"Stayed in the district {when}": 1,
    }  # fmt: skip
    elm = found["Elm"]
    assert (elm["Level"], elm["Title I"], elm["People listed"]) == ("Middle", None, 1)
    assert (elm["FTE of teachers"], elm["Hours per FTE"], elm["Participation rate"]) == (0.5, 4, 1)
    assert (elm[f"Base teachers {when}"], elm[f"Stayed at the school {when}"]) == (0, None)
    assert (found["No school"]["People listed"], found["No school"]["Teachers (head count)"]) == (1, 0)
    total = found[None]
    assert (total["Site code"], total["People listed"], total["Hours of people listed"]) == ("Total", 4, 11.5)
    assert (total["Teachers (head count)"], total["FTE of teachers"], total["Median hours"]) == (3, 2.5, 2)
    assert total["Hours per FTE"] == pytest.approx(11.5 / 2.5)


def test_as_of_a_day_leaves_out_what_was_learned_later(tiny):
    made = book(on="2025-10-01")
    found = about(made)

    assert found["How it was made", "Day described"] == day(2025, 10, 1)
    assert found["How it was made", "Learning until"] == day(2025, 10, 1)
    assert {name: hours for (part, name), hours in found.items() if part == "Hours"} == dict.fromkeys(
        ("By teacher", "By school", "By course and section", "By funding source", "Transcript detail, approved"), 8
    ) | {"All five agree": "Yes"}
    oak = by("School", made["By school"])["Oak"]
    assert (oak["Hours of teachers"], oak["Participants"], oak["Hours of people listed"]) == (6, 1, 6)
    assert by("Staff id", made["By teacher"])["0003"]["Employment status"] == "Employed"
    assert {row["Registered"] for row in rows(made["By course and section"])} == {0}


def test_as_of_a_day_of_another_year_means_that_year(tiny):
    SchoolYearFactory(start=2024)

    assert about(book(on="2025-03-01"))["How it was made", "School year"] == "2024-25"


def test_transcript_has_a_row_per_line_of_credit_and_counts_minutes_once(tiny):
    found = rows(book()["Transcript detail"])
    hour, ceu = (row for row in found if row["Staff id"] == "0002")
    first = found[0]

    assert [(row["Staff id"], row["State"], row["Hours"]) for row in found] == [
        ("0001", "Approved", 6), ("0002", "Approved", 2), ("0002", "Approved", None), ("0003", "Voided", 1),
        ("0001", "Approved", 3), ("0001", "Waiting for approval", 1.5), ("0003", "Approved", 0.5),
    ]  # fmt: skip
    completion = tiny.ben.completions.get()
    lines = completion.credit_lines.order_by("pk")
    assert [hour["Credit id"], ceu["Credit id"]] == [f"{completion.pk}-{line.pk}" for line in lines]
    assert (hour["Unit"], hour["Amount"], hour["Credit category"]) == ("Hour", 2, "Safety")
    assert (ceu["Unit"], ceu["Amount"], ceu["Raw minutes"]) == ("CEU", 0.2, None)
    assert (hour["Approved by"], hour["Approved on"]) == ("Ivy HR", day(2025, 10, 3))
    assert (first["Name"], first["Course"], first["Category"]) == ("Ash, Ana", "-Reading", "Instruction")
    assert (first["Date completed"], first["School year"], first["Raw minutes"]) == (day(2025, 9, 10), "2025-26", 360)
    assert (first["Unit"], first["External key"], first["Source"]) == (None, "=K1", "Entered by HR")
    assert found[3]["Reason for voiding"] == "Twice"


def test_about_says_how_it_was_made_and_that_the_sheets_agree(tiny):
    found = about(book())
    made, counted, hours = ("How it was made", "Rows", "Hours")

    assert found[made, "School year"] == "2025-26"
    assert found[made, "District"] == "Alder Valley"
    assert found[made, "Made by"] == "The operator at the command line"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d P[SD]T", found[made, "Made on"])
    assert found[made, "Day described"] == day(2026, 1, 15)
    assert found[made, "Census day (snapshot)"] == day(2025, 10, 1)
    assert found[made, "Newest roster made on"] == day(2026, 1, 10)
    assert found[made, "Stayers, movers, leavers of"] == "2024-25"
    assert (found[made, "School"], found[made, "Position"]) == ("All schools", "All positions")
    assert found[made, "People who left this year"] == "Include them"
    assert [found[counted, name] for name in SHEETS[1:8]] == [4, 3, 5, 2, 7, 2, 8]
    assert {found[hours, name] for name in (*SHEETS[1:5], "Transcript detail, approved")} == {11.5}
    assert found[hours, "All five agree"] == "Yes"
    assert "Participants and participation rate" in {item for _part, item in found}
    assert "they are not kept here" in found["What the words mean", "Not in this workbook"]


def test_about_says_when_records_changed_while_it_was_made(tiny):
    made = summary_of()
    CompletionFactory(teacher=tiny.ana, completed_on=date(2026, 1, 12), minutes=60)

    found = about(written(made))

    assert found["Hours", "All five agree"].startswith("No.")
    assert found["Hours", "Transcript detail, approved"] == 12.5


def test_cells_are_typed_and_what_looks_like_a_formula_stays_text(tiny):
    made = book()
    teachers = made["By teacher"]
    cells = {teachers.cell(1, column).value: teachers.cell(2, column) for column in range(1, teachers.max_column + 1)}

    assert made.sheetnames == SHEETS
    assert {sheet.freeze_panes for sheet in made} == {"A2"}
    assert teachers.auto_filter.ref == "A1:BB5"
    assert [cells[name].value for name in ("Last name", "First name", "Email")] == ["=1+1", "@Dee", "+d@alder.example"]
    assert {cells[name].data_type for name in ("Staff id", "Last name", "First name", "Email")} == {"s"}
    assert (cells["Staff id"].number_format, cells["Hire date"].number_format) == ("@", "yyyy-mm-dd")
    assert cells["Hire date"].is_date
    assert (cells["Hours this school year"].data_type, cells["Hours this school year"].value) == ("n", 0)
    assert_safe(made)


def test_a_school_year_that_is_over_is_described_on_its_last_day(tiny):
    SchoolYearFactory(start=2024)

    made = book(year="2024-2025")
    found = by("Staff id", made["By teacher"])

    assert about(made)["How it was made", "Day described"] == day(2025, 6, 30)
    assert list(found) == ["0001", "0002", "0003", "Total"]  # the aide begins later
    assert found["0002"]["Primary site"] == "Oak"
    assert found["0001"]["Hours this school year"] == 1
    assert [sheet["Staff id"] for sheet in rows(made["Transcript detail"])] == ["0001"]


@pytest.mark.parametrize(
    ("given", "listed", "hours"),
    [
        ({"school": "0101"}, ["0001", "0003"], 9.5),
        ({"school_id": "0102"}, ["0002"], 2),
        ({"position": "aide"}, ["0004"], 0),
        ({"left": "no"}, ["0004", "0001", "0002"], 11),
        ({"school": "0101", "position": "Classroom teacher", "left": "no"}, ["0001"], 9),
    ],
)
def test_filters_cut_every_sheet_alike(tiny, given, listed, hours):
    made = book(**given)
    found = about(made)

    assert [row["Staff id"] for row in rows(made["By teacher"])][:-1] == listed
    assert {row["Staff id"] for row in rows(made["Transcript detail"])} <= set(listed)
    assert {row["Staff id"] for row in rows(made["Exceptions"])} <= {*listed, "0009"}
    assert found["Hours", "All five agree"] == "Yes"
    assert found["Hours", "By course and section"] == hours


def test_the_census_of_a_school_does_not_change_with_filters_on_people(tiny):
    found = by("School", book(school="0101", left="no")["By school"])

    assert (found["Oak"]["People listed"], found["Oak"]["Teachers (head count)"]) == (1, 2)
    assert (found["Oak"]["Hours of people listed"], found["Oak"]["Hours of teachers"]) == (9, 9.5)


def test_what_no_roster_covers_is_left_empty(tiny):
    RosterExtract.objects.all().delete()

    found = by("School", book()["By school"])["Oak"]

    assert (found["People listed"], found["Teachers (head count)"], found["Participation rate"]) == (2, None, None)
    assert found["Stayers (not known yet)"] is None


def test_people_with_learning_but_no_employment_are_listed(tiny):
    stray = CompletionFactory(teacher__staff_id="0050", completed_on=date(2025, 9, 1), minutes=60).teacher

    made = book()
    found = by("Staff id", made["By teacher"])[stray.staff_id]

    assert (found["Employment status"], found["Position"]) == ("Not on the roster this year", None)
    assert found["Hours this school year"] == 1
    assert about(made)["Hours", "All five agree"] == "Yes"


def test_only_so_many_categories_get_a_column(tiny):
    for number in range(25):
        CompletionFactory(
            teacher=tiny.ben, category=f"Kind {number:02}", minutes=600 + number, completed_on=date(2025, 9, 1)
        )

    made = book()
    head = [cell.value for cell in made["By teacher"][1]]
    found = by("Staff id", made["By teacher"])["0002"]

    assert sum(name.startswith("Hours: ") for name in head) == 21
    assert sum(value for name, value in found.items() if name.startswith("Hours: ")) == pytest.approx(
        found["Hours this school year"]
    )


def test_an_empty_district_gives_headings_and_sentences():
    made = book()

    assert made.sheetnames == SHEETS
    assert [rows(sheet) for sheet in made][1:8] == [[]] * 7
    assert made["Summary"]._charts == []
    assert [sheet.cell(3, 1).value for sheet in made][1:8] == [
        "Nobody matches: no employment and no learning of this year is on record.",
        "No school is on record.",
        "No course was run or completed in this year.",
        "No completion is approved in this school year.",
        "No completion is dated in this school year.",
        "No license of an employed person has ended or ends within a year.",
        "Nothing was found that somebody should look at.",
    ]
    assert about(made)["How it was made", "District"] == "No district is on record."
    assert about(made)["Hours", "All five agree"] == "Yes"


def grow(year):
    teacher = employed()
    completion = CompletionFactory(teacher=teacher, completed_on=date(2025, 9, 9), minutes=2000)
    PlanItemFactory(plan=PlanFactory(teacher=teacher, school_year=year), course=completion.course)
    EnrollmentFactory(teacher=teacher, session__course=completion.course)
    LicenceFactory(teacher=teacher, valid_until=date(2026, 3, 1))
    PairingFactory(teacher=teacher)
    RuleMemberFactory(teacher=teacher)
    ExternalIdFactory(teacher=teacher)


def queries_of_a_workbook():
    with CaptureQueriesContext(connection) as captured:
        written(summary_of(Operator(today=date(2026, 1, 15))))
    return len(captured)


def test_the_number_of_queries_does_not_grow_with_people():
    year = SchoolYearFactory(start=2025)
    grow(year)
    RosterExtract.objects.create(district=year.district, as_of=date(2026, 1, 10))
    for_one = queries_of_a_workbook()
    grow(year)
    grow(year)

    assert queries_of_a_workbook() == for_one


@pytest.mark.django_db(transaction=True)
def test_it_is_made_while_somebody_else_is_writing(tiny):
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("BEGIN IMMEDIATE" if connection.vendor == "sqlite" else "BEGIN")
        cursor.execute("UPDATE teachers_teacher SET family_name = 'Changed'")
        found = by("Staff id", book()["By teacher"])
        cursor.execute("ROLLBACK")
    other.close()

    assert found["0001"]["Last name"] == "Ash"


def test_no_row_becomes_an_object(tiny, monkeypatch):
    asked = HrSummaryForm(OPERATOR, {}).asked
    monkeypatch.setattr(Teacher, "from_db", refuse)
    monkeypatch.setattr(Completion, "from_db", refuse)
    made = written(summary(asked, made_at=timezone.localtime()))

    assert len(rows(made["By teacher"])) == 5


def refuse(*args):
    raise AssertionError("A row was made into an object.")
