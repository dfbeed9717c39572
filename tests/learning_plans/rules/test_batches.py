"""Rows in batches."""

from __future__ import annotations

from learning_plans.rules.batches import batches


def test_every_row_once_in_its_order():
    assert list(batches(iter("abcde"), 2)) == [["a", "b"], ["c", "d"], ["e"]]
    assert list(batches([])) == []


def test_what_is_written_in_between_changes_nothing():
    rows = [1, 2, 3]
    found = batches(rows, 2)
    rows.append(4)
    assert list(found) == [[1, 2], [3]]
