"""Seats by lot in the demonstration: draws anybody can repeat, and a report that finds nothing where nothing is."""

from __future__ import annotations

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction

from learning_plans.models import Enrollment, SeatDraw, Session
from pd_tracker.access import Operator
from pd_tracker.reports.catalogue import run

pytestmark = pytest.mark.slow
TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def demonstration(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("demo", teachers=400, years=5, seed=7, today=TODAY, stdout=StringIO())
        yield
        transaction.set_rollback(True)


@pytest.fixture
def loaded(demonstration, db):
    return Operator(today=TODAY)


def test_every_draw_comes_out_the_same_again(loaded):
    draws = list(SeatDraw.objects.all())
    assert len(draws) == 4
    assert all(draw.comes_out_the_same for draw in draws)
    for draw in draws:
        seated = draw.session.enrollments.filter(state__in=("completed", "no_show"))
        assert {row.drawn_place for row in seated} == set(range(1, draw.seats + 1))


def test_one_draw_is_still_to_come(loaded):
    session = Session.objects.get(seat_policy="lottery", seat_draw=None)
    assert session.draw_on > TODAY
    assert Enrollment.objects.filter(session=session, state="in_draw").count() == 24


def test_the_report_compares_and_finds_nothing(loaded):
    result = run("trial", loaded, on=TODAY, given={})
    rows = {row["comparison"]: row for row in result.table("trial").as_dicts() if "district" in row["outcome"]}
    offered = rows["Being offered a seat"]
    assert offered["sessions"] == 4
    assert 310 <= offered["winners"] + offered["losers"] <= 4 * 80  # a few were on leave on the census day
    assert offered["low"] < 0 < offered["high"]
    assert result.answer.startswith("Chance decided: of ")
    assert result.answer.endswith("A difference like that can come about by luck alone.")
    assert not any("differed before the draw" in words for words in result.warnings)
