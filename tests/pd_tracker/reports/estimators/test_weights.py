"""Weights of classroom means, against statsmodels and against the truth they were drawn with."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from statsmodels.stats.meta_analysis import _fit_tau_mm

from pd_tracker.reports.estimators.weights import between_variance, classroom_weights


def drawn(count=4000, between=0.3, within=6.0, seed=2):
    rng = np.random.default_rng(seed)
    students = rng.integers(5, 60, count).astype(float)
    prior = rng.normal(size=count)
    outcome = 0.5 * prior + rng.normal(0, np.sqrt(between + within / students))
    return outcome, prior, students, np.full(count, within)


def test_without_variances_large_classes_are_capped_and_tiny_ones_dropped():
    assert classroom_weights([0, 4, 5, 60, 61, 400, np.nan]).tolist() == [0, 0, 5, 60, 60, 60, 0]


def test_weights_are_inverse_variances():
    weights = classroom_weights([5, 20, 60, 4], between=0.2, within=[4.0, 6.0, 6.0, 1.0])
    variance = np.array([0.2 + 4 / 5, 0.2 + 6 / 20, 0.2 + 6 / 60])
    assert weights[:3] * variance == pytest.approx(np.full(3, variance.mean()))
    assert weights[3] == 0


def test_more_students_help_the_less_the_more_classrooms_differ():
    def ratio(between):
        few, many = classroom_weights([10, 40], between=between, within=8.0)
        return many / few

    assert ratio(0.0) == pytest.approx(4)
    assert 1 < ratio(1.0) < ratio(0.1) < 4
    assert ratio(1000.0) == pytest.approx(1, abs=1e-3)


def test_without_any_variance_all_count_alike():
    assert classroom_weights([5, 30, 3], between=0.0, within=0.0).tolist() == [1, 1, 0]
    assert classroom_weights([], between=0.1, within=1.0).tolist() == []


@pytest.mark.parametrize("given", [{"between": 1.0}, {"within": 1.0}, {"between": -1.0, "within": 1.0}])
def test_half_or_negative_variances_are_refused(given):
    with pytest.raises(ValueError, match="variance"):
        classroom_weights([10], **given)


def test_the_variance_between_is_that_of_statsmodels_where_nothing_is_foretold():
    outcome, _prior, students, within = drawn(300)
    expected = _fit_tau_mm(outcome, within / students, np.ones(300))
    assert between_variance(outcome, np.zeros(300), students, within) == pytest.approx(expected)


def test_the_variance_between_is_the_residual_mean_square_of_statsmodels_less_that_of_students():
    outcome, prior, students, within = drawn(300)
    fit = sm.OLS(outcome, sm.add_constant(prior)).fit()
    expected = fit.mse_resid - np.mean(within / students)
    assert between_variance(outcome, prior, students, within) == pytest.approx(expected)


def test_the_variance_between_is_found_again_and_never_negative():
    assert between_variance(*drawn()) == pytest.approx(0.3, abs=0.04)
    outcome, prior, students, within = drawn(between=0)
    assert between_variance(outcome, prior, students, within * 2) == 0


def test_rows_that_lack_something_do_not_count():
    outcome, prior, students, within = drawn(60)
    expected = between_variance(outcome[:50], prior[:50], students[:50], within[:50])
    outcome[50:53], prior[53:56], students[56:58], students[58:] = np.nan, np.nan, np.nan, 4
    assert between_variance(outcome, prior, students, within) == pytest.approx(expected)
    assert between_variance([1.0, 2.0], [0.0, 1.0], [20, 20], 1.0) == 0


def test_a_slope_is_surer_with_these_weights_than_with_students_or_none():
    """200 samples of classes that differ much in size: the spread of the estimated slope is smallest."""
    found = {"ours": [], "students": [], "alike": []}
    for seed in range(200):
        outcome, prior, students, within = drawn(80, between=0.3, within=12.0, seed=seed)
        ours = classroom_weights(students, between=between_variance(outcome, prior, students, within), within=within)
        for name, weight in (("ours", ours), ("students", classroom_weights(students)), ("alike", np.ones(80))):
            found[name].append(sm.WLS(outcome, sm.add_constant(prior), weights=weight).fit().params[1])
    spread = {name: np.std(slopes) for name, slopes in found.items()}
    assert spread["ours"] < min(spread["students"], spread["alike"])
