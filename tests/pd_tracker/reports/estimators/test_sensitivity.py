"""E-values as published."""

from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pd_tracker.reports.estimators.dose_response import dose_response
from pd_tracker.reports.estimators.intervals import Interval
from pd_tracker.reports.estimators.sensitivity import EValue, as_risk_ratio, e_value, e_values, yardstick


@pytest.mark.parametrize(
    ("ratio", "expected", "digits"),
    [
        (3.9, 7.263034, 6),  # documentation of the R package rmorie
        (2.4, 4.23303, 5),
        (3.8, 7.1, 1),  # European Journal of Physical and Rehabilitation Medicine 2024;60:145, table V
    ],
)
def test_as_published(ratio, expected, digits):
    assert e_value(ratio) == pytest.approx(expected, abs=0.5 * 10**-digits)


@given(st.floats(0.01, 100))
def test_both_directions_are_alike(ratio):
    assert e_value(ratio) == pytest.approx(e_value(1 / ratio), rel=1e-9)
    assert e_value(ratio) >= max(ratio, 1 / ratio) >= 1


@pytest.mark.parametrize(
    ("ratio", "limit"),
    [
        (Interval(3.9, 0.2, 2.4, 6.3), e_value(2.4)),
        (Interval(0.5, 0.2, 0.3, 0.8), e_value(0.8)),
        (Interval(1.2, 0.2, 0.9, 1.6), 1),
        (Interval(1.2, 0.2, 1.0, 1.6), 1),
        (Interval(3.9), None),
    ],
)
def test_the_limit_nearest_to_one(ratio, limit):
    assert e_values(ratio) == EValue(e_value(ratio.value), limit)


def test_standard_deviations():
    found = as_risk_ratio(Interval(0.2, 0.05, 0.1, 0.3))
    assert (found.low, found.value, found.high) == pytest.approx((exp(0.091), exp(0.182), exp(0.273)))
    assert found.se == pytest.approx(0.0455)
    assert as_risk_ratio(Interval(0.0)) == Interval(1.0)


@pytest.mark.parametrize("ratio", [0, -1])
def test_no_ratio(ratio):
    with pytest.raises(ValueError, match="above 0"):
        e_value(ratio)


def test_yardstick_is_the_strongest_covariate(person_years):
    found = dose_response(person_years(1, schools=60).cells(), reference="1-14")
    ratios = [row.risk_ratio.value for rows in found.covariates.values() for row in rows if row.risk_ratio]
    longest = yardstick(found.covariates)
    assert longest.ratio == pytest.approx(max(max(ratio, 1 / ratio) for ratio in ratios))
    assert longest.factor == "tenure"
    assert yardstick({}) is None
