"""The promises of an induction: a mentor, goals and time, each on its days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from learning_plans.rules.induction import Promise, Standing, by_day, enrolled_on, weekly_time

BEGINS = date(2026, 8, 17)


@pytest.mark.parametrize(
    ("made", "hired", "begins"),
    [
        (date(2026, 5, 20), date(2020, 8, 15), date(2026, 7, 1)),
        (date(2026, 5, 20), date(2026, 8, 17), date(2026, 8, 17)),
        (date(2026, 9, 2), date(2026, 8, 17), date(2026, 9, 2)),
        (date(2026, 9, 2), None, date(2026, 9, 2)),
    ],
)
def test_the_days_count_from_plan_work_and_school_year(made, hired, begins):
    assert enrolled_on(plan_made_on=made, year_starts_on=date(2026, 7, 1), hired_on=hired) == begins


@pytest.mark.parametrize(
    ("met_after", "now_after", "standing"),
    [
        (30, 100, Standing.KEPT),  # the last day counts
        (31, 100, Standing.LATE),
        (None, 30, Standing.OPEN),
        (None, 31, Standing.MISSED),
        (-200, 1, Standing.KEPT),  # a mentor from before
    ],
)
def test_a_promise_with_a_day(met_after, now_after, standing):
    met = None if met_after is None else BEGINS + timedelta(days=met_after)
    check = by_day(Promise.MENTOR, begins=BEGINS, days=30, met_on=met, on=BEGINS + timedelta(days=now_after))
    assert (check.standing, check.due_on, check.met_on) == (standing, date(2026, 9, 16), met)


def weekly(*visits: tuple[int, int], days: int):
    spent = [(BEGINS + timedelta(days=day), minutes) for day, minutes in visits]
    return weekly_time(spent, begins=BEGINS, wanted=60, on=BEGINS + timedelta(days=days))


def test_time_is_averaged_over_whole_weeks():
    assert weekly((0, 60), (8, 61), days=13).weekly == 60
    assert weekly((0, 60), (8, 61), days=13).standing is Standing.KEPT
    assert weekly((0, 60), (8, 59), days=13).standing is Standing.MISSED


def test_nothing_is_said_of_the_average_in_the_first_week():
    check = weekly((0, 10), days=5)
    assert (check.standing, check.weekly, check.wanted) == (Standing.OPEN, None, 60)
    assert weekly((0, 10), days=6).weekly == 10


def test_visits_before_and_after_do_not_count():
    assert weekly((-1, 500), (14, 500), (3, 70), days=6).weekly == 70
