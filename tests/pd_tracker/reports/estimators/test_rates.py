"""Rates against statsmodels and the published examples of Newcombe (1998)."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from pd_tracker.reports.estimators.rates import (
    Difference,
    Rate,
    exact_bound,
    newcombe_difference,
    normal_critical,
    wilson_rate,
)

# Newcombe (1998), Statistics in Medicine 17:857, table I, method 3.
NEWCOMBE_WILSON = [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611), (1, 29, 0.0061, 0.1718)]


@pytest.mark.parametrize(("count", "total", "low", "high"), NEWCOMBE_WILSON)
def test_wilson_rate_agrees_with_newcombe(count, total, low, high):
    rate = wilson_rate(count, total)
    assert (rate.low, rate.high) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize("level", [0.8, 0.95, 0.99])
@pytest.mark.parametrize(("count", "total"), [(0, 1), (0, 7), (7, 7), (18, 20), (1, 400), (123_456, 3_000_000)])
def test_wilson_rate_agrees_with_statsmodels(count, total, level):
    rate = wilson_rate(count, total, level=level)
    expected = proportion_confint(count, total, alpha=1 - level, method="wilson")
    assert (rate.low, rate.high) == pytest.approx(expected, abs=1e-12)


@given(st.integers(1, 10_000).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))))
def test_wilson_rate_stays_inside_and_mirrors(pair):
    count, total = pair
    rate, mirror = wilson_rate(count, total), wilson_rate(total - count, total)
    assert 0 <= rate.low <= rate.value <= rate.high <= 1
    assert (1 - rate.high, 1 - rate.low) == pytest.approx((mirror.low, mirror.high), abs=1e-12)


def test_wilson_rate_of_an_empty_group_is_unknown():
    assert wilson_rate(0, 0) == Rate(0, 0, None, None, None)


@pytest.mark.parametrize(("count", "total"), [(-1, 5), (6, 5), (1, 0)])
def test_rates_refuse_what_is_not_a_share(count, total):
    for rate in (wilson_rate, exact_bound):
        with pytest.raises(ValueError, match="not a share"):
            rate(count, total)


@pytest.mark.parametrize("level", [0, 1, 95])
def test_rates_refuse_an_impossible_level(level):
    for rate in (wilson_rate, exact_bound):
        with pytest.raises(ValueError, match="between 0 and 1"):
            rate(1, 5, level=level)


def test_normal_critical_is_the_familiar_number():
    assert normal_critical() == pytest.approx(1.959963984540054)


@pytest.mark.parametrize("total", [1, 20, 37, 1000])
def test_exact_bound_agrees_with_statsmodels(total):
    assert exact_bound(0, total) == pytest.approx(proportion_confint(0, total, method="beta")[1])
    assert exact_bound(total, total) == pytest.approx(proportion_confint(total, total, method="beta")[0])


def test_exact_bound_speaks_only_at_the_ends():
    assert exact_bound(0, 37) == pytest.approx(0.095, abs=5e-4)
    assert exact_bound(3, 37) is None
    assert exact_bound(0, 0) is None


def test_newcombe_difference_agrees_with_newcombe():
    # Newcombe (1998), Statistics in Medicine 17:873, table II, example (a), method 10.
    found = newcombe_difference(56, 70, 48, 80)
    assert (found.value, found.low, found.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)


@pytest.mark.parametrize("counts", [(0, 10, 0, 20), (10, 10, 0, 20), (5, 56, 0, 29), (900, 1000, 870, 1000)])
def test_newcombe_difference_agrees_with_statsmodels(counts):
    found = newcombe_difference(*counts, level=0.9)
    expected = confint_proportions_2indep(*counts, method="newcomb", compare="diff", alpha=0.1)
    assert (found.low, found.high) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("counts", [(0, 0, 3, 9), (3, 9, 0, 0)])
def test_newcombe_difference_with_an_empty_group_is_unknown(counts):
    assert newcombe_difference(*counts) == Difference(None, None, None)


def test_rates_cost_no_heavy_import():
    script = "import sys, pd_tracker.reports.estimators.rates; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
