"""The reason of a leaver is that of the employment which ended last before the next census."""

from __future__ import annotations

from datetime import date

import pytest

from pd_tracker.reports.facts.person_years import person_years
from pd_tracker.reports.facts.separations import separation_reasons
from tests.factories import AssignmentFactory, EmploymentFactory, LeaveFactory, employed
from tests.pd_tracker.reports.conftest import LEFT_2024, OPERATOR, roster

pytestmark = pytest.mark.django_db


def reasons(teacher):
    facts = person_years(OPERATOR)
    found = separation_reasons(OPERATOR, facts)
    mine = facts.teacher_ids[facts.rows.teacher] == teacher.pk
    return dict(zip(facts.rows.year[mine].tolist(), found[mine].tolist(), strict=True))


@pytest.fixture
def leaver(hill):
    roster(hill.district)
    return employed(hill, since=date(2021, 8, 15), until=LEFT_2024)


def test_only_the_last_year_of_a_leaver_has_a_reason(leaver):
    leaver.employments.update(separation_reason="retirement")
    assert reasons(leaver) == {2021: "", 2022: "", 2023: "retirement"}


def test_no_reason_on_record_is_unknown(leaver):
    assert reasons(leaver)[2023] == "unknown"


def test_everybody_has_the_reason_of_each_of_their_exits(hill):
    roster(hill.district)
    teacher = employed(hill, since=date(2020, 8, 15), until=date(2021, 6, 30))
    teacher.employments.update(separation_reason="personal")
    EmploymentFactory(
        teacher=teacher, started_on=date(2022, 8, 15), ended_on=date(2023, 6, 30), separation_reason="layoff"
    )
    AssignmentFactory(teacher=teacher, school=hill, started_on=date(2022, 8, 15), ended_on=date(2023, 6, 30))
    assert reasons(teacher) == {2020: "personal", 2022: "layoff"}


def test_a_leave_without_return_has_the_reason_of_its_end(hill):
    roster(hill.district)
    teacher = employed(hill, since=date(2021, 8, 15), until=LEFT_2024)
    teacher.employments.update(separation_reason="personal")
    LeaveFactory(teacher=teacher, started_on=date(2023, 9, 1), ended_on=LEFT_2024, right_of_return=True)
    assert reasons(teacher) == {2021: "", 2022: "personal"}
