"""What figures say of needs is stored, follows the figures, and is said in words."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from django.core.management import call_command

from learning_plans.models import KpiCompetency, NeedReason
from pd_tracker.reports.refreshing import refresh_needs
from teachers.models import Kpi, KpiValue
from tests.factories import CompetencyFactory, NeedReasonFactory
from tests.pd_tracker.reports.classes import measure_years, staff

pytestmark = pytest.mark.django_db
ON = date(2024, 5, 1)  # in 2023-24


@pytest.fixture
def people(district):
    return staff(district, schools=4, each=12)[0]


@pytest.fixture
def competency():
    made = CompetencyFactory()
    KpiCompetency.objects.create(kpi=Kpi.objects.get(code="growth"), competency=made)
    return made


def measured(people, *, of_first, students=25):
    rng = np.random.default_rng(3)
    values = 50 + 10 * (0.8 * rng.normal(size=(len(people), 1)) + 0.5 * rng.normal(size=(len(people), 2)))
    values[0] = of_first
    measure_years(people, values, Kpi.objects.get(code="growth"), people[0].district, first=2022, sd=14)
    KpiValue.objects.filter(teacher=people[0]).update(n=students)


def of(person):
    return NeedReason.objects.filter(need__teacher=person, source="kpi")


def test_low_figures_become_a_reason_in_words_and_better_ones_take_it_away(people, competency):
    measured(people, of_first=(28, 29))

    assert refresh_needs(on=ON) == NeedReason.objects.count()

    reason = of(people[0]).get()
    assert (reason.need.competency, reason.found_on, reason.given_by) == (competency, ON, None)
    assert 0 < reason.strength <= 1
    (words,) = reason.sentences
    assert words.startswith("Student growth, 2022-23 to 2023-24: 28.5; comparable ones")
    assert "(50 students, beside 48 others)" in words
    assert reason.history.count() == 1

    assert refresh_needs(on=ON) == 0
    KpiValue.objects.filter(teacher=people[0]).update(value=50)
    refresh_needs(on=ON)
    assert not of(people[0]).exists()
    assert [change.history_type for change in NeedReason.history.filter(id=reason.pk)] == ["-", "+"]


def test_fewer_than_ten_students_say_nothing(people, competency):
    measured(people, of_first=(20, 21), students=9)
    refresh_needs(on=ON)
    assert not of(people[0]).exists()


def test_what_somebody_said_is_left_alone(people, competency):
    said = NeedReasonFactory(need__teacher=people[0], need__competency=competency)
    measured(people, of_first=(50, 50))
    refresh_needs(on=ON)
    assert NeedReason.objects.get(need__teacher=people[0]) == said


def test_figures_of_a_retired_part_say_nothing(people, competency):
    measured(people, of_first=(28, 29))
    competency.is_retired = True
    competency.save()
    assert refresh_needs(on=ON) == 0


def test_the_command_says_how_much_changed(people, competency, capsys):
    call_command("refresh_needs")
    assert "Reasons that changed: 0" in capsys.readouterr().out
