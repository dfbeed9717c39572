"""Life tables of districts small enough to count, and the published one of Singer & Willett."""

from __future__ import annotations

from datetime import date

import pytest

from pd_tracker.reports.catalogue import run
from tests.factories import (
    AssignmentFactory,
    DistrictFactory,
    EmploymentFactory,
    LeaveFactory,
    SchoolFactory,
    SchoolYearProfileFactory,
    employed,
)
from tests.pd_tracker.reports.conftest import OPERATOR, TODAY, hired, roster, trained

pytestmark = pytest.mark.django_db

# Singer & Willett (2003), Applied Longitudinal Data Analysis, tables 10.1 and 10.2: special educators hired in Michigan
# 1972-78, persons by last year in teaching and whether they were still teaching (censored). Data: teachers.csv (CC0).
LEFT = {1: 456, 2: 384, 3: 359, 4: 295, 5: 218, 6: 184, 7: 123, 8: 79, 9: 53, 10: 35, 11: 16, 12: 5}
CENSORED = {7: 280, 8: 307, 9: 255, 10: 265, 11: 241, 12: 386}
PUBLISHED = [
    # year, at risk, left, censored, hazard, survivor
    (1, 3941, 456, 0, 0.11570667, 0.8842933),
    (2, 3485, 384, 0, 0.11018651, 0.7868561),
    (3, 3101, 359, 0, 0.11576911, 0.6957625),
    (4, 2742, 295, 0, 0.10758570, 0.6209084),
    (5, 2447, 218, 0, 0.08908868, 0.5655925),
    (6, 2229, 184, 0, 0.08254823, 0.5189038),
    (7, 2045, 123, 280, 0.06014670, 0.4876935),
    (8, 1642, 79, 307, 0.04811206, 0.4642295),
    (9, 1256, 53, 255, 0.04219745, 0.4446402),
    (10, 948, 35, 265, 0.03691983, 0.4282242),
    (11, 648, 16, 241, 0.02469136, 0.4176508),
    (12, 391, 5, 386, 0.01278772, 0.4123100),
]


def survival(**given):
    return run("survival", OPERATOR, on=TODAY, given=given)


def rows(result):
    return list(result.table("survival").as_dicts())


def test_published_life_table_of_special_educators():
    """Whoever was still teaching after t years was hired t years before the records end in 1984-85."""
    school = SchoolFactory()
    roster(school.district, date(1984, 11, 15))
    for year, count in LEFT.items():
        hired(
            school.district,
            count,
            since=date(1972, 8, 1),
            until=date(1972 + year, 6, 30),
            school=school,
            prefix=f"L{year}",
        )
    for year, count in CENSORED.items():
        hired(school.district, count, since=date(1984 - year, 8, 1), school=school, prefix=f"C{year}")
    result = survival()
    found = rows(result)
    keys = ("year", "at_risk", "events", "censored", "hazard", "survival")
    assert [tuple(row[key] for key in keys[:4]) for row in found] == [row[:4] for row in PUBLISHED]
    assert [row["hazard"] for row in found] == pytest.approx([row[4] for row in PUBLISHED], abs=1e-8)
    assert [row["survival"] for row in found] == pytest.approx([row[5] for row in PUBLISHED], abs=1e-7)
    median = next(estimate.value for estimate in result.estimates if estimate.key == "median")
    assert median == pytest.approx(6.6, abs=0.05)
    assert "half have left after 6.6 years" in result.answer


def test_people_already_employed_enter_at_their_tenure(hill):
    """Nine hired in 2021 and seen from the start; one since 2018 whose first assignment on record is of 2021."""
    roster(hill.district)
    hired(hill.district, 9, since=date(2021, 8, 15), school=hill, prefix="new")
    old = employed(hill, since=date(2018, 8, 15))
    old.assignments.update(started_on=date(2021, 8, 15))
    found = {row["year"]: (row["at_risk"], row["events"], row["censored"]) for row in rows(survival())}
    assert found == {1: (9, 0, 0), 2: (9, 0, 0), 3: (9, 0, 9), 4: (1, 0, 0), 5: (1, 0, 0), 6: (1, 0, 1)}


def test_leave_takes_out_of_view_and_return_brings_back(hill):
    roster(hill.district)
    teacher = employed(hill, since=date(2020, 8, 15))
    LeaveFactory(teacher=teacher, started_on=date(2022, 9, 1), ended_on=date(2023, 6, 30))
    found = [(row["year"], row["at_risk"], row["events"], row["censored"]) for row in rows(survival())]
    assert found == [(1, 1, 0, 0), (2, 1, 0, 1)]  # year 3 has nobody in view, so the table ends
    employed(hill, since=date(2020, 8, 15))
    found = [(row["year"], row["at_risk"], row["events"], row["censored"]) for row in rows(survival())]
    assert found == [(1, 2, 0, 0), (2, 2, 0, 1), (3, 1, 0, 0), (4, 2, 0, 2)]


