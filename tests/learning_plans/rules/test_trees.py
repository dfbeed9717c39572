"""Parts in the order in which they are read, whatever the file says about them."""

from __future__ import annotations

from learning_plans.rules.trees import in_order


def ordered(parents):
    return list(in_order(list(parents), key=lambda part: part, parent=parents.get))


def test_a_whole_comes_before_its_parts():
    assert ordered({3: 1, 1: None, 2: 1, 4: 3}) == [(1, 0), (3, 1), (4, 2), (2, 1)]


def test_what_lies_below_nothing_that_is_there_stands_at_the_top():
    assert ordered({1: 9, 2: 1}) == [(1, 0), (2, 1)]


def test_a_circle_loses_nobody():
    assert ordered({1: 2, 2: 1, 3: None}) == [(3, 0), (1, 0), (2, 1)]
