"""The sheet By funding source."""

from __future__ import annotations

from datetime import date

import pytest

from tests.factories import CompletionFactory
from tests.pd_tracker.reports.hr_summary.books import book, rows

pytestmark = pytest.mark.django_db


def test_by_fund_counts_each_participant_once(tiny):
    CompletionFactory(
        teacher=tiny.ana, course__cost=None, fund="Title II-A", completed_on=date(2025, 9, 11), minutes=60
    )

    found = rows(book()["By funding source"])

    assert [
        tuple(row[name] for name in ("Fund", "Participant group", "Participants (unduplicated)", "Completions"))
        for row in found
    ] == [
        ("Title II-A", "Classroom teacher", 1, 2),
        ("No fund named", "Classroom teacher", 3, 3),
        ("Total", None, 3, 5),
    ]  # fmt: skip
    assert [(row["PD hours"], row["Cost of the seats ($)"]) for row in found] == [(7, 25.5), (5.5, 0), (12.5, 25.5)]
    assert found[0]["Completions whose cost is not known"] == 1
    assert found[0]["Cost per hour ($)"] == pytest.approx(25.5 / 7)
