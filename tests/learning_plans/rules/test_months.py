"""Months of a calendar."""

from __future__ import annotations

from datetime import date

import pytest

from learning_plans.rules.months import Month


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2026-11", Month(2026, 11)), ("2026-13", None), ("2026-00", None), ("1999-12", None), ("2101-01", None),
     ("2026-1", None), ("20261-1", None), ("", None), ("2026/11", None), ("２０２６-11", None), ("-026-11", None)],
)  # fmt: skip
def test_a_month_is_named_or_nothing(text, expected):
    assert Month.named(text) == expected
    assert expected is None or str(expected) == text


def test_neighbors_and_ends():
    december, february = Month(2026, 12), Month(2028, 2)
    assert (december.next, december.before, december.last) == (Month(2027, 1), Month(2026, 11), date(2026, 12, 31))
    assert (february.last, Month(2027, 1).before) == (date(2028, 2, 29), december)


def test_weeks_are_whole_and_begin_on_sunday():
    weeks = Month(2026, 11).weeks
    assert {len(week) for week in weeks} == {7}
    assert (weeks[0][0], weeks[-1][-1]) == (date(2026, 11, 1), date(2026, 12, 5))
