"""Training of the year before and leaving: counted by hand, recomputed from rows, and not fooled by staying longer."""

from __future__ import annotations

import random
from datetime import date

import numpy as np
import pytest
import statsmodels.api as sm
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pd_tracker.access import Role
from pd_tracker.reports.catalogue import run
from pd_tracker.reports.estimators.rates import wilson_rate
from teachers.models import Teacher
from tests.factories import CourseFactory, SchoolFactory, user_with_role
from tests.pd_tracker.reports.conftest import (
    LEFT_2024,
    OPERATOR,
    SINCE,
    TODAY,
    hired,
    roster,
    take_training,
    trained,
)

pytestmark = pytest.mark.django_db
YEAR_BEFORE, TWO_YEARS_BEFORE = date(2023, 3, 1), date(2022, 3, 1)


def pd_retention(reader=OPERATOR, **given):
    return run("pd_retention", reader, on=TODAY, given=given)


def rows(result):
    return {row["band"]: row for row in result.table("pd_retention").as_dicts()}


def estimates(result):
    return {made.key: made for made in result.estimates}


def staff(district, groups, *, on=YEAR_BEFORE, experience=None):
    """People of 2023-24 from (school, hours, how many leave, how many stay): those who left and those who stayed."""
    course, made = CourseFactory(district=district), []
    for number, (school, hours, leave, stay) in enumerate(groups):
        prefix = f"{course.pk}-{number}"
        gone = hired(district, leave, since=SINCE, until=LEFT_2024, school=school, prefix=f"g{prefix}")
        here = hired(district, stay, since=SINCE, school=school, prefix=f"s{prefix}")
        Teacher.objects.filter(pk__in=[person.pk for person in gone + here]).update(experience_years=experience)
        if hours:
            take_training(gone + here, course, hours, on)
        made.append((gone, here))
    return made


@pytest.fixture
def schools(district):
    roster(district)
    return [SchoolFactory(district=district) for _ in range(10)]


