"""Gaps within classes by training: narrowing found where planted, leveling down named, nothing found elsewhere."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from scipy.special import stdtrit

from learning_plans.models import TrainingYear
from pd_tracker.access import Role
from pd_tracker.reports.catalogue import run
from pd_tracker.reports.parameters import BadParameters
from teachers.models import Kpi, KpiValue, School
from tests.factories import CourseFactory, user_with_role
from tests.pd_tracker.reports.classes import chosen, measure, staff
from tests.pd_tracker.reports.conftest import OPERATOR, TODAY, take_training

pytestmark = pytest.mark.django_db
THE_YEAR_BEFORE = date(2023, 3, 1)
FOCAL, OTHERS = 10, 15


def gaps(**given):
    return run("equity_outcomes", OPERATOR, on=TODAY, given=given)


def rows(result):
    return {(row["group"], row["band"]): row for row in result.table("equity_outcomes").as_dicts()}


class District:
    """300 teachers in ten schools with 10 of a group 8 points behind 15 others, half of them with 35 hours.

    Attendance is compared in its own unit, so that its numbers can be checked by hand.
    """

    def __init__(self, district, *, group_gain=0.0, others_gain=0.0, kpi="attendance", direction=1, seed=4):
        random = np.random.default_rng(seed)
        self.district, self.kpi = district, Kpi.objects.get(code=kpi)
        self.people, self.school = staff(district, schools=10, each=30)
        self.trained = random.random(300) < 0.5
        teacher = random.normal(50, 5, 300)[:, None] + 3 * self.trained[:, None]
        self.others = teacher + random.normal(0, 3, (300, 2))
        self.focal = teacher - 8 * direction + random.normal(0, 3, (300, 2))
        self.focal[self.trained, 1] += group_gain
        self.others[self.trained, 1] += others_gain
        for place, label in enumerate(("2022-23", "2023-24")):
            year = district.school_years.get(label=label)
            whole = (FOCAL * self.focal[:, place] + OTHERS * self.others[:, place]) / (FOCAL + OTHERS)
            measure(self.people, whole, self.kpi, year, n=FOCAL + OTHERS)
            measure(self.people, self.focal[:, place], self.kpi, year, n=FOCAL, student_group="low_income")
        course = CourseFactory(district=district)
        take_training(chosen(self.people, self.trained), course, 35, THE_YEAR_BEFORE)
        take_training(chosen(self.people, ~self.trained), course, 10, THE_YEAR_BEFORE)

    def by_hand(self):
        """Change of the gap in the KPI's own unit with its jackknife interval."""
        gap = self.focal - self.others
        table = np.column_stack([np.ones(300), gap[:, 0], self.trained])

        def fitted(mine):
            return np.linalg.lstsq(table[mine], gap[mine, 1], rcond=None)[0][2]

        value = fitted(self.school >= 0)
        without = np.array([fitted(self.school != one) for one in range(10)])
        reach = stdtrit(9, 0.975) * np.sqrt(9 / 10 * np.square(without - value).sum())
        return value, value - reach, value + reach


def test_a_planted_narrowing_agrees_with_least_squares_by_hand(district):
    made = District(district, group_gain=3)
    result = gaps(kpi="attendance")
    row = rows(result)["low income", "30-49"]
    assert (row["change"], row["low"], row["high"]) == pytest.approx(made.by_hand(), abs=1e-4)
    assert row["change"] == pytest.approx(row["focal"] - row["other"], abs=1e-9)
    assert row["low"] > 0
    assert result.answer.startswith("Attendance, low income: with 30-49 hours of their teacher's training")
    assert "narrowed by" in result.answer
    assert result.warnings == ()
    (estimate,) = result.estimates
    assert (estimate.key, estimate.value, estimate.n, estimate.clusters) == (
        "low_income:30-49",
        row["change"],
        made.trained.sum(),
        10,
    )


def test_better_teachers_taking_training_alone_narrows_nothing(district):
    """Trained teachers' classes stand 3 points higher for everybody; the gap does not see that."""
    District(district, kpi="growth")
    row = rows(gaps(kpi="growth"))["low income", "30-49"]
    assert row["low"] < 0 < row["high"]


