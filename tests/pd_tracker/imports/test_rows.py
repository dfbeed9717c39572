from __future__ import annotations

import pytest

from pd_tracker.imports.fields import Conventions, Field, integer, text
from pd_tracker.imports.plan import Plan
from pd_tracker.imports.rows import guesses, lines, match_columns
from pd_tracker.sheets.reading import Unreadable
from tests.importing import as_workbook, opened, source

FIELDS = (
    Field("staff_id", "Staff id", text(10), required=True, also=("employee_id",)),
    Field("given_name", "Given name", text(10), required=True, also=("first_name",)),
    Field("count", "Count", integer()),
    Field("value", "Value", integer(), needs_column=True),
)


def used(headings, mapping=None):
    columns = match_columns(headings, FIELDS, mapping or {})
    return {field.key: headings[index] for field, index in columns.used}, columns.ignored


def test_case_spaces_and_order_do_not_matter():
    found, ignored = used(["VALUE", "Given\n Name", "Staff-ID", "Room"])

    assert found == {"staff_id": "Staff-ID", "given_name": "Given\n Name", "value": "VALUE"}
    assert ignored == ("Room",)


def test_a_mapping_takes_other_headings_and_goes_before_our_own():
    found, ignored = used(
        ["value", "First", "staff_id", "Employee No."], {"first ": "given_name", "Employee No.": "staff_id"}
    )

    assert found["staff_id"] == "Employee No."
    assert found["given_name"] == "First"
    assert ignored == ("staff_id",)


def test_a_column_can_be_left_out():
    found, ignored = used(["staff_id", "given_name", "value", "count"], {"count": ""})

    assert "count" not in found
    assert ignored == ("count",)


@pytest.mark.parametrize(
    ("headings", "mapping", "words"),
    [
        (["Title", "First"], {}, "no column for staff_id, given_name, value. It has: “Title”, “First”"),
        (["staff_id", "given_name"], {}, "no column for value"),
        (["staff_id", "given_name", "value"], {"Nothing": "count"}, "no heading “Nothing”"),
        (["staff_id", "given_name", "value"], {"value": "worth"}, "no field worth"),
        (["a", "b", "given_name", "value"], {"a": "staff_id", "b": "staff_id"}, "Two columns of this file"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_was_found(headings, mapping, words):
    with pytest.raises(Unreadable, match=words):
        used(headings, mapping)


def test_guesses_know_the_names_of_other_systems():
    assert guesses(["Employee ID", "FirstName", "Count", "Room"], FIELDS) == {
        "Count": "count",
        "Employee ID": "staff_id",
        "FirstName": "given_name",
    }


def test_rows_that_cannot_be_read_are_rejected_cell_by_cell_and_the_others_go_on():
    content = as_workbook(
        [
            ["staff_id", "given_name", "count", "value"],
            ["0042", "Ana", 1, 2],
            ["0043", "Benjamin Long", "x", 2],
            [7, "C", None, 1],
        ],
        before=[["Exported for you"], []],
    )
    plan = Plan("test")
    with opened(source(content, "file.xlsx"), {field.key for field in FIELDS}) as sheet:
        columns = match_columns(sheet.headings, FIELDS, {})
        found = list(lines(sheet, columns, Conventions(), plan, lambda count: None))

    assert [(line.row, line["staff_id"], line["count"]) for line in found] == [(4, "0042", 1), (6, "7", None)]
    assert [(problem.row, problem.field) for problem in plan.problems] == [(5, "given_name"), (5, "count")]
    assert plan.rejected == 1
