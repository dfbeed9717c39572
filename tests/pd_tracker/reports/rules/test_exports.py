"""When a saved export is made by itself."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from pd_tracker.reports.rules.exports import Schedule, last_month_end, next_run

WEDNESDAY = date(2026, 1, 14)


@pytest.mark.parametrize("weekday", range(7))
def test_every_week_is_the_next_day_of_that_name_and_never_today(weekday):
    found = next_run(Schedule.WEEKLY, weekday, after=WEDNESDAY)

    assert found.weekday() == weekday
    assert timedelta(0) < found - WEDNESDAY <= timedelta(7)


@pytest.mark.parametrize(
    ("after", "found"),
    [
        (date(2026, 1, 1), date(2026, 2, 1)),
        (date(2026, 1, 31), date(2026, 2, 1)),
        (date(2024, 2, 29), date(2024, 3, 1)),
        (date(2026, 12, 31), date(2027, 1, 1)),
    ],
)
def test_a_month_is_made_when_it_is_over(after, found):
    assert next_run(Schedule.MONTH_END, None, after=after) == found
    assert last_month_end(found) == found - timedelta(days=1)


def test_nothing_is_made_without_a_schedule():
    assert next_run(Schedule.NONE, None, after=WEDNESDAY) is None


def test_a_day_that_was_missed_still_shows_the_month_that_is_over():
    assert last_month_end(date(2026, 3, 4)) == date(2026, 2, 28)
