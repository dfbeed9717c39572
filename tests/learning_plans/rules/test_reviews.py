"""The way between two figures."""

from __future__ import annotations

from decimal import Decimal

import pytest

from learning_plans.rules.reviews import Move, moved


@pytest.mark.parametrize(
    ("then", "now", "move"),
    [
        (1, 2, Move.MORE),
        (2, 1, Move.LESS),
        (0, 0, Move.SAME),
        (None, None, Move.SAME),
        (None, 0, Move.NEW),
        (0, None, Move.GONE),
    ],
)
def test_the_way_between_two_figures(then, now, move):
    values = [None if each is None else Decimal(each) for each in (then, now)]
    assert moved(*values) is move
