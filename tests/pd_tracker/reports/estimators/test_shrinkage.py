"""Shrunken course estimates against published tables, brute force and planted truths."""

from time import process_time

import numpy as np
import pytest
from scipy.stats import false_discovery_control, norm

from pd_tracker.reports.estimators.shrinkage import benjamini_hochberg, forest

# Benjamini & Hochberg (1995), the 15 p-values of their example as carried by scipy's documentation.
BH_1995 = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
           0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]  # fmt: skip
ADJUSTED = [0.0015, 0.003, 0.0095, 0.035625, 0.0603, 0.06385714, 0.06385714, 0.0645,
            0.0765, 0.486, 0.58118182, 0.714875, 0.75323077, 0.81321429, 1.0]  # fmt: skip
# Coaching for the SAT in eight schools (Rubin 1981; Gelman et al., Bayesian Data Analysis, section 5.5).
COACHED, ERRORS = [28, 8, -3, 7, -1, 1, 18, 12], [15, 10, 16, 11, 9, 11, 10, 18]


def courses(value, se, **options):
    often = {"takers": [100] * len(value), "schools": [20] * len(value), "scale": 0.1}
    return forest(value, se, **(often | options))


def planted(random, count, spread):
    se = random.uniform(0.04, 0.2, count)
    truth = random.normal(0, spread, count)
    return truth, truth + random.normal(size=count) * se, se


def test_benjamini_hochberg_1995():
    found = benjamini_hochberg(BH_1995)
    assert found == pytest.approx(ADJUSTED, abs=5e-9)
    assert (found < 0.05).sum() == 4
    assert (np.array(BH_1995) * 15 < 0.05).sum() == 3


@pytest.mark.parametrize("size", [0, 1, 2, 500])
def test_benjamini_hochberg_agrees_with_scipy_in_any_order(size):
    p = np.random.default_rng(size).random(size) ** 2
    np.testing.assert_allclose(benjamini_hochberg(p), false_discovery_control(p) if size else [], atol=1e-15)


@pytest.mark.parametrize("p", [[0.5, np.nan], [-0.1], [1.1]])
def test_impossible_p_values_are_refused(p):
    with pytest.raises(ValueError, match="between 0 and 1"):
        benjamini_hochberg(p)


def test_eight_schools_pooled_completely():
    # With no room for a spread the posterior is the pooled mean 7.7 with variance 16.6, as printed in section 5.5.
    found = courses(COACHED, ERRORS, scale=1e-6)
    assert found.mean == pytest.approx(7.7, abs=0.05)
    assert {round(one.sd**2, 1) for one in found.courses} == {16.6}
    assert [one.mean for one in found.courses] == pytest.approx([7.69] * 8, abs=0.005)


def test_eight_schools_hardly_pooled():
    found = courses(COACHED, ERRORS, scale=1e5)
    assert [one.mean for one in found.courses] == pytest.approx(COACHED, abs=0.2)
    assert [one.sd for one in found.courses] == pytest.approx(ERRORS, rel=0.01)


@pytest.mark.parametrize("scale", [5.0, 25.0])
def test_eight_schools_agree_with_brute_force(scale):
    y, s = np.array(COACHED, dtype=float), np.array(ERRORS, dtype=float)
    mu, tau = np.meshgrid(np.linspace(-80, 100, 601), (np.arange(800) + 0.5) * scale / 160, indexing="ij")
    density = norm.pdf(tau, 0, scale)
    for one, error in zip(y, s, strict=True):
        density = density * norm.pdf(one, mu, np.hypot(error, tau))
    density /= density.sum()
    found = courses(y, s, scale=scale)
    assert (found.mean, found.spread) == pytest.approx(((density * mu).sum(), (density * tau).sum()), rel=1e-4)
    for one, error, course in zip(y, s, found.courses, strict=True):
        kept = tau**2 / (error**2 + tau**2)
        mean, sd = kept * one + (1 - kept) * mu, np.sqrt(kept) * error
        assert course.mean == pytest.approx((density * mean).sum(), rel=1e-4)
        assert course.sd**2 == pytest.approx((density * (sd**2 + (mean - course.mean) ** 2)).sum(), rel=1e-4)
        below = [(density * norm.cdf(end, mean, sd)).sum() for end in (course.low, course.high)]
        assert below == pytest.approx([0.025, 0.975], abs=2e-5)


