"""Rounds, due days and validity of training that comes back, at the edges of years, spells and leap years."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from learning_plans.rules.choices import DueRule, MemberState, Repeats
from learning_plans.rules.recurring import Recurrence, good_until, round_holding, standing, years_after
from teachers.rules.periods import SchoolDays, Year

DAY = timedelta(days=1)
LONG_AGO = date(2019, 8, 1)
YEARLY = Recurrence(Repeats.SCHOOL_YEAR, DueRule.FIXED, due_on=date(2020, 10, 31), early_days=60)
CYCLE = Recurrence(
    Repeats.CYCLE, DueRule.AFTER_START, due_days=90, every_years=2, cycle_from=date(2024, 1, 1), early_days=30
)
RENEWED = Recurrence(Repeats.COMPLETION, DueRule.AFTER_HIRE, due_days=180, every_years=2, early_days=60)


def school_years(first: int, last: int) -> list[SchoolDays]:
    """From mid-August to mid-June, so that a summer lies between them."""
    years = [Year(start) for start in range(first, last + 1)]
    return [SchoolDays(y, date(y.start, 8, 15), date(y.start + 1, 6, 15), date(y.start, 10, 1)) for y in years]


YEARS = school_years(2022, 2028)


@pytest.mark.parametrize(
    ("day", "years", "expected"),
    [
        (date(2024, 2, 29), 1, date(2025, 2, 28)),
        (date(2024, 2, 29), 4, date(2028, 2, 29)),
        (date(2024, 2, 29), -1, date(2023, 2, 28)),
        (date(2023, 2, 28), 1, date(2024, 2, 28)),
        (date(2024, 3, 1), 1, date(2025, 3, 1)),
    ],
)
def test_a_year_later_is_the_same_day_or_the_end_of_february(day, years, expected):
    assert years_after(day, years) == expected


def test_a_school_year_lasts_until_the_next_one_begins():
    for on in (date(2026, 8, 15), date(2027, 6, 15), date(2027, 8, 14)):
        held = round_holding(on, YEARLY, YEARS)
        assert (held.starts_on, held.ends_on, held.due_on) == (date(2026, 8, 15), date(2027, 8, 14), date(2026, 10, 31))
        assert (held.opens_on, held.next_opens_on) == (date(2026, 6, 16), date(2027, 6, 16))
    assert round_holding(date(2027, 8, 15), YEARLY, YEARS).starts_on == date(2027, 8, 15)


@pytest.mark.parametrize(
    ("due_on", "expected"),
    [
        (date(1999, 8, 15), date(2026, 8, 15)),
        (date(1999, 8, 14), date(2027, 8, 14)),
        (date(2024, 2, 29), date(2027, 2, 28)),
    ],
)
def test_a_due_day_is_the_first_such_day_from_the_start_on(due_on, expected):
    assert round_holding(date(2026, 9, 1), replace(YEARLY, due_on=due_on), YEARS).due_on == expected


@pytest.mark.parametrize(
    ("on", "first", "last"),
    [
        (date(2024, 1, 1), date(2024, 1, 1), date(2025, 12, 31)),
        (date(2025, 12, 31), date(2024, 1, 1), date(2025, 12, 31)),
        (date(2026, 1, 1), date(2026, 1, 1), date(2027, 12, 31)),
        (date(2023, 5, 1), date(2024, 1, 1), date(2025, 12, 31)),  # before the first
    ],
)
def test_cycles_follow_each_other(on, first, last):
    held = round_holding(on, CYCLE, [])
    assert (held.starts_on, held.ends_on, held.due_on) == (first, last, first + 90 * DAY)


def test_a_cycle_from_leap_day_begins_in_february():
    leaping = replace(CYCLE, cycle_from=date(2024, 2, 29), every_years=1)
    assert round_holding(date(2025, 2, 27), leaping, []).starts_on == date(2024, 2, 29)
    assert round_holding(date(2025, 2, 28), leaping, []).starts_on == date(2025, 2, 28)
    assert round_holding(date(2028, 2, 29), leaping, []).starts_on == date(2028, 2, 29)


def yearly(on, *completed, joined_on=LONG_AGO, **given):
    held = round_holding(on, YEARLY, YEARS)
    return standing(YEARLY, completed=completed, hired_on=None, joined_on=joined_on, on=on, round_of_day=held, **given)


@pytest.mark.parametrize(
    ("on", "state"),
    [
        (date(2026, 9, 30), MemberState.OPEN),
        (date(2026, 10, 1), MemberState.DUE_SOON),
        (date(2026, 10, 31), MemberState.DUE_SOON),
        (date(2026, 11, 1), MemberState.OVERDUE),
        (date(2027, 8, 14), MemberState.OVERDUE),
        (date(2027, 8, 15), MemberState.OPEN),  # a new school year asks anew
    ],
)
def test_every_school_year_asks_anew(on, state):
    assert yearly(on, date(2025, 9, 1)).state is state


@pytest.mark.parametrize(
    ("completed", "until"),
    [
        (date(2026, 6, 15), None),
        (date(2026, 6, 16), date(2027, 8, 14)),  # sixty days before the year
        (date(2027, 6, 15), date(2027, 8, 14)),
        (date(2027, 6, 16), date(2028, 8, 14)),  # for the year after as well
    ],
)
def test_what_is_completed_early_counts_for_the_round_to_come(completed, until):
    found = yearly(date(2027, 7, 1), completed)
    assert (found.valid_until, found.state is MemberState.DONE) == (until, until is not None)
    assert good_until(completed, round_holding(date(2027, 7, 1), YEARLY, YEARS)) == until


def test_who_joins_after_the_due_day_has_thirty_days():
    for joined_on, due_on in ((date(2026, 10, 31), date(2026, 10, 31)), (date(2026, 11, 1), date(2026, 12, 1))):
        assert yearly(joined_on, joined_on=joined_on).due_on == due_on


def test_nobody_who_is_exempt_is_overdue_and_nobody_is_late_with_what_is_recommended():
    late = date(2026, 12, 1)
    assert yearly(late, is_exempt=True).state is MemberState.EXEMPT
    assert yearly(late, date(2026, 9, 1), is_exempt=True).state is MemberState.DONE
    assert yearly(late, is_required=False).state is MemberState.OPEN


def renewed(on, *completed, hired_on=LONG_AGO, joined_on=LONG_AGO):
    return standing(RENEWED, completed=completed, hired_on=hired_on, joined_on=joined_on, on=on)


@pytest.mark.parametrize(
    ("on", "state"),
    [
        (date(2026, 7, 2), MemberState.DONE),
        (date(2026, 7, 3), MemberState.OPEN),  # sixty days before it runs out
        (date(2026, 8, 2), MemberState.DUE_SOON),
        (date(2026, 9, 1), MemberState.DUE_SOON),
        (date(2026, 9, 2), MemberState.OVERDUE),
    ],
)
def test_a_completion_is_good_for_two_years_and_asked_for_again_before_it_runs_out(on, state):
    found = renewed(on, date(2020, 1, 1), date(2024, 9, 1))
    assert (found.state, found.due_on, found.valid_until) == (state, date(2026, 9, 1), date(2026, 9, 1))
    assert (found.done_on, found.counts_from) == (date(2024, 9, 1), date(2024, 9, 2))


def test_a_newcomer_has_the_days_after_being_hired_and_a_completion_to_come_does_not_count_yet():
    hired_on = date(2026, 11, 20)
    found = renewed(date(2027, 1, 10), date(2027, 2, 1), hired_on=hired_on, joined_on=hired_on)
    assert (found.state, found.due_on, found.done_on) == (MemberState.OPEN, hired_on + 180 * DAY, None)
    late_joiner = renewed(date(2027, 1, 10), hired_on=LONG_AGO, joined_on=date(2027, 1, 10))
    assert late_joiner.due_on == date(2027, 2, 9)


@pytest.mark.parametrize(
    ("back_on", "due_on"),
    [(date(2026, 9, 1), date(2026, 9, 1)), (date(2026, 9, 2), date(2026, 9, 2) + 180 * DAY)],
)
def test_who_left_and_comes_back_brings_along_what_is_still_good(back_on, due_on):
    found = renewed(back_on, date(2024, 9, 1), hired_on=back_on, joined_on=back_on)
    assert (found.due_on, found.state is MemberState.OVERDUE) == (due_on, False)


@pytest.mark.parametrize("joined_on", [date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 1), date(2026, 3, 1)])
def test_what_settles_the_first_round_is_what_had_not_run_out_on_joining(joined_on):
    counts_from = renewed(joined_on, joined_on=joined_on).counts_from
    runs_out = [years_after(day, 2) for day in (counts_from - DAY, counts_from)]
    assert runs_out[0] < joined_on <= runs_out[1]