def fewer_leave_with_more_hours(schools):
    """At every school 20 teachers with 10 hours (4 or 6 leave) and 20 with 60 (1 or 3 leave): 15 points fewer."""
    for number, school in enumerate(schools):
        for hours, leave in ((10, 4 + number % 2 * 2), (60, 1 + number // 2 % 2 * 2 if number < 8 else 2)):
            yield school, hours, leave, 20 - leave


@pytest.fixture
def planted(district, schools):
    return staff(district, fewer_leave_with_more_hours(schools))


def test_bands_hold_hours_of_the_year_before_the_census(staffed):
    stayer, other, edge = staffed["hill"]
    trained(staffed["left"], 20, date(2023, 6, 30))  # the last day that counts for October 2023
    trained(staffed["left"], 500, date(2023, 7, 1))  # after it
    trained(stayer, 14.99, date(2022, 7, 1))
    trained(other, 15, date(2023, 2, 1))
    trained(edge, 50, date(2023, 2, 1))
    found = rows(pd_retention(year="2023-24"))
    assert {band: (row["n"], row["left"]) for band, row in found.items()} == {
        "0": (1, 0),  # Lake's first-year teacher has no year before and is not here
        "1-14": (1, 0),
        "15-29": (2, 1),
        "30-49": (0, 0),
        "50+": (1, 0),
    }
    expected = wilson_rate(1, 2)
    assert (found["15-29"]["rate"], found["15-29"]["low"], found["15-29"]["high"]) == (
        expected.value,
        expected.low,
        expected.high,
    )
    assert found["30-49"]["rate"] is None


def test_too_little_data_gives_counts_and_a_sentence_and_no_estimate(staffed):
    everybody = [*staffed["hill"], *staffed["lake"], staffed["left"], staffed["left_before"]]
    for teacher in everybody:
        for year in range(2020, 2025):
            trained(teacher, 10, date(year, 3, 1))
    result = pd_retention()
    assert result.estimates == ()
    assert result.table("points") is None
    assert result.answer.startswith(
        "Not enough data to compare: 17 eligible person-years, of which 2 ended in leaving. A comparison needs 200"
    )


def test_planted_difference_is_found_in_points_with_its_sentence(planted):
    result = pd_retention(year="2023-24")
    found = estimates(result)["lag1_points:50+"]
    assert found.value == pytest.approx(-15)
    assert (found.n, found.clusters) == (400, 10)
    assert found.low < -15 < found.high < 0
    assert result.answer.startswith(
        "Teachers with 50+ hours left 15.0 points less often than similar teachers with 1-14 (interval "
    )
    assert result.answer.endswith("As counted, 10.0% left, against 25.0%.")
    ratio = {row["band"]: row for row in result.table("ratios").as_dicts()}["50+"]
    assert ratio["rate"] == pytest.approx(0.10)
    assert ratio["risk_ratio"] == pytest.approx(0.4)
    assert ratio["odds_ratio"] == pytest.approx(1 / 9 * 3)
    assert ratio["e_value"] == pytest.approx(2.5 + (2.5 * 1.5) ** 0.5)
    assert any(
        text.startswith("This is an association; a hidden factor of strength 4.4 could") for text in result.caveats
    )


def test_colleagues_of_one_school_differ_as_much_when_every_school_trains_alike(planted):
    found = estimates(pd_retention(year="2023-24"))["within_school_points:50+"]
    assert found.value == pytest.approx(-15)
    assert (found.n, found.clusters) == (400, 10)


def test_points_are_those_of_a_logistic_model_on_rows(district, schools):
    """Recomputed with statsmodels from the people as they were made; new and old teachers train differently."""
    lot, people = random.Random(3), []
    for experience, hours, chance in ((1, 10, 0.5), (1, 40, 0.3), (15, 10, 0.2), (15, 40, 0.12), (15, 60, 0.1)):
        leavers = [sum(lot.random() < chance for _ in range(12)) for _ in schools]
        groups = [(school, hours, leave, 12 - leave) for school, leave in zip(schools, leavers, strict=True)]
        staff(district, groups, experience=experience)
        people += [(experience, hours, place < sum(leavers)) for place in range(12 * len(schools))]
    experience, hours, left = np.array(people).T
    design = np.column_stack([np.ones(len(left)), experience > 10, hours == 40, hours == 60]).astype(float)
    model = sm.Logit(left, design).fit(disp=False, method="newton", tol=1e-12)
    expected = {}
    for band, at in (("1-14", (0, 0)), ("30-49", (1, 0)), ("50+", (0, 1))):
        design[:, 2:] = at
        expected[band] = 100 * model.predict(design).mean()
    found = estimates(pd_retention(year="2023-24"))
    for band in ("30-49", "50+"):
        assert found[f"lag1_points:{band}"].value == pytest.approx(expected[band] - expected["1-14"], abs=1e-6)


def test_two_years_before_is_refused_by_itself(district, schools, planted):
    everybody = [one for gone, here in planted for one in gone + here]
    take_training(everybody, CourseFactory(district=district), 10, TWO_YEARS_BEFORE)
    result = pd_retention(year="2023-24")
    (refused,) = [text for text in result.caveats if text.startswith("Two years before: 400 person-years")]
    assert refused.endswith("A comparison needs people in more than one band of hours.")
    assert set(estimates(result)) == {"lag1_points:50+", "within_school_points:50+"}


def test_a_difference_by_hours_of_two_years_before_is_found_there_alone(district, schools):
    groups = list(fewer_leave_with_more_hours(schools))
    made = staff(district, groups, on=TWO_YEARS_BEFORE)
    course = CourseFactory(district=district)
    for number, (gone, here) in enumerate(made):
        for first, hours in ((number // 2 % 2, 10), (1 - number // 2 % 2, 20)):
            take_training(gone[first::2] + here[first::2], course, hours, YEAR_BEFORE)
    result = pd_retention(year="2023-24")
    found = estimates(result)
    assert found["lag2_points:50+"].value == pytest.approx(-15)
    assert found["lag2_points:50+"].high < 0
    assert found["lag1_points:15-29"].low < 0 < found["lag1_points:15-29"].high
    assert any("planning to leave is the likelier explanation" in text for text in result.caveats)


def test_schools_that_train_much_and_keep_people_are_not_taken_for_training(district, schools):
    """At half of the schools most have 60 hours and few leave, at the others it is the other way round."""
    groups = []
    for number, school in enumerate(schools):
        more = number // 2 % 2
        keeps = ((school, 60, 3 - more, 27 + more), (school, 10, 1 + more, 9 - more))
        loses = ((school, 60, 3, 7), (school, 10, 8 + more, 22 - more))
        groups += keeps if number % 2 else loses
    staff(district, groups)
    result = pd_retention(year="2023-24")
    found = estimates(result)
    assert found["lag1_points:50+"].high < 0
    assert found["within_school_points:50+"].low < 0 < found["within_school_points:50+"].high
    assert any(text.startswith("Schools differ: for 50+ hours") for text in result.caveats)


def test_school_years_with_many_zeros_are_left_out_and_counted(planted, district):
    school = SchoolFactory(district=district)
    hired(district, 50, since=SINCE, until=LEFT_2024, school=school, prefix="zero")
    result = pd_retention(year="2023-24")
    warning = next(text for text in result.warnings if text.startswith("In 1 of 11 school-years more than 20%"))
    assert "(50 person-years)" in warning
    assert any("two years before, 11 of 11 school-years look incomplete" in text for text in result.warnings)
    assert rows(result)["0"]["left"] == 50
    assert set(estimates(result)) == {"lag1_points:50+", "within_school_points:50+"}


def test_combinations_that_only_the_model_knows_are_told(district, schools):
    """Nobody among the newer half of the teachers has 60 hours."""
    staff(district, [(school, 10, 5, 15) for school in schools], experience=1)
    staff(district, fewer_leave_with_more_hours(schools), experience=15)
    result = pd_retention(year="2023-24")
    assert "nobody quite alike had these hours: 50+ (33%)." in result.warnings[-1]
    filled = {row["band"]: row["unsupported"] for row in result.table("ratios").as_dicts()}
    assert filled == pytest.approx({"1-14": 0, "50+": 200 / 600})


def test_a_thin_band_is_joined_to_its_neighbor_and_named(planted, district, schools):
    staff(district, [(schools[0], 40, 0, 6), (schools[1], 10, 2, 20)])
    result = pd_retention(year="2023-24")
    assert "Treated as one, having fewer than 10 people or 3 schools: PD hours: 30-49 / 50+." in result.warnings
    assert "lag1_points:30-49 / 50+" in estimates(result)


def test_a_difference_that_chance_can_make_says_so(district, schools):
    groups = [
        (school, hours, leave, 12 - leave)
        for number, school in enumerate(schools)
        for hours, leave in ((10, 1 + number % 4), (60, 1 + (number + 1) % 4))
    ]
    staff(district, groups)
    result = pd_retention(year="2023-24")
    assert "This is an association, and the interval includes no difference at all." in result.caveats
    assert any(text.startswith("Differences smaller than") for text in result.caveats)


def test_staying_longer_alone_makes_no_association(district):
    """Everybody takes 5 or 20 hours a year by lot and leaves by lot: career totals would show stayers with far more."""
    lot = random.Random(7)
    roster(district)
    course = CourseFactory(district=district)
    schools = [SchoolFactory(district=district) for _ in range(6)]
    taken = {(year, hours): [] for year in range(2021, 2025) for hours in (5, 20)}
    for number, last_year in enumerate((2021, 2022, 2023, 2024, None)):
        until = date(last_year, 6, 30) if last_year else None
        for place, school in enumerate(schools):
            people = hired(district, 40, since=SINCE, until=until, school=school, prefix=f"{number}-{place}")
            for person in people:
                for year in range(2021, (last_year or 2024) + 1):
                    taken[year, lot.choice((5, 20))].append(person)
    for (year, hours), people in taken.items():
        take_training(people, course, hours, date(year, 3, 1))
    found = estimates(pd_retention())
    for key in ("lag1_points:15-29", "lag2_points:15-29", "within_school_points:15-29"):
        assert found[key].low < 0 < found[key].high
        assert abs(found[key].value) < 6


def test_new_teachers_have_a_table_of_their_own(staffed, hill):
    result = pd_retention(year="2023-24")
    found = {row["band"]: row["n"] for row in result.table("first_year").as_dicts()}
    assert found == {"0": 1, "1-14": 0, "15-29": 0, "30-49": 0, "50+": 0}
    assert any(
        text.startswith("First year, to December 31: 1 person-years, 0 left; too few") for text in result.caveats
    )


def test_new_teachers_are_compared_where_there_are_enough(district, schools):
    course = CourseFactory(district=district)
    for school, hours, leave, stay in fewer_leave_with_more_hours(schools):
        days, label = {"since": date(2023, 8, 15), "school": school}, f"{school.school_id}-{hours}"
        gone = hired(district, leave, until=LEFT_2024, prefix=f"g{label}", **days)
        here = hired(district, stay, prefix=f"s{label}", **days)
        take_training(gone + here, course, hours, date(2023, 12, 31))
    result = pd_retention(year="2023-24")
    assert estimates(result)["first_year_points:50+"].value == pytest.approx(-15)
    assert set(estimates(result)) == {"first_year_points:50+"}
    assert result.answer.startswith("Not enough data to compare: 0 eligible person-years")


def test_one_school_is_told_how_many_a_comparison_needs(planted, schools, district):
    staff(district, [(schools[0], 10, 15, 90), (schools[0], 60, 10, 90)])
    for given in ({"reader": user_with_role(Role.PRINCIPAL, schools[0])}, {"school": schools[0].school_id}):
        result = pd_retention(**given)
        assert result.answer.endswith("A comparison needs at least 3 schools, and 5 for an interval.")
        assert result.estimates == ()


def test_four_schools_have_no_interval_and_so_no_difference(district, schools):
    staff(district, fewer_leave_with_more_hours(schools[:4]))
    staff(district, [(school, 10, 5, 20) for school in schools[:4]])
    result = pd_retention(year="2023-24")
    assert result.answer.endswith("With fewer than 5 schools no interval can be given, so no difference is shown.")
    assert result.estimates == ()
    assert result.table("ratios") is None
    assert {row["note"] for row in result.table("points").as_dicts()} == {
        "reference",
        "fewer than 5 schools: no interval, so no difference",
    }
    assert [table for table, _chart in result.charts] == ["pd_retention"]


def test_a_year_without_snapshot_is_a_sentence(planted):
    result = pd_retention(year="2031-32")
    assert result.answer.startswith("There is no snapshot for 2031-32; there are snapshots for")
    assert result.estimates == ()


@pytest.mark.parametrize(
    ("leave", "stay", "words"),
    [
        (0, 20, "Nobody left, so there is no difference to look for."),
        (20, 0, "Everybody left, so there is no difference to look for."),
    ],
)
def test_all_of_one_kind_is_a_sentence(district, schools, leave, stay, words):
    staff(district, [(school, hours, leave, stay) for school in schools for hours in (10, 60)])
    assert pd_retention(year="2023-24").answer.endswith(words)


def test_nobody_trained_leaves_nobody_to_compare(district, schools):
    staff(district, [(school, 0, 3, 20) for school in schools])
    assert pd_retention(year="2023-24").answer.endswith("30 ended in leaving. Nobody is left to compare.")


def test_without_a_roster_there_is_a_sentence(district):
    result = pd_retention()
    assert result.answer == "No roster has been loaded yet, so there is nobody to count."
    assert (result.estimates, result.charts) == ((), ())


def test_charts_show_what_the_tables_say(planted):
    result = pd_retention(year="2023-24")
    (dose_table, dose), (forest_table, forest) = result.charts
    assert (dose_table, forest_table) == ("ratios", "points")
    assert dose.labels == ("1-14", "50+")
    assert [value.value for value in dose.series[0].values] == pytest.approx([0.25, 0.10])
    assert forest.labels == ("50+ hours: The year before", "50+ hours: Inside one school and year")
    assert [value.value for value in forest.values] == [made.value for made in result.estimates]


def test_queries_do_not_grow_with_people(planted, district, schools):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            pd_retention()
        return len(queries)

    before = asked()
    staff(district, [(school, 30, 1, 5) for school in schools], on=date(2023, 4, 1))
    assert asked() == before
