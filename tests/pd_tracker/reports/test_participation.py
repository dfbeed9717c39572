"""Participation of a district small enough to count."""

from __future__ import annotations

from datetime import date

import pytest

from pd_tracker.reports.catalogue import run
from tests.factories import AssignmentFactory, EmploymentFactory, TeacherFactory
from tests.pd_tracker.reports.conftest import OPERATOR, SINCE, TODAY, trained

pytestmark = pytest.mark.django_db
IN_2023 = date(2024, 3, 1)


def participation(**given):
    return run("participation", OPERATOR, on=TODAY, given=given)


def rows(result):
    return list(result.table("participation").as_dicts())


@pytest.fixture
def busy(staffed):
    first, second, _third = staffed["hill"]
    trained(first, 10, date(2023, 7, 1))
    trained(first, 2.5, date(2024, 6, 30))
    trained(second, 4, IN_2023)
    trained(staffed["lake"][0], 8, date(2023, 6, 30))
    trained(staffed["lake"][1], 1, date(2024, 7, 1))
    return staffed


def test_hours_of_the_school_year_of_snapshot_members(busy):
    row = rows(participation(year="2023-24"))[0]
    assert (row["n"], row["fte"], row["hours"], row["participants"]) == (6, 6.0, 16.5, 2)
    assert (row["hours_per_fte"], row["mean_hours"], row["median_hours"]) == (2.75, 2.75, 0.0)
    assert row["rate"] == pytest.approx(2 / 6)
    assert 0 < row["low"] < 2 / 6 < row["high"] < 1


def test_pending_and_voided_completions_make_no_hours(busy):
    trained(busy["hill"][2], 50, IN_2023, state="pending")
    trained(busy["hill"][2], 50, IN_2023, state="voided", void_reason="Twice")
    assert rows(participation(year="2023-24"))[0]["hours"] == 16.5


def test_part_time_counts_by_fte(busy, lake):
    teacher = TeacherFactory(district=lake.district)
    EmploymentFactory(teacher=teacher, started_on=SINCE)
    AssignmentFactory(teacher=teacher, school=lake, fte="0.5", started_on=SINCE)
    trained(teacher, 5.5, IN_2023)
    row = next(row for row in rows(participation(year="2023-24", group_by="school")) if row["group"] == "Lake")
    assert (row["n"], row["fte"], row["hours_per_fte"], row["mean_hours"]) == (3, 2.5, 2.2, pytest.approx(5.5 / 3))


@pytest.mark.parametrize(
    ("by", "groups"),
    [
        ("school", ["Hill", "Lake"]),
        ("level", ["Elementary", "High"]),
        ("subject", ["Mathematics"]),
        ("experience", ["Not recorded"]),
        ("title_i", ["Not recorded"]),
        ("year", ["All"]),
    ],
)
def test_groups(busy, by, groups):
    assert [row["group"] for row in rows(participation(year="2023-24", group_by=by))] == groups


def test_answer_and_warnings_name_the_newest_snapshot(busy):
    result = participation()
    assert result.answer == (
        "In 2024-25, 1 of 5 teachers (20%) completed at least one training: 0.2 hours per FTE, and half of the "
        "teachers had 0.0 hours or more."
    )
    assert "No completion is on record for any of the 6 teachers of 2020-21." in result.warnings
    running = run("participation", OPERATOR, on=date(2025, 3, 1), given={"year": "2024-25"})
    assert running.warnings == ("2024-25 is still running; its hours are those recorded so far.",)


def test_charts_are_drawn_over_years_or_over_groups(busy):
    assert len(participation().charts) == 2
    ((key, chart),) = participation(group_by="school").charts
    assert (key, chart.labels) == ("participation", ("Hill", "Lake"))
