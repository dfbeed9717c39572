"""Every exit once: counted by hand, recomputed year by year, and adding to everybody."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pd_tracker.access import Role
from pd_tracker.reports.catalogue import run
from teachers.models import Employment
from tests.factories import AssignmentFactory, DistrictFactory, LeaveFactory, SchoolFactory, employed, user_with_role
from tests.pd_tracker.reports.conftest import OPERATOR, TODAY, hired, roster

pytestmark = pytest.mark.django_db
SINCE = date(2020, 8, 15)
ENDS = {year: date(2020 + year, 6, 30) for year in range(1, 5)}
WAYS = ("moved_within", "left_classroom", "moved_out", "resigned", "retired", "let_go", "other")


def exits(reader=OPERATOR, **given):
    return run("exits", reader, on=TODAY, given=given)


def rows(result):
    return {row["year"]: row for row in result.table("exits").as_dicts()}


def leave(school, count, year, reason, *, prefix=""):
    people = hired(
        school.district, count, since=SINCE, until=ENDS[year], school=school, prefix=f"{prefix}{reason}{year}"
    )
    Employment.objects.filter(teacher__in=people).update(separation_reason=reason)


def move(teacher, school, on):
    teacher.assignments.update(ended_on=date(on, 6, 30))
    AssignmentFactory(teacher=teacher, school=school, started_on=date(on, 8, 15))


@pytest.fixture
def cohort(hill, lake):
    """Forty hired at Hill: after year 1 four resign and two move; after year 2 three resign and one retires."""
    roster(hill.district)
    leave(hill, 4, 1, "personal")
    leave(hill, 3, 2, "resignation")
    leave(hill, 1, 2, "retirement")
    for _ in range(2):
        move(employed(hill, since=SINCE), lake, 2021)
    hired(hill.district, 30, since=SINCE, school=hill, prefix="stay")


def test_shares_are_those_counted_by_hand(cohort):
    found = rows(exits())
    assert {year: row["at_risk"] for year, row in found.items()} == {1: 40, 2: 34, 3: 30, 4: 30}
    first, second = found[1], found[2]
    assert (first["resigned"], first["moved_within"], first["still_here"]) == pytest.approx((0.1, 0.05, 0.85))
    assert (second["resigned"], second["retired"]) == pytest.approx((7 / 40, 1 / 40))
    assert found[4]["still_here"] == pytest.approx(30 / 40)


def test_each_exit_counts_once_and_shares_add_to_everybody(cohort):
    result = exits()
    for row in rows(result).values():
        assert row["total"] == pytest.approx(1)
        assert row["still_here"] + sum(row[way] for way in WAYS) == pytest.approx(1)
    assert result.caveats[0] == "Each exit is counted once; shares add to 100% with those still here."


def test_at_one_school_people_from_another_enter_at_their_own_tenure(cohort, lake):
    """Two came from Hill in their second year; over both schools they are gone since their first."""
    principal = user_with_role(Role.PRINCIPAL, lake)
    for result in (exits(school="0200"), exits(principal)):
        assert {year: row["at_risk"] for year, row in rows(result).items()} == {2: 2, 3: 2, 4: 2}


def test_shares_are_recomputed_from_yearly_shares_with_late_entry(hill):
    """Ten people who began before the records enter in tenure year 3, where two of all resign and one retires."""
    roster(hill.district)
    leave(hill, 2, 1, "personal")
    leave(hill, 1, 3, "retirement")
    hired(hill.district, 17, since=SINCE, school=hill, prefix="new")
    old = {"since": date(2018, 8, 15), "school": hill}
    gone = hired(hill.district, 2, until=date(2021, 6, 30), prefix="gone", **old)
    Employment.objects.filter(teacher__in=gone).update(separation_reason="resignation")
    hired(hill.district, 8, prefix="old", **old)
    hill.district.records_begin_on = date(2020, 8, 1)
    hill.district.save()
    found = rows(exits())
    assert [found[year]["at_risk"] for year in (1, 2, 3, 4)] == [20, 18, 28, 25]
    here = 18 / 20
    assert found[3]["resigned"] == pytest.approx(2 / 20 + here * 2 / 28)
    assert found[3]["retired"] == pytest.approx(here * 1 / 28)
    assert found[3]["still_here"] == pytest.approx(here * 25 / 28)


@pytest.mark.parametrize(
    ("reason", "way"),
    [
        ("retirement", "retired"),
        ("resignation", "resigned"),
        ("other_district", "resigned"),
        ("other_employment", "resigned"),
        ("personal", "resigned"),
        ("change_of_career", "resigned"),
        ("non_renewal", "let_go"),
        ("layoff", "let_go"),
        ("death", "other"),
        ("disability", "other"),
        ("other", "other"),
        ("unknown", "other"),
        ("", "other"),
    ],
)
def test_every_reason_is_of_one_kind(hill, reason, way):
    roster(hill.district)
    leave(hill, 1, 1, reason)
    (row,) = rows(exits()).values()
    assert {kind: row[kind] for kind in WAYS if row[kind]} == {way: 1}


def test_leaving_the_classroom_is_an_exit_for_good(hill):
    roster(hill.district)
    teacher = employed(hill, since=SINCE)
    teacher.assignments.update(ended_on=ENDS[1])
    AssignmentFactory(teacher=teacher, school=hill, started_on=date(2022, 8, 15))
    (row,) = rows(exits()).values()
    assert (row["year"], row["left_classroom"], row["still_here"]) == (1, 1, 0)


def test_another_district_on_record_is_a_kind_of_its_own(hill):
    roster(hill.district)
    move(employed(hill, since=SINCE), SchoolFactory(district=DistrictFactory(name="Birch Plain")), 2021)
    (row,) = rows(exits()).values()
    assert (row["moved_out"], row["moved_within"], row["still_here"]) == (1, 0, 0)


def test_leave_is_no_exit(hill):
    roster(hill.district)
    teacher = employed(hill, since=SINCE)
    LeaveFactory(teacher=teacher, started_on=date(2022, 9, 1), ended_on=date(2023, 6, 30))
    assert [(year, row["at_risk"], row["still_here"]) for year, row in rows(exits()).items()] == [(1, 1, 1), (2, 1, 1)]


def test_curves_share_one_row_of_numbers_and_end_with_ten_in_view(hill):
    roster(hill.district)
    leave(hill, 4, 1, "personal")
    leave(hill, 2, 1, "retirement")
    leave(hill, 6, 2, "personal")
    hired(hill.district, 8, since=SINCE, school=hill, prefix="stay")
    result = exits()
    ((table, chart),) = result.charts
    assert table == "exits"
    assert [curve.label for curve in chart.curves] == ["Resigned", "Retired"]
    assert {curve.at_risk for curve in chart.curves} == {(20, 14)}
    assert [value.value for value in chart.curves[0].values] == pytest.approx([4 / 20, 10 / 20])
    assert list(rows(result)) == [1, 2, 3, 4]
    assert any("beyond year 2 fewer than 10 remain in view" in text for text in result.caveats)
    assert {made.key for made in result.estimates} == {"still_here_1", "resigned_1", "retired_1"}


def test_answer_names_the_kinds_from_most_to_least(cohort):
    assert exits().answer == (
        "Of those who begin to teach here, by the end of tenure year 4: Still at the school: 75.0%; "
        "Resigned: 17.5%; Moved to another school here: 5.0%; Retired: 2.5%."
    )


def test_missing_reasons_are_warned_of(hill):
    roster(hill.district)
    leave(hill, 3, 1, "personal")
    leave(hill, 2, 1, "")
    assert any(text.startswith("Of 5 leavers 2 have another reason or none") for text in exits().warnings)


def test_intervals_of_one_school_and_of_many(district):
    roster(district)
    for number in range(10):
        school, gone = SchoolFactory(district=district), number % 2 * 2
        leave(school, gone, 1, "personal", prefix=school.school_id)
        hired(district, 10 - gone, since=SINCE, school=school, prefix=school.school_id)
    found = {made.key: made for made in exits().estimates}["resigned_1"]
    assert (found.value, found.n, found.clusters) == (pytest.approx(0.1), 100, 10)
    assert found.low < 0.1 < found.high
    one = {made.key: made for made in exits(school=school.school_id).estimates}["resigned_1"]
    assert one.low < one.value < one.high
    assert one.clusters == 1


def test_nobody_to_show_is_a_sentence(hill):
    assert exits().answer == "No roster has been loaded yet, so there is nobody to count."
    roster(hill.district)
    employed(hill, since=SINCE)
    result = exits()
    assert result.answer == "Fewer than 10 people are in view, too few for a curve."
    assert (result.charts, result.estimates) == ((), ())


def test_queries_do_not_grow_with_people(cohort, hill):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            exits()
        return len(queries)

    before = asked()
    leave(hill, 5, 3, "layoff")
    assert asked() == before


def test_why_single_people_left_is_not_read_by_who_may_not_read_reasons(cohort, lake, district):
    hr, leader, principal = (
        user_with_role(role, lake if role is Role.PRINCIPAL else None)
        for role in (Role.HR, Role.LEADER, Role.PRINCIPAL)
    )
    reasons = {"resigned", "retired", "let_go", "other"}

    def keys(shown):
        return {column.key for column in shown.table("exits").columns}

    assert reasons <= keys(exits(hr))
    for reader in (leader, principal):
        shown = exits(reader)
        assert reasons.isdisjoint(keys(shown))
        assert "left_district" in keys(shown)
        assert not any("Resigned" in words for words in (shown.answer, *map(str, shown.table("by_kind").rows)))
        assert any("shown by name to HR only" in words for words in shown.caveats)
