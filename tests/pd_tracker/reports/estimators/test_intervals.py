"""Values that carry what schools do to them."""

import numpy as np
import pytest
from scipy.stats import t

from pd_tracker.reports.estimators.intervals import Estimate, Interval


def estimate(value, seed=1):
    return Estimate(value, np.random.default_rng(seed).normal(0, 0.01, 12))


def test_interval_is_students():
    found = estimate(0.1).interval(0.9)
    se = np.linalg.norm(estimate(0.1).deviation)
    assert (found.se, estimate(0.1).se) == (pytest.approx(se), pytest.approx(se))
    assert (found.low, found.high) == pytest.approx(t.interval(0.9, 11, loc=0.1, scale=se))


def test_differences_know_what_the_two_share():
    one, other = estimate(0.3), estimate(0.1)
    assert (one - other).value == pytest.approx(0.2)
    assert (one - other).se == 0
    assert (one - estimate(0.1, seed=2)).se == pytest.approx(
        np.linalg.norm(one.deviation - estimate(0.1, seed=2).deviation)
    )


def test_ratios_are_built_on_the_logarithm():
    one, other = estimate(0.3), estimate(0.1, seed=2)
    found = (one.log() - other.log()).exponential(0.95)
    logs = (one.log() - other.log()).interval(0.95)
    assert found.value == pytest.approx(3)
    assert (found.se, found.low, found.high) == (
        logs.se,
        pytest.approx(np.exp(logs.low)),
        pytest.approx(np.exp(logs.high)),
    )
    assert logs.se == pytest.approx(np.linalg.norm(one.deviation / 0.3 - other.deviation / 0.1))


def test_without_schools_there_is_a_value_and_no_interval():
    bare = Estimate(0.2, None)
    assert (bare - estimate(0.1)).se is None
    assert bare.interval(0.95) == Interval(0.2)
    assert bare.log().exponential(0.95) == Interval(pytest.approx(0.2))
