"""Smallest differences that can be seen: a table, and what they promise."""

import numpy as np
import pytest
import statsmodels.stats.power as power_of

from pd_tracker.reports.estimators.detectable import detectable_difference, planned_se

# At 90% retention and 40 teachers per school, in points: teachers, share exposed, without ICC, with an ICC of .02.
TABLE = [
    (500, 0.5, 7.5, 10.0),
    (500, 0.1, 12.5, 16.7),
    (500, 0.02, 26.9, 35.8),
    (2_000, 0.5, 3.8, 5.0),
    (2_000, 0.1, 6.3, 8.4),
    (2_000, 0.02, 13.4, 17.9),
    (100_000, 0.5, 0.5, 0.7),
    (100_000, 0.1, 0.9, 1.2),
    (100_000, 0.02, 1.9, 2.5),
    (3_000_000, 0.1, 0.16, 0.22),
]


@pytest.mark.parametrize(("teachers", "share", "alone", "in_schools"), TABLE)
def test_before_there_are_data(teachers, share, alone, in_schools):
    exposed = teachers * share
    for icc, expected in ((0, alone), (0.02, in_schools)):
        se = planned_se(0.9, exposed, teachers - exposed, per_school=40, icc=icc)
        assert 100 * detectable_difference(se) == pytest.approx(expected, abs=0.005 if expected < 0.3 else 0.06)


def test_agrees_with_statsmodels():
    found = power_of.NormalIndPower().solve_power(nobs1=200, ratio=2, alpha=0.05, power=0.8)
    assert detectable_difference(np.sqrt(1 / 200 + 1 / 400)) == pytest.approx(found, rel=1e-5)


@pytest.mark.parametrize("clusters", [8, 200])
def test_four_estimates_of_five_are_seen(clusters):
    random = np.random.default_rng(clusters)
    schools = random.normal(size=(20_000, clusters))
    se = schools.std(axis=1, ddof=1) / np.sqrt(clusters)
    true = detectable_difference(1 / np.sqrt(clusters), clusters)
    t = (schools.mean(axis=1) + true) / se
    assert (t > detectable_difference(1, clusters, power=0.5)).mean() == pytest.approx(0.8, abs=0.02)


def test_few_schools_see_less():
    assert detectable_difference(1) == pytest.approx(2.80, abs=0.005)
    assert detectable_difference(1, 5) == pytest.approx(3.72, abs=0.005)


def test_impossible_plans_are_refused():
    with pytest.raises(ValueError, match="two schools"):
        detectable_difference(1, 1)
    with pytest.raises(ValueError, match="two schools"):
        detectable_difference(-1)
    for rate, exposed, icc in ((1.1, 5, 0), (0.5, 0, 0), (0.5, 5, 2)):
        with pytest.raises(ValueError, match="Both groups"):
            planned_se(rate, exposed, 5, icc=icc)
