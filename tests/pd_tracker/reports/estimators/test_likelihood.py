"""Logistic likelihood against statsmodels, Firth's against closed forms and a search for its maximum."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.optimize import minimize
from scipy.special import expit, log_expit, logit

from pd_tracker.reports.estimators.likelihood import solve


def patterns(seed, *, count=30, columns=4):
    random = np.random.default_rng(seed)
    x = np.column_stack([np.ones(count), random.integers(0, 2, (count, columns - 1))]).astype(float)
    n = random.integers(1, 40, count).astype(float)
    return x, n, random.binomial(n.astype(int), expit(x @ random.normal(-0.4, 0.6, columns))).astype(float)


def without_intercept_correction(x, n, left):
    """Firth's coefficients by a search for the highest penalised likelihood, on the formula of the paper."""

    def penalised(b):
        chance = expit(x @ b)
        information = x.T @ ((n * chance * (1 - chance))[:, None] * x)
        return -(left @ log_expit(x @ b) + (n - left) @ log_expit(-x @ b) + np.linalg.slogdet(information)[1] / 2)

    return minimize(penalised, np.zeros(x.shape[1]), method="BFGS", options={"gtol": 1e-9, "maxiter": 2000}).x


@pytest.mark.parametrize("seed", range(5))
def test_likelihood_agrees_with_statsmodels(seed):
    x, n, left = patterns(seed)
    oracle = sm.GLM(np.column_stack([left, n - left]), x, family=sm.families.Binomial()).fit(tol=1e-13)
    found = solve(x, n, left, "maximum likelihood")
    np.testing.assert_allclose(found.values, oracle.params, atol=1e-9)
    np.testing.assert_allclose(found.bread, oracle.cov_params(), atol=1e-9)
    np.testing.assert_allclose(x.T @ (left - n * found.expected), 0, atol=1e-8)


@pytest.mark.parametrize("seed", range(5))
def test_firth_is_where_a_search_finds_the_top(seed):
    x, n, left = patterns(seed, count=12, columns=3)
    left[x[:, 1] == 1] = 0
    oracle, found = without_intercept_correction(x, n, left), solve(x, n, left, "Firth")
    np.testing.assert_allclose(found.values[1:], oracle[1:], atol=1e-4)
    np.testing.assert_allclose(x.T @ (left - n * found.expected), 0, atol=1e-8)


def test_firth_moves_the_intercept_until_as_many_leave_as_did():
    x, n, left = patterns(3)
    found = solve(x, n, left, "Firth")
    assert n @ expit(x @ found.values) == pytest.approx(left.sum(), abs=1e-8)


@pytest.mark.parametrize(("left", "chance"), [(0, 0.5 / 38), (37, 37.5 / 38)])
def test_firth_when_nobody_or_everybody_left_adds_a_half(left, chance):
    found = solve(np.ones((1, 1)), np.array([37.0]), np.array([float(left)]), "Firth")
    assert expit(found.values[0]) == pytest.approx(chance)


def test_firth_in_a_two_by_two_table_adds_a_half_to_every_cell():
    # 0 of 37 left in one group and 5 of 50 in the other: the closed form of the log odds ratio.
    x, n, left = np.array([[1.0, 0], [1, 1]]), np.array([50.0, 37]), np.array([5.0, 0])
    found = solve(x, n, left, "Firth")
    assert found.values[1] == pytest.approx(logit(0.5 / 38) - logit(5.5 / 51), abs=1e-9)


def test_likelihood_has_no_maximum_when_somebody_surely_stays():
    x, n, left = np.array([[1.0, 0], [1, 1]]), np.array([50.0, 37]), np.array([5.0, 0])
    assert solve(x, n, left, "maximum likelihood") is None
    # Nobody at either level of either column alone, but everybody who is at both.
    corners = np.array([[1.0, 0, 0], [1, 0, 1], [1, 1, 0], [1, 1, 1]])
    assert solve(corners, np.full(4, 40.0), np.array([0.0, 0, 0, 20]), "maximum likelihood") is None
    assert solve(corners, np.full(4, 40.0), np.array([0.0, 0, 0, 20]), "Firth") is not None


def test_patterns_of_nobody_count_nowhere():
    x, n, left = patterns(4)
    wide = np.vstack([x, x[:3]])
    found = solve(wide, np.append(n, [0.0, 0, 0]), np.append(left, [0.0, 0, 0]), "Firth")
    plain = solve(x, n, left, "Firth")
    np.testing.assert_allclose(found.values, plain.values, atol=1e-10)
    np.testing.assert_allclose(found.bread, plain.bread, atol=1e-10)


@pytest.mark.parametrize("method", ["maximum likelihood", "Firth"])
def test_what_the_counts_leave_open_stays_where_it_began(method):
    x, n, left = patterns(5, columns=3)
    twice = np.column_stack([x, x[:, 1]])
    start = np.array([-1.0, 0.3, 0.2, 0.1])
    found, plain = solve(twice, n, left, method, start), solve(x, n, left, method)
    assert found.values[1] + found.values[3] == pytest.approx(plain.values[1], abs=1e-8)
    assert found.values[1] - found.values[3] == pytest.approx(0.2, abs=1e-8)


def test_bread_follows_the_moved_intercept():
    # A little more leaving in one pattern, weighed by its columns, moves the coefficients as the bread says.
    x, n, left = patterns(6)
    more = np.zeros(len(n))
    more[2] = 1e-4
    found, moved = solve(x, n, left, "maximum likelihood"), solve(x, n, left + more, "maximum likelihood")
    np.testing.assert_allclose(moved.values - found.values, found.bread @ (x.T @ more), rtol=1e-3)
