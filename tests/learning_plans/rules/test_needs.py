"""Needs in figures and self-assessments: what is found, how sure it is, and what is never looked at."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from learning_plans.rules.needs import (
    Figure,
    NeedSource,
    Peers,
    SelfRating,
    Variation,
    distances,
    needs_of,
)

PEERS = Peers(mean=50, spread=10, count=120)
GROWTH = Variation(lasting=0.36, passing=0.54, per_student=1.96)
VARIATIONS = {
    "growth": GROWTH,
    "attendance": GROWTH,
    "discipline": Variation(0.36, 0.54, 1.96, higher_is_better=False),
    "observation": Variation(0.4, 0.6, 0, source=NeedSource.OBSERVATION),
}
LINKS = {"growth": (3, 4), "attendance": (3,), "discipline": (5,), "observation": (3,)}


def figure(value, *, kpi="growth", year=2024, students=25, peers=PEERS):
    return Figure(kpi, year, value, students, peers)


def rating(competency, level, relevance, on=date(2025, 9, 1)):
    return SelfRating(competency, level, relevance, on)


def found(figures=(), ratings=()):
    return needs_of(figures, ratings, variations=VARIATIONS, links=LINKS)


def test_a_distance_is_the_posterior_of_a_normal_model_done_another_way():
    """The same numbers by inverting the covariance of all figures with the lasting distance."""
    figures = [figure(38, year=2022, students=12), figure(44, year=2023, students=30), figure(41, year=2024)]
    (far,) = distances(figures, VARIATIONS)
    noise = np.array([0.54 + 1.96 / n for n in (12, 30, 25)])
    covariance, z = 0.36 + np.diag(noise), np.array([-1.2, -0.6, -0.9])
    against = np.full(3, 0.36) @ np.linalg.inv(covariance)
    variance = 0.36 - against @ np.full(3, 0.36)
    assert far.value == pytest.approx(against @ z)
    assert (far.low, far.high) == pytest.approx(
        (far.value - 1.959964 * variance**0.5, far.value + 1.959964 * variance**0.5)
    )
    assert far.found < far.value < 0
    assert (far.students, far.figures, far.years) == (67, 3, (2022, 2023, 2024))


def test_more_students_and_more_years_leave_more_of_a_distance():
    few, many = (distances([figure(40, students=n)], VARIATIONS)[0].value for n in (10, 60))
    both = distances([figure(40, year=2023, students=60), figure(40, students=60)], VARIATIONS)[0].value
    assert 0 > few > many > both > -1


@pytest.mark.parametrize(
    "unusable",
    [
        figure(20, students=9),
        figure(20, students=None),
        figure(20, kpi="unknown"),
        figure(20, peers=Peers(50, 10, 9)),
        figure(50, peers=Peers(70, 0, 100)),
    ],
    ids=["fewer than 10 students", "students unknown", "no such KPI", "too few peers", "peers all alike"],
)
def test_what_says_too_little_is_not_looked_at(unusable):
    assert found([unusable]) == []
    with_another = distances([unusable, figure(40)], VARIATIONS)
    assert with_another == distances([figure(40)], VARIATIONS)


def test_where_lower_is_better_a_high_figure_is_a_need():
    (need,) = found([figure(75, kpi="discipline"), figure(72, kpi="discipline", year=2023)])
    assert need.competency == 5
    assert need.distances[0].value < -0.2
    assert found([figure(25, kpi="discipline")]) == []


def test_a_distance_that_may_be_luck_is_no_need():
    assert found([figure(45)]) == []
    assert found([figure(35, year=year) for year in (2022, 2023, 2024)])
    no_lasting_part = VARIATIONS | {"growth": Variation(0, 0.9, 1.96)}
    assert needs_of([figure(10)], variations=no_lasting_part, links=LINKS) == []


def test_an_observation_needs_no_students():
    (need,) = found([figure(30, kpi="observation", students=None)])
    assert need.sources == (NeedSource.OBSERVATION,)
    assert need.distances[0].students is None


def test_the_newest_self_assessment_counts_when_it_is_low_and_relevant():
    assert found(ratings=[rating(7, 1, 3), rating(7, 4, 3, date(2025, 10, 1))]) == []
    assert found(ratings=[rating(7, 1, 1), rating(8, 3, 3)]) == []
    (need,) = found(ratings=[rating(7, 4, 3, date(2024, 9, 1)), rating(7, 2, 3)])
    assert (need.competency, need.strength, need.rating.level) == (7, pytest.approx(2 / 3), 2)


def test_sources_that_agree_come_first_and_figures_of_one_kind_count_once():
    low = [figure(36), figure(36, year=2023), figure(37, kpi="attendance"), figure(37, kpi="attendance", year=2023)]
    both, alone = found(low, [rating(3, 2, 2)])
    assert (both.competency, both.sources) == (3, (NeedSource.KPI, NeedSource.SELF))
    assert (alone.competency, alone.sources) == (4, (NeedSource.KPI,))
    assert [far.kpi for far in both.distances] == ["growth", "attendance"]
    strongest = alone.strength
    assert both.strength == pytest.approx(1 - (1 - strongest) * (1 - 4 / 9))
    assert 0 < strongest < both.strength <= 1