def test_leveling_down_is_named(district):
    District(district, others_gain=-3)
    result = gaps(kpi="attendance")
    row = rows(result)["low income", "30-49"]
    assert row["low"] > 0 > row["other"]
    assert row["note"] == "narrower mostly by a fall of the students ahead"
    assert "That is leveling down" in result.warnings[0]


def test_of_a_kpi_where_less_is_better_the_group_behind_stands_higher(district):
    """The group's 8 incidents more shrink: the gap narrows, and it is no leveling down."""
    made = District(district, group_gain=-3, kpi="discipline_per_100", direction=-1)
    result = gaps(kpi="discipline_per_100")
    row = rows(result)["low income", "30-49"]
    assert row["gap"] > 0 > row["high"]
    assert (row["change"], row["low"], row["high"]) == pytest.approx(made.by_hand(), abs=1e-4)
    assert "narrowed by" in result.answer
    assert result.warnings == ()


def test_gaps_by_year_are_weighted_means_of_classes(district):
    made = District(district)
    found = {row["year"]: row for row in gaps(kpi="attendance").table("gaps").as_dicts()}
    for place, label in enumerate(("2022-23", "2023-24")):
        by_hand = (made.focal - made.others)[:, place].mean()
        assert found[label]["gap"] == pytest.approx(by_hand, abs=1e-5)
        assert found[label]["low"] < by_hand < found[label]["high"]
        assert found[label]["n"] == 300


def test_several_groups_are_corrected_together_whichever_is_chosen(district):
    made = District(district, group_gain=2)
    for place, label in enumerate(("2022-23", "2023-24")):
        year = district.school_years.get(label=label)
        measure(made.people, made.focal[:, place] + place, made.kpi, year, n=FOCAL, student_group="english_learners")
    both, alone = gaps(kpi="attendance"), gaps(kpi="attendance", group="low_income")
    assert {group for group, _band in rows(both)} == {"low income", "english learners"}
    assert {group for group, _band in rows(alone)} == {"low income"}
    assert rows(alone)["low income", "30-49"] == rows(both)["low income", "30-49"]
    with pytest.raises(BadParameters, match="Choose one of: english_learners, low_income"):
        gaps(group="tall")


def test_classes_with_four_students_of_a_group_say_nothing(district):
    District(district)
    KpiValue.objects.filter(student_group="low_income").update(n=4)
    result = gaps(kpi="attendance")
    assert result.answer.startswith("Not enough data on Attendance by student group.")
    assert (rows(result), result.estimates, result.charts) == ({}, (), ())


def test_without_training_on_record_only_the_gap_is_said(district):
    made = District(district)
    for person in made.people:
        person.completions.all().delete()
        TrainingYear.objects.filter(teacher=person).delete()
    assert "There are too few classes to say whether it differs" in gaps(kpi="attendance").answer


def test_empty_district_and_no_results_are_sentences(district):
    assert gaps().answer.startswith("No roster has been loaded yet")
    staff(district, schools=1, each=3)
    assert gaps().answer.startswith("Not enough data: no classroom values")


def test_a_principal_sees_the_own_school_only(district):
    District(district)
    reader = user_with_role(Role.PRINCIPAL, School.objects.first())
    found = run("equity_outcomes", reader, on=TODAY, given={"kpi": "attendance"})
    assert {row["n"] for row in found.table("gaps").as_dicts()} == {30}
    assert found.estimates == ()
    assert any("no intervals can be given" in text for text in found.warnings)


def test_the_number_of_queries_does_not_grow(district):
    made = District(district)
    with CaptureQueriesContext(connection) as one_group:
        gaps(kpi="attendance")
    year = district.school_years.get(label="2023-24")
    measure(made.people, made.focal[:, 1], made.kpi, year, n=FOCAL, student_group="english_learners")
    with CaptureQueriesContext(connection) as two_groups:
        gaps(kpi="attendance")
    assert len(one_group) == len(two_groups) <= 30
