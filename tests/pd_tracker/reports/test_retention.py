"""Retention of a district small enough to count."""

from __future__ import annotations

from datetime import date

import pytest

from pd_tracker.reports.catalogue import run
from pd_tracker.reports.estimators.rates import wilson_rate
from pd_tracker.reports.parameters import BadParameters
from teachers.models import RosterExtract
from tests.factories import AssignmentFactory, employed
from tests.pd_tracker.reports.conftest import LEFT_2024, OPERATOR, SINCE, TODAY, roster

pytestmark = pytest.mark.django_db
STATUSES = ("stayer", "mover_within", "mover_out", "on_leave", "left_classroom", "leaver")


def retention(reader=OPERATOR, **given):
    return run("retention", reader, on=TODAY, given=given)


def rows(result, key="retention"):
    return [dict(row) for row in result.table(key).as_dicts()]


def test_counts_of_every_year_add_up_and_carry_the_wilson_interval(staffed):
    found = {row["year"]: row for row in rows(retention())}
    assert list(found) == ["2020-21", "2021-22", "2022-23", "2023-24"]
    assert {year: (row["n"], row["stayer"], row["leaver"]) for year, row in found.items()} == {
        "2020-21": (6, 6, 0),
        "2021-22": (6, 6, 0),
        "2022-23": (6, 5, 1),
        "2023-24": (6, 5, 1),
    }
    expected = wilson_rate(5, 6)
    newest = found["2023-24"]
    assert newest["group"] == "All"
    assert (newest["retained_district"], newest["low"], newest["high"]) == (expected.value, expected.low, expected.high)
    assert all(sum(row[status] for status in STATUSES) == row["n"] for row in found.values())
    assert [row["total"] for row in rows(retention(), "shares")] == [1.0] * 4


def test_answer_is_the_sentence_about_the_newest_year(staffed):
    assert retention().answer == (
        "Of 6 teachers on Oct 1, 2023, 83% taught in the same school a year later. In a group this size, 44% to 97% "
        "could be chance. Counting moves within the district and leave, 83% were still with the district."
    )


def test_moves_and_leave_count_for_the_district_and_not_for_the_school(staffed, lake):
    mover = staffed["hill"][0]
    mover.assignments.update(ended_on=LEFT_2024)
    AssignmentFactory(teacher=mover, school=lake, started_on=date(2024, 8, 15))
    newest = rows(retention(year="2023-24"))[0]
    assert (newest["stayer"], newest["mover_within"], newest["retained_district"]) == (4, 1, 5 / 6)
    school = next(estimate for estimate in retention().estimates if estimate.key == "retained_school")
    assert (school.value, school.n, school.clusters) == (4 / 6, 6, 2)


@pytest.mark.parametrize("name", ["group_by", "group"])
def test_groups_by_school(staffed, name):
    found = rows(retention(**{name: "School", "year": "2023-2024"}))
    assert [(row["year"], row["group"], row["n"], row["leaver"]) for row in found] == [
        ("2023-24", "Hill", 4, 1),
        ("2023-24", "Lake", 2, 0),
    ]


def test_groups_by_experience_keep_the_unknown_apart(staffed):
    newcomer, veteran = staffed["hill"][0], staffed["hill"][1]
    newcomer.experience_years, veteran.experience_years = 0, 18
    newcomer.save()
    veteran.save()
    found = rows(retention(group_by="experience band", year="2023-24"))
    assert [(row["group"], row["n"]) for row in found] == [
        ("0-3 years", 1),
        ("21 or more years", 1),
        ("Not recorded", 4),
    ]


def test_filters_by_school_and_level(staffed):
    assert [row["n"] for row in rows(retention(school="0200", year="2023-24"))] == [2]
    assert [row["n"] for row in rows(retention(level="elementary", year="2023-24"))] == [4]


def test_nobody_left_is_printed_with_its_exact_bound(staffed):
    sentences = retention(school="0200", year="2023-24").to_json()["caveats"]
    assert "All, 2023-24: 0 of 2 left; a true rate up to 84.2% is compatible." in sentences


def test_newest_year_is_hidden_until_the_next_roster_is_loaded(staffed, district):
    assert [row["year"] for row in rows(retention())][-1] == "2023-24"
    roster(district, date(2025, 10, 15))
    assert [row["year"] for row in rows(retention())][-1] == "2023-24"
    roster(district, date(2025, 10, 31))
    assert [row["year"] for row in rows(retention())][-1] == "2024-25"


def test_short_spells_are_printed_beside_the_rates(staffed, hill):
    employed(hill, since=date(2023, 10, 10), until=date(2024, 5, 31))
    assert rows(retention(), "short_spells")[-1] == {"year": "2023-24", "short_spells": 1}
    assert rows(retention())[-1]["n"] == 6


def test_years_before_the_first_known_end_carry_a_warning(staffed):
    (warning,) = retention().warnings
    assert "ends before Jun 30, 2023" in warning
    assert "2020-21 to 2021-22" in warning
    assert retention(year="2023-24").warnings == ()


def test_years_before_records_begin_are_not_shown(staffed, district):
    district.records_begin_on = date(2022, 7, 1)
    district.save()
    assert [row["year"] for row in rows(retention())] == ["2022-23", "2023-24"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"year": "1999-00"}, "There is no snapshot for 1999-00"),
        ({"year": "2024-25"}, "known once a roster made on or after Oct 31, 2025 is loaded"),
    ],
)
def test_a_year_that_cannot_be_shown_is_a_sentence(staffed, given, words):
    result = retention(**given)
    assert words in result.answer
    assert rows(result) == []
    assert words in result.to_json()["caveats"][0]


def test_an_empty_district_and_no_district_are_sentences(district):
    assert "No roster has been loaded yet" in retention().answer
    roster(district)
    assert "No classroom teacher" in retention().answer
    RosterExtract.objects.all().delete()
    district.school_years.all().delete()
    district.delete()
    assert "No roster has been loaded yet" in retention().answer


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"year": "last"}, "year: “last” is not one of the choices"),
        ({"year": "2023-25"}, "year: “2023-25” is not one of the choices"),
        ({"group_by": "shoe size"}, "Choose one of: year, school, experience, level."),
        ({"school": "0999"}, "school: “0999” is not one of the choices. Choose one of: 0100, 0200."),
        ({"color": "red"}, "This report has no parameter “color”. It takes: group_by, year, school, level."),
    ],
)
def test_values_that_cannot_be_read_are_refused_in_a_sentence(staffed, given, words):
    with pytest.raises(BadParameters, match=words.replace("(", r"\(")):
        retention(**given)


def test_the_same_queries_serve_one_person_and_many(staffed, hill, django_assert_num_queries):
    with django_assert_num_queries(19):
        retention()
    for _ in range(3):
        employed(hill, since=SINCE)
    with django_assert_num_queries(19):
        retention()
