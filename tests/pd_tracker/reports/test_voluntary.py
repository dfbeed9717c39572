"""Who left by their own decision: counted by hand, and never a reason that could be one person's."""

from __future__ import annotations

from itertools import count

import pytest

from pd_tracker.access import Role
from pd_tracker.reports.catalogue import run
from pd_tracker.reports.estimators.rates import wilson_rate
from pd_tracker.reports.voluntary import MANY_UNKNOWN, NOT_DIVIDED, PROTECTED, TOO_FEW
from teachers.models import Employment
from teachers.rules.choices import OWN_DECISION, SeparationReason
from tests.factories import user_with_role
from tests.pd_tracker.reports.conftest import LEFT_2024, OPERATOR, SINCE, TODAY, hired, roster

pytestmark = pytest.mark.django_db
COUNTS = ("n", "leaver", "voluntary", "removed", "not_known")
numbers = count()


@pytest.fixture
def left(district, hill):
    """20 stay at Hill; then people with these reasons leave after 2023-24."""
    roster(district)
    hired(district, 20, since=SINCE, school=hill, prefix="stay")

    def leave(school=hill, **reasons):
        for reason, people in reasons.items():
            prefix = f"left{next(numbers)}"
            made = hired(district, people, since=SINCE, until=LEFT_2024, school=school, prefix=prefix)
            Employment.objects.filter(teacher__in=made).update(separation_reason="" if reason == "none" else reason)

    return leave


@pytest.fixture
def leader(district):
    user = user_with_role(Role.LEADER)
    user.today = TODAY
    return user


def table(reader=OPERATOR, **given):
    return run("retention", reader, on=TODAY, given={"year": "2023-24", **given}).table("voluntary")


def newest(reader=OPERATOR, **given):
    return [dict(row) for row in table(reader, **given).as_dicts()][-1]


def test_those_who_could_not_decide_are_taken_from_both_sides(left):
    left(resignation=4, personal=2, retirement=3, layoff=1, death=1, none=1)
    row = newest()
    assert tuple(row[key] for key in COUNTS) == (32, 12, 6, 5, 1)
    expected = wilson_rate(6, 27)
    assert (row["rate"], row["low"], row["high"]) == (expected.value, expected.low, expected.high)
    assert row["most"] == 7 / 27
    estimate = {made.key: made for made in run("retention", OPERATOR, on=TODAY, given={}).estimates}
    assert (estimate["voluntary_attrition"].value, estimate["voluntary_attrition"].n) == (6 / 27, 27)


@pytest.mark.parametrize("reason", list(SeparationReason))
def test_every_reason_is_counted_once(left, reason):
    left(**{reason.value: 1})
    row = newest()
    assert row["voluntary"] == (reason in OWN_DECISION)
    assert row["voluntary"] + row["removed"] + row["not_known"] == 1
    assert (row["not_known"] == 1) == (reason in {SeparationReason.OTHER, SeparationReason.UNKNOWN})


def test_no_rate_where_many_reasons_are_missing(left):
    left(resignation=4, none=1)
    assert newest()["rate"] == 4 / 25
    left(none=1)
    row = newest()
    assert (row["rate"], row["most"], row["not_known"], row["note"]) == (None, None, 2, MANY_UNKNOWN)


def test_others_than_hr_see_counts_only_where_they_name_nobody(left, leader):
    left(resignation=6, retirement=2, none=1)
    hidden = newest(leader)
    assert (hidden["leaver"], hidden["voluntary"], hidden["rate"], hidden["note"]) == (9, None, None, TOO_FEW)
    left(personal=1)
    assert newest(leader)["voluntary"] is None
    left(layoff=1)
    row = newest(leader)
    assert tuple(row[key] for key in COUNTS) == (31, 11, 7, 3, 1)
    assert row["rate"] == 7 / 28
    assert table(leader).note == PROTECTED


def test_one_reason_of_all_leavers_is_not_shown(left, leader):
    left(resignation=12)
    assert newest(leader)["voluntary"] is None
    assert newest()["voluntary"] == 12


@pytest.mark.parametrize("given", [{"school": "0100"}, {"level": "elementary"}, {"group_by": "experience"}])
def test_no_division_that_could_be_subtracted(left, leader, given):
    left(resignation=9, retirement=3)
    shown = table(leader, **given)
    assert (list(shown.rows), shown.note) == ([], NOT_DIVIDED)
    assert newest(**given)["voluntary"] == 9


def test_hr_sees_every_group(left, lake, district):
    left(resignation=1)
    left(school=lake, retirement=1)
    hr = user_with_role(Role.HR)
    hr.today = TODAY
    rows = [dict(row) for row in table(hr, group_by="school").as_dicts()]
    assert [(row["group"], row["voluntary"], row["removed"]) for row in rows] == [("Hill", 1, 0), ("Lake", 0, 1)]
    assert table(hr).note == ""


def test_a_year_without_leavers_needs_no_note(left, leader):
    row = newest(leader)
    assert (row["leaver"], row["note"]) == (0, "")
