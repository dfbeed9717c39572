"""Where a teacher's figure stands."""

from __future__ import annotations

from decimal import Decimal

import pytest

from learning_plans.rules.measures import Reading, combined, is_better


def reading(value: int, students: int, *, is_whole: bool = False) -> Reading:
    return Reading(Decimal(value), students, is_whole)


def test_classes_count_by_their_students():
    assert combined([reading(40, 10), reading(50, 30)]) == (Decimal("47.5"), 40)


def test_the_figure_of_the_whole_goes_before_its_classes():
    assert combined([reading(40, 10), reading(60, 12, is_whole=True)]) == (Decimal(60), 12)


@pytest.mark.parametrize("readings", [[], [reading(40, 9)], [reading(40, 4), reading(50, 5)]])
def test_below_ten_students_there_is_no_figure(readings):
    assert combined(readings) is None


@pytest.mark.parametrize(("value", "higher", "expected"), [(51, True, True), (50, True, False), (49, False, True)])
def test_which_side_is_better(value, higher, expected):
    assert is_better(Decimal(value), Decimal(50), higher_is_better=higher) is expected