def test_shrunken_estimates_are_closer_and_do_not_exaggerate():
    random = np.random.default_rng(1)
    errors, pulled, best_raw, best_pulled, flagged = [], [], [], [], 0
    for _run in range(40):
        truth, value, se = planted(random, 200, 0.03)
        found = courses(value, se).courses
        mean = np.array([one.mean for one in found])
        errors.append(np.mean((value - truth) ** 2))
        pulled.append(np.mean((mean - truth) ** 2))
        best_raw.append(value.max() - truth[value.argmax()])
        best_pulled.append(mean.max() - truth[mean.argmax()])
        flagged += sum(one.p < 0.05 for one in found)
    assert np.sqrt(np.mean(errors)) > 0.12
    assert np.sqrt(np.mean(pulled)) == pytest.approx(0.029, abs=0.002)
    assert np.mean(best_raw) > 0.35
    assert np.mean(best_pulled) == pytest.approx(0, abs=0.02)
    assert flagged / 40 > 10


@pytest.mark.parametrize("spread", [0.0, 0.03, 0.10])
@pytest.mark.parametrize("count", [10, 50])
def test_shrunken_intervals_cover(spread, count):
    random = np.random.default_rng(2)
    covered = []
    for _run in range(60):
        truth, value, se = planted(random, count, spread)
        found = courses(value, se).courses
        covered += [one.low < real < one.high for one, real in zip(found, truth, strict=True)]
    assert np.mean(covered) > 0.91


@pytest.mark.slow
def test_nothing_but_noise_is_rarely_promising():
    random = np.random.default_rng(3)
    found = [courses(*planted(random, 200, 0.0)[1:]).courses for _run in range(100)]
    assert np.mean([sum(one.p < 0.05 for one in run) for run in found]) > 8
    assert sum(any(one.adjusted_p < 0.05 for one in run) for run in found) <= 12
    assert sum(any(one.promising for one in run) for run in found) <= 5


def test_promising_needs_all_four():
    value, se = [0.5, 0.5, 0.5, 0.0, 0.0, -0.1], [0.05] * 6
    found = courses(value, se, scale=0.3, takers=[30, 29, 30, 40, 40, 40], schools=[5, 5, 4, 9, 9, 9])
    assert [one.promising for one in found.courses] == [True, False, False, False, False, False]
    assert found.courses[0].low > 0
    stingy = courses(value, se, scale=0.001)
    assert [one.adjusted_p < 0.05 for one in stingy.courses] == [True, True, True, False, False, False]
    wide = courses([0.3, 0, 0, 0, 0, 0], [0.1] * 6, scale=0.001)
    assert (wide.courses[0].adjusted_p < 0.05, wide.courses[0].promising) == (True, False)


def test_p_values_of_few_schools_may_be_given():
    given = courses([0.5] * 6, [0.1] * 6, p=[0.25] * 6)
    assert {(one.p, one.adjusted_p, one.promising) for one in given.courses} == {(0.25, 0.25, False)}
    assert courses([0.5], [0.1]).courses[0].p == pytest.approx(2 * norm.sf(5))


def test_few_courses_are_not_pooled():
    found = courses([0.5, 0.01, 0.0, 0.1], [0.05] * 4)
    assert (found.mean, found.spread) == (None, None)
    assert all(one.mean is one.sd is one.low is one.high is None for one in found.courses)
    assert [one.promising for one in found.courses] == [True, False, False, False]
    assert courses([], []).courses == ()


def test_the_order_of_courses_changes_nothing():
    random = np.random.default_rng(4)
    _truth, value, se = planted(random, 30, 0.05)
    mixed = random.permutation(30)
    found, again = courses(value, se).courses, courses(value[mixed], se[mixed]).courses
    assert [found[place].low for place in mixed] == pytest.approx([one.low for one in again], abs=1e-9)


def test_a_wider_probability_gives_wider_intervals():
    narrow, wide = (courses(COACHED, ERRORS, scale=10, level=level).courses[0] for level in (0.5, 0.99))
    assert wide.low < narrow.low < narrow.mean < narrow.high < wide.high


@pytest.mark.slow
def test_two_thousand_courses_take_less_than_a_second():
    _truth, value, se = planted(np.random.default_rng(5), 2000, 0.05)
    started = process_time()
    assert len(courses(value, se).courses) == 2000
    assert process_time() - started < 1


@pytest.mark.parametrize(
    ("value", "se", "scale", "message"),
    [
        ([0.1], [0.0], 0.1, "above 0"),
        ([0.1], [np.nan], 0.1, "above 0"),
        ([np.nan], [0.1], 0.1, "must be known"),
        ([0.1], [0.1], 0.0, "above 0"),
        ([0.1, 0.2], [0.1], 0.1, "differ in length"),
    ],
)
def test_impossible_estimates_are_refused(value, se, scale, message):
    with pytest.raises(ValueError, match=message):
        courses(value, se, scale=scale)
