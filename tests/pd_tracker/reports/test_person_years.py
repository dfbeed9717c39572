"""`manage.py person_years` says what differs, ends with 1, and makes it anew when asked to."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from learning_plans.models import TrainingYear
from pd_tracker.reports.facts import stored
from pd_tracker.reports.models import PersonYearStore
from teachers.models import Employment, School, Teacher
from tests.pd_tracker.reports.conftest import trained
from tests.pd_tracker.reports.facts.stored_years import kept

pytestmark = pytest.mark.django_db
AGREES = "Nothing that is stored differs from the facts.\n"


def told(*arguments):
    out = io.StringIO()
    call_command("person_years", *arguments, stdout=out)
    return out.getvalue()


def refused():
    out = io.StringIO()
    with pytest.raises(CommandError, match=r"\d differences\. Put them right with: manage\.py person_years --repair"):
        call_command("person_years", stdout=out)
    return out.getvalue().splitlines()


def test_what_agrees_is_said_to_whatever_was_changed_in_between(staffed, district, monkeypatch):
    monkeypatch.setattr(stored, "PART", 2)
    kept(district)
    assert told() == AGREES
    row = staffed["left"].employments.get()
    row.ended_on = None
    row.save()
    trained(staffed["hill"][0], 3, date(2023, 9, 1))
    assert told() == AGREES


def test_what_differs_is_named_and_made_anew_on_demand(staffed, district):
    teacher = staffed["left"]
    kept(district)
    Employment.objects.filter(teacher=teacher).update(ended_on=date(2025, 6, 30))
    Teacher.objects.filter(pk=staffed["left_before"].pk).update(birth_year=1962)
    TrainingYear.objects.create(
        teacher=staffed["hill"][1], year=2021, category="", minutes=90, completions=1, last_on=date(2021, 10, 1)
    )
    lines = refused()
    assert f"{teacher.staff_id} 2023-24: stored is status 5, but the facts say status 4" in lines
    assert f"{staffed['left_before'].staff_id}: stored is born 0, but the facts say born 1962" in lines
    assert (
        f"{staffed['hill'][1].staff_id} 2021-22: stored is completions 0, minutes 0, but the facts say completions 1, "
        "minutes 90" in lines
    )
    assert told("--repair").endswith(f"{district}: 29 person-years were made anew.\n")
    assert told() == AGREES


def test_years_that_are_missing_are_named(staffed, district, hill):
    kept(district)
    teacher = staffed["left_before"]
    Employment.objects.filter(teacher=teacher).update(ended_on=None)
    teacher.assignments.update(ended_on=None)
    lines = refused()
    assert any(
        line.startswith(f"{teacher.staff_id} 2024-25: stored is nothing, but the facts say school 0100")
        for line in lines
    )


def test_what_is_not_read_is_no_difference(staffed, district):
    nothing = f"{district}: nothing is stored that reports read; they work everything out.\n"
    assert told() == nothing + AGREES
    kept(district)
    School.objects.filter(school_id="0100").update(closed_on=date(2024, 6, 30))
    assert told() == nothing + AGREES
    assert told("--repair") == f"{nothing}{district}: 29 person-years were made anew.\n{AGREES}"
    assert told() == AGREES
    assert PersonYearStore.objects.count() == 1
