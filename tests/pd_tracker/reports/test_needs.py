"""Needs of teachers of a small district, and the words that explain them."""

from __future__ import annotations

import numpy as np
import pytest

from learning_plans.rules.choices import NeedSource
from learning_plans.rules.needs import SelfRating
from pd_tracker.access import Role
from pd_tracker.reports.needs import needs
from teachers.models import Kpi
from teachers.rules.periods import Year
from tests.factories import user_with_role
from tests.pd_tracker.reports.classes import measure_years, staff
from tests.pd_tracker.reports.conftest import OPERATOR, TODAY

pytestmark = pytest.mark.django_db

LAST = Year(2023)
LINKS = {"growth": (3,), "discipline_per_100": (5,), "observation": (4,)}


@pytest.fixture
def people(district):
    return staff(district, schools=4, each=12)[0]


def measured(people, code, *, of_first, mean=50.0, spread=10.0, **fields):
    """Two years of results of everybody; the first person's are given, and the second's are those of most."""
    rng = np.random.default_rng(3)
    values = mean + spread * (0.8 * rng.normal(size=(len(people), 1)) + 0.5 * rng.normal(size=(len(people), 2)))
    values[:2] = of_first, (mean, mean)
    kpi = Kpi.objects.get(code=code)
    measure_years(people, values, kpi, people[0].district, first=2022, **fields)


def found(reader, person, *, until=LAST, ratings=()):
    return needs(reader, teachers=[person.pk], until=until, links=LINKS, ratings={person.pk: ratings})[person.pk]


def test_a_need_says_what_it_rests_on(people):
    measured(people, "growth", of_first=(31, 29), sd=14)
    (need,) = found(OPERATOR, people[0])
    far = need.distances[0]
    assert need.competency == 3
    assert (far.kpi, far.years, far.students, far.fewest_peers) == ("growth", (2022, 2023), 50, 48)
    assert far.own == pytest.approx(30)
    assert far.low < far.value < far.high < 0
    assert far.found < far.value  # a part of the distance is put down to chance
    assert found(OPERATOR, people[1]) == []


def test_where_lower_is_better_more_is_a_need(people):
    measured(people, "discipline_per_100", of_first=(75, 78))
    (need,) = found(OPERATOR, people[0])
    assert need.competency == 5
    assert not need.distances[0].higher_is_better
    assert need.distances[0].own > need.distances[0].peers


def test_observations_are_compared_inside_the_school(people):
    """The first school's visitors are strict with everybody: only who is low there has a need."""
    rng = np.random.default_rng(8)
    scores = 3 + 0.4 * rng.normal(size=(len(people), 1)) + 0.15 * rng.normal(size=(len(people), 2))
    scores[:12] -= 1.5
    scores[0] = scores[1:12].mean(axis=0) - 0.9
    scores[1] = scores[2:12].mean(axis=0)
    schools = [person.assignments.get().school_id for person in people]
    kpi = Kpi.objects.get(code="observation")
    for school in dict.fromkeys(schools):
        mine = [place for place, own in enumerate(schools) if own == school]
        where = {"level": "teacher", "school_id": school, "n": None, "subject": "", "grades": ""}
        measure_years([people[place] for place in mine], scores[mine], kpi, people[0].district, first=2022, **where)
    (need,) = found(OPERATOR, people[0])
    assert (need.competency, need.sources) == (4, (NeedSource.OBSERVATION,))
    assert (need.distances[0].years, need.distances[0].figures) == ((2022, 2023), 2)
    assert found(OPERATOR, people[1]) == []


@pytest.mark.parametrize("n", [9, None])
def test_figures_of_few_or_unknown_students_lead_to_no_need(people, n):
    measured(people, "growth", of_first=(10, 10), n=n)
    assert found(OPERATOR, people[0]) == []


def test_old_figures_do_not_count(people):
    measured(people, "growth", of_first=(31, 29))
    assert found(OPERATOR, people[0], until=Year(2026)) == []


def test_figures_are_used_only_where_the_reader_may_see_them(people):
    measured(people, "growth", of_first=(31, 29))
    rating = SelfRating(4, 1, 3, TODAY)
    hr = user_with_role(Role.HR)
    hr.today = TODAY
    assert [need.competency for need in found(hr, people[0], ratings=[rating])] == [4]
    principal = user_with_role(Role.PRINCIPAL, people[0].assignments.get().school)
    principal.today = TODAY
    assert {need.competency for need in found(principal, people[0], ratings=[rating])} == {3, 4}


def test_a_self_assessment_is_a_need_of_its_own(people):
    (need,) = found(OPERATOR, people[0], ratings=[SelfRating(4, 2, 3, TODAY)])
    assert (need.rating.level, need.rating.relevance, need.distances) == (2, 3, ())