def test_rehired_after_a_census_is_a_second_spell(hill):
    roster(hill.district)
    teacher = employed(hill, since=date(2020, 8, 15), until=date(2021, 6, 30))
    EmploymentFactory(teacher=teacher, started_on=date(2022, 8, 15))
    AssignmentFactory(teacher=teacher, school=hill, started_on=date(2022, 8, 15))
    found = [(row["year"], row["at_risk"], row["events"], row["censored"]) for row in rows(survival())]
    assert found == [(1, 2, 1, 0), (2, 1, 0, 1)]


def test_dose_groups_begin_with_the_second_year_of_people_seen_from_the_start(hill):
    """A hire who left within the first year had less time to train and is in no dose group."""
    roster(hill.district)
    busy = employed(hill, since=date(2020, 8, 15), until=date(2022, 6, 30))
    trained(busy, 40, date(2021, 2, 1))
    trained(busy, 500, date(2021, 8, 1))  # the second year does not count
    idle = employed(hill, since=date(2021, 8, 15))
    early = employed(hill, since=date(2020, 8, 15), until=date(2021, 6, 30))
    trained(early, 2, date(2020, 9, 1))
    veteran = employed(hill, since=date(2010, 8, 15))
    veteran.assignments.update(started_on=date(2020, 8, 15))
    result = survival(group_by="dose_band")
    found = [(row["group"], row["year"], row["at_risk"], row["events"]) for row in rows(result)]
    assert idle
    assert found == [("0 hours", 2, 1, 0), ("0 hours", 3, 1, 0), ("30-49 hours", 2, 1, 1)]
    assert any("begin with tenure year 2" in sentence for sentence in result.definitions)


def test_groups_by_level_and_title_i(hill, lake, district):
    roster(district)
    employed(hill, since=date(2022, 8, 15))
    employed(lake, since=date(2022, 8, 15))
    for year in district.school_years.all():
        SchoolYearProfileFactory(school=lake, school_year=year, title_i=True)
    by_level = {row["group"] for row in rows(survival(group_by="level"))}
    by_title_i = {row["group"] for row in rows(survival(group_by="title I"))}
    assert (by_level, by_title_i) == ({"Elementary", "High"}, {"Title I", "Not recorded"})


def test_curve_stops_where_fewer_than_ten_are_in_view_and_the_table_does_not(hill):
    roster(hill.district)
    hired(hill.district, 12, since=date(2020, 8, 15), until=date(2022, 6, 30), school=hill, prefix="a")
    hired(hill.district, 8, since=date(2020, 8, 15), school=hill, prefix="b")
    result = survival()
    ((_key, chart),) = result.charts
    assert chart.times == (1.0, 2.0)
    assert chart.curves[0].at_risk == (20, 20)
    assert [row["year"] for row in rows(result)] == [1, 2, 3, 4]
    assert any("estimated from 20 hires; beyond year 2 fewer than 10 remain in view" in text for text in result.caveats)


@pytest.mark.parametrize(("schools", "kind"), [(9, "Greenwood"), (10, "clustered by school")])
def test_interval_is_clustered_from_ten_schools_on(district, schools, kind):
    roster(district)
    for number in range(schools):
        school = SchoolFactory(district=district)
        hired(district, 3, since=date(2020, 8, 15), school=school, prefix=f"s{number}")
        hired(district, 1, since=date(2020, 8, 15), until=date(2022, 6, 30), school=school, prefix=f"t{number}")
    assert any(kind in sentence for sentence in survival().caveats)


def test_nobody_to_show_is_a_sentence(hill):
    assert survival().answer == "No roster has been loaded yet, so there is nobody to count."
    roster(hill.district)
    veteran = employed(hill, since=date(2010, 8, 15))
    veteran.assignments.update(started_on=date(2020, 8, 15))
    assert survival(group_by="dose").answer.startswith("Nobody's first year of teaching here is on record yet")


def test_other_districts_stay_out(hill):
    roster(hill.district)
    employed(hill, since=date(2020, 8, 15))
    employed(SchoolFactory(district=DistrictFactory(name="Birch Plain")), since=date(2020, 8, 15))
    assert rows(survival())[0]["at_risk"] == 1
