"""Counts by school and year, and limits of a curve."""

import numpy as np
import pytest

from pd_tracker.reports.estimators.curves import count_cells, count_spells, limits


def test_spells_are_counted_by_year_school_and_way():
    counts = count_spells([0, 0, 1, 2], [2, 1, 3, 3], [0, 1, -1, 1], 2, ["a", "a", "b", "b"], None)
    assert counts.year.tolist() == [1, 2, 3]
    assert counts.at_risk.tolist() == [[2, 1, 0], [0, 1, 2]]
    assert counts.exits.tolist() == [[[0, 1, 0], [0, 0, 0]], [[1, 0, 0], [0, 0, 1]]]
    assert counts.censored.tolist() == [[0, 0, 0], [0, 0, 1]]
    assert not counts.clustered


def test_cells_of_a_year_and_school_are_added_up():
    counts = count_cells([1, 1, 2], [5, 3, 4], [[1, 0, 2]], [1, 2, 0], ["a", "a", "b"], None)
    assert counts.at_risk.tolist() == [[8, 0], [0, 4]]
    assert counts.exits.tolist() == [[[1, 0], [0, 2]]]
    assert counts.censored.tolist() == [[3, 0], [0, 0]]


def test_schools_without_anybody_in_view_do_not_count():
    counts = count_cells([1, 1, 5], [5, 0, 9], [[1, 0, 2]], [0, 0, 0], ["a", "b", "c"], None)
    assert (counts.year.tolist(), counts.at_risk.tolist()) == ([1], [[5]])


@pytest.mark.parametrize(("schools", "clustered"), [(9, False), (10, True)])
def test_ten_schools_are_enough_to_cluster(schools, clustered):
    ones = np.ones(schools, dtype=np.int64)
    assert count_cells(ones, ones, [ones * 0], ones * 0, np.arange(schools), None).clustered is clustered


def test_limits_at_the_ends_are_exact():
    low, high = limits(np.array([1.0, 0.5, 0.0]), np.array([0.0, 0.01, 0.0]), np.array([20.0, 15, 5]), 0.9)
    assert (low[0], high[0]) == (pytest.approx(0.05 ** (1 / 20)), 1)
    assert low[1] < 0.5 < high[1]
    assert (low[2], high[2]) == (0, pytest.approx(high[1] * (1 - 0.05 ** (1 / 5))))
