"""The sheet Summary, and the charts that refer to its cells."""

from __future__ import annotations

import pytest

from tests.pd_tracker.reports.hr_summary.books import book, rows
from tests.pd_tracker.sheets.writing.drawn import shown

pytestmark = pytest.mark.django_db


def test_the_summary_draws_what_it_lists(tiny):
    made = book()
    sheet = made["Summary"]
    found = {(row["Part"], row["Item"]): row for row in rows(sheet)}

    assert found["People listed", "All"]["Count"] == 4
    assert found["People listed", "All"]["Hours"] == 11.5
    assert found["People listed", "Employed"]["Share"] == 0.75
    assert found["Renewals", "Overdue"]["Count"] == 1
    assert found["Required training", "Done"]["Share"] == 0.5
    assert found["Funding", "Title II-A"]["Cost ($)"] == 25.5
    drawn = [shown(made, chart)[0] for chart in sheet._charts]
    assert [(chart["labels"], chart["values"]) for chart in drawn] == [
        (["Instruction", "No category"], [8.5, 3]),
        (["Oak", "Elm"], [4.75, 4]),
        (["Overdue", "0–90 days", "91–180 days", "181–365 days"], [1, 1, 0, 0]),
        (["Title II-A", "No fund named"], [6, 5.5]),
    ]
    assert made.sheetnames[0] == "Summary"
