"""What was planted is found, by the numbers themselves and by the reports; what was not planted is not found."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from io import StringIO
from statistics import mean
from typing import Any, NamedTuple

import pytest
from django.core.management import call_command
from django.db import transaction

from pd_tracker.demo.careers import Career
from pd_tracker.demo.district import DemoDistrict, play
from pd_tracker.demo.figures import GROWTH_SD, figures, took_course
from pd_tracker.demo.loading import load_records, sum_up_training
from pd_tracker.demo.planted import COURSE, COURSE_GAIN, HOURS, WITHOUT_ASSOCIATION, chance_of_leaving
from pd_tracker.reports.estimators.least_squares import LinearFit, fit, school_sums
from teachers.rules.periods import Year

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400), pytest.mark.xdist_group("planted")]
TODAY = date(2026, 11, 23)
SEEDS = (7, 8, 9)
FACTORS = ("trained", "early", "need", "old")
CLASSROOM = [kpi for kpi in WITHOUT_ASSOCIATION if kpi != "observation"]


class PersonYear(NamedTuple):
    career: Career
    year: Year
    trained: bool
    early: bool
    need: bool
    old: bool
    left: bool

    @property
    def place(self) -> int:
        return self.career.post_on(self.year.census_on).place.number

    def chance(self, *, trained: bool) -> float:
        return chance_of_leaving(trained=trained, early=self.early, need=self.need, old=self.old, school=0)


@pytest.fixture(scope="module")
def district() -> DemoDistrict:
    return play(teachers=3_000, years=6, seed=7, today=TODAY)


@pytest.fixture(scope="module")
def person_years(district) -> list[PersonYear]:
    return list(eligible(district))


def eligible(district: DemoDistrict) -> Iterator[PersonYear]:
    """Everybody in two snapshots in a row whose next census day is known."""
    for before, year in zip(district.years, district.years[1:-1], strict=False):
        for career in district.careers:
            if career.teaches_on(before.census_on) and career.teaches_on(year.census_on):
                yield PersonYear(
                    career,
                    year,
                    trained=career.minutes_in(before) >= HOURS * 60,
                    early=career.is_early(year.census_on),
                    need=career.post_on(year.census_on).place.needs_much,
                    old=career.is_old(year.census_on),
                    left=not career.works_on(Year(year.start + 1).census_on),
                )


# --- In the numbers themselves ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def leaving(person_years) -> LinearFit:
    columns = [[1, *(getattr(row, factor) for factor in FACTORS)] for row in person_years]
    left, schools = [row.left for row in person_years], [row.place for row in person_years]
    return fit(school_sums(columns, left, None, schools, names=("all", *FACTORS)))


@pytest.mark.parametrize("factor", FACTORS)
def test_every_planted_reason_to_leave_or_stay_shows(leaving, person_years, factor):
    """The mean change in chance that was planted lies in the interval, and no change lies outside it."""

    def chances(holds: bool) -> float:
        return sum(
            chance_of_leaving(**{name: getattr(row, name) for name in FACTORS} | {factor: holds}, school=0)
            for row in person_years
        ) / len(person_years)

    planted, found = chances(True) - chances(False), leaving[factor]
    assert found.low < planted < found.high
    assert not found.low < 0 < found.high


def test_one_course_brings_growth_and_no_other_does(district):
    growth = {
        (figure.career.number, figure.year): figure
        for figure in figures(district)
        if figure.kpi == "growth" and figure.student_group == "all"
    }
    rows, outcome, schools = [], [], []
    for (number, year), figure in growth.items():
        before = Year(year.start - 1)
        if (number, before) in growth:
            career = figure.career
            codes = {training.code for training in career.training.get(before, ())}
            rows.append([1, growth[number, before].value / GROWTH_SD, took_course(career, before), "PD-150" in codes])
            outcome.append(figure.value / GROWTH_SD)
            schools.append(figure.place.number)
    found = fit(school_sums(rows, outcome, None, schools, names=("all", "before", "course", "other")))
    assert 0 < found["course"].low < COURSE_GAIN < found["course"].high
    assert found["other"].low < 0 < found["other"].high


# --- In the reports -----------------------------------------------------------------------------------------------


class Reported(NamedTuple):
    training: dict[str, dict[str, float]]
    classrooms: dict[str, dict[str, dict[str, float]]]
    courses: list[dict[str, Any]]
    years: list[dict[str, Any]]
    gaps: dict[str, dict[str, float]]


@pytest.fixture(scope="module")
def reported(django_db_setup, django_db_blocker) -> list[Reported]:
    """What the reports estimate in several districts, each drawn anew."""
    found = []
    for seed in SEEDS:
        with django_db_blocker.unblock(), transaction.atomic():
            load_records(play(teachers=1_500, years=6, seed=seed, today=TODAY))
            sum_up_training()
            found.append(
                Reported(
                    training=estimates("pd_retention"),
                    classrooms={kpi: estimates("pd_kpi", kpi=kpi) for kpi in CLASSROOM},
                    courses=rows("courses_forest", "courses_forest", kpi="growth"),
                    years=rows("event_study", "aggregates", kpi="growth", course=COURSE),
                    gaps=estimates("equity_outcomes", kpi="growth"),
                )
            )
            transaction.set_rollback(True)
    return found


def report(name: str, **parameters: str) -> dict[str, Any]:
    output = StringIO()
    given = [f"{key}={value}" for key, value in parameters.items()]
    call_command("report", name, format="json", param=given, stdout=output)
    made: dict[str, Any] = json.loads(output.getvalue())
    return made


def estimates(name: str, **parameters: str) -> dict[str, dict[str, float]]:
    return {found["key"]: found for found in report(name, **parameters)["estimates"]}


def rows(name: str, key: str, **parameters: str) -> list[dict[str, Any]]:
    """The rows of one table of a report."""
    (table,) = (made for made in report(name, **parameters)["tables"] if made["key"] == key)
    found: list[dict[str, Any]] = table["rows"]
    return found


def holds(found: dict[str, float], value: float) -> bool:
    return found["low"] <= value <= found["high"]


def planted_points(person_years) -> float:
    return 100 * sum(row.chance(trained=True) - row.chance(trained=False) for row in person_years) / len(person_years)


@pytest.mark.parametrize("comparison", ["lag1_points", "within_school_points"])
def test_report_finds_that_trained_teachers_stay(reported, db, person_years, comparison):
    """Of twelve honest 95 % intervals, more than two miss the truth once in fifty times."""
    planted = planted_points(person_years)
    truth = {"0": 0, "15-29": 0, "30-49": planted, "50+": planted}
    misses = [
        not holds(found.training[f"{comparison}:{band}"], value) for found in reported for band, value in truth.items()
    ]
    assert len(misses) == 4 * len(SEEDS)
    assert sum(misses) <= 2
    for band in ("30-49", "50+"):
        assert mean(found.training[f"{comparison}:{band}"]["value"] for found in reported) < planted / 2
        assert any(found.training[f"{comparison}:{band}"]["high"] < 0 for found in reported)


@pytest.mark.parametrize("comparison", ["lag2_points", "first_year_points"])
def test_report_finds_nothing_in_hours_that_change_nothing(reported, db, comparison):
    """Hours of two years before, and those of a first fall, were drawn without any tie to leaving."""
    found = [one for made in reported for key, one in made.training.items() if key.startswith(comparison)]
    assert len(found) >= 3 * len(SEEDS)
    assert sum(not holds(estimate, 0) for estimate in found) <= 2


def test_reports_find_nothing_where_nothing_was_planted(reported, db):
    """Of twelve honest 95 % intervals, more than two miss the truth once in fifty times."""
    found = [
        estimate
        for kpi in CLASSROOM
        for key, estimate in reported[0].classrooms[kpi].items()
        if key.startswith("difference_")
    ]
    assert len(found) == 12
    assert sum(not holds(estimate, 0) for estimate in found) <= 2


def test_of_all_courses_only_the_planted_one_stands_out(reported, db):
    """Pulled toward the average of all courses, it may once be too small to stand out; no other course may ever."""
    standing = [{row["code"] for row in found.courses if row["stands_out"]} for found in reported]
    assert all(codes <= {COURSE} for codes in standing)
    assert standing.count({COURSE}) >= 2
    planted = [row for found in reported for row in found.courses if row["code"] == COURSE]
    assert mean(row["raw"] for row in planted) == pytest.approx(COURSE_GAIN, abs=0.1)
    assert all(row["high"] < row["raw"] for row in planted)


def test_a_course_bends_the_line_in_the_first_results_after_it_and_in_no_other_year(reported, db):
    """The wide intervals hold for all years of a district together, so a whole line leaves them once in twenty."""
    lines = [{row["at"]: row for row in found.years if row["kind"] == "dynamic"} for found in reported]
    misses = [
        any(not line[at]["band_low"] <= (COURSE_GAIN if at == 0 else 0) <= line[at]["band_high"] for at in line)
        for line in lines
    ]
    assert sum(misses) <= 1
    means = {at: mean(line[at]["att"] for line in lines) for at in (-4, -3, -1, 0, 1)}
    assert means.pop(0) == pytest.approx(COURSE_GAIN, abs=COURSE_GAIN / 2)
    assert max(map(abs, means.values())) < COURSE_GAIN / 2


def test_no_gap_between_student_groups_moves_with_training(reported, db):
    """Of eighteen honest 95 % intervals, more than three miss the truth once in a hundred times."""
    found = [estimate for made in reported for estimate in made.gaps.values()]
    assert len(found) == 18
    assert sum(not holds(estimate, 0) for estimate in found) <= 3
