"""Least squares from school sums against Stata and statsmodels."""

import numpy as np
import pytest
import statsmodels.api as sm
from statsmodels.datasets import grunfeld

from pd_tracker.reports.estimators.least_squares import entangled, fit, independent, school_sums


def classrooms(seed, *, schools=12, size=400):
    random = np.random.default_rng(seed)
    school = random.integers(0, schools, size)
    x = np.column_stack([np.ones(size), random.normal(size=size), random.random(size) < 0.4]).astype(float)
    y = x @ [0.2, 0.7, 0.1] + random.normal(0, 0.5, schools)[school] + random.normal(size=size)
    return x, y, random.integers(5, 60, size).astype(float), school


def test_grunfeld_as_published():
    # Stata: regress invest value capital, vce(cluster firm); 10 firms (American Steel left out), 20 years. Numbers from
    # the results statsmodels ships for its own tests. Stata held the data in single precision.
    data = grunfeld.load_pandas().data.query("firm != 'American Steel'")
    invest, value, capital = (data[name].astype(np.float32) for name in ("invest", "value", "capital"))
    x = np.column_stack([value, capital, np.ones(len(data))])
    found = fit(school_sums(x, invest, None, data["firm"], names=["value", "capital", "const"]))
    expected = [
        (0.11556215606596, 0.01589433647768, 0.07960666895505, 0.15151764317688),
        (0.23067848754982, 0.08496711097464, 0.03846952885627, 0.42288744624337),
        (-42.714369016733, 20.425202580078, -88.919387334862, 3.4906493013959),
    ]
    for coefficient, numbers in zip(found.coefficients, expected, strict=True):
        ours = (coefficient.value, coefficient.se, coefficient.low, coefficient.high)
        assert ours == pytest.approx(numbers, rel=1e-9)
    assert (found.n, found.clusters, found.dropped) == (200, 10, ())


@pytest.mark.parametrize("weighted", [True, False])
@pytest.mark.parametrize("schools", [5, 12, 200])
def test_fit_agrees_with_statsmodels(weighted, schools):
    x, y, w, school = classrooms(schools, schools=schools)
    w = w if weighted else np.ones(len(y))
    found = fit(school_sums(x, y, w if weighted else None, school), level=0.9)
    oracle = sm.WLS(y, x, weights=w).fit(cov_type="cluster", cov_kwds={"groups": school}, use_t=True)
    np.testing.assert_allclose([one.value for one in found.coefficients], oracle.params, atol=1e-12)
    np.testing.assert_allclose(found.covariance, oracle.cov_params(), atol=1e-12)
    np.testing.assert_allclose([(one.low, one.high) for one in found.coefficients], oracle.conf_int(0.1), atol=1e-11)


def test_fit_knows_its_coefficients_by_name():
    x, y, w, school = classrooms(1)
    found = fit(school_sums(x, y, w, school, names=["const", "prior", "dose"]))
    assert found["dose"] == found.coefficients[2]
    assert found["nothing"] is None


def test_school_scores_add_to_nothing():
    x, y, w, school = classrooms(2)
    sums = school_sums(x, y, w, school)
    values = np.array([one.value for one in fit(sums).coefficients])
    np.testing.assert_allclose((sums.xy - sums.xx @ values).sum(axis=0), 0, atol=1e-8)
    assert sums.yy.sum() == pytest.approx((w * y * y).sum())
    assert sums.n.sum() == len(y)


@pytest.mark.parametrize(
    "extra", [lambda x: x[:, 1] * 2 - 3, lambda x: np.full(len(x), 7.0), lambda x: np.zeros(len(x))]
)
def test_columns_without_news_are_dropped_and_named(extra):
    x, y, w, school = classrooms(3)
    wide = np.column_stack([x[:, :2], extra(x), x[:, 2]])
    found = fit(school_sums(wide, y, w, school, names=["const", "prior", "copy", "dose"]))
    plain = fit(school_sums(x, y, w, school, names=["const", "prior", "dose"]))
    assert found.dropped == ("copy",)
    for ours, theirs in zip(found.coefficients, plain.coefficients, strict=True):
        assert ours.name == theirs.name
        assert (ours.value, ours.se) == pytest.approx((theirs.value, theirs.se))


def test_columns_of_very_different_size_stay():
    x, y, w, school = classrooms(4)
    year = np.random.default_rng(4).integers(2015, 2025, len(y)).astype(float)
    design = np.column_stack([x, year, x[:, 1] ** 2 * 1e6])
    found = fit(school_sums(design, y, w, school))
    oracle = sm.WLS(y, design, weights=w).fit(cov_type="cluster", cov_kwds={"groups": school}, use_t=True)
    assert found.dropped == ()
    np.testing.assert_allclose([one.value for one in found.coefficients], oracle.params, rtol=1e-6)
    np.testing.assert_allclose([one.se for one in found.coefficients], oracle.bse, rtol=1e-6)


def test_rows_of_weight_zero_count_nowhere():
    x, y, w, school = classrooms(5)
    w[:100] = 0
    school[:100] = 999
    found, without = fit(school_sums(x, y, w, school)), fit(school_sums(x[100:], y[100:], w[100:], school[100:]))
    assert (found.coefficients, found.n, found.clusters) == (without.coefficients, 300, 12)


@pytest.mark.parametrize("schools", [1, 4])
def test_few_schools_get_no_interval(schools):
    found = fit(school_sums(*classrooms(6, schools=schools)))
    assert found.covariance is None
    assert all(one.se is one.low is one.high is None for one in found.coefficients)
    assert (found.clusters, len(found.coefficients)) == (schools, 3)


def test_as_many_coefficients_as_rows_get_no_interval():
    found = fit(school_sums(np.eye(5), np.arange(5.0), None, np.arange(5)))
    assert [one.value for one in found.coefficients] == pytest.approx([0, 1, 2, 3, 4])
    assert found.covariance is None


def test_nothing_gives_a_fit_without_coefficients():
    found = fit(school_sums(np.empty((0, 2)), [], [], [], names=["const", "dose"]))
    assert (found.coefficients, found.n, found.clusters, found.dropped) == ((), 0, 0, ("const", "dose"))


@pytest.mark.parametrize(
    ("x", "y", "w", "names", "message"),
    [
        ([[1.0]], [1.0, 2.0], None, None, "length"),
        ([[1.0]], [1.0], [-1.0], None, "0 or more"),
        ([[np.nan]], [1.0], None, None, "finite"),
        ([[1.0]], [np.inf], None, None, "finite"),
        ([[1.0]], [1.0], None, ["a", "b"], "one name"),
    ],
)
def test_impossible_rows_are_refused(x, y, w, names, message):
    with pytest.raises(ValueError, match=message):
        school_sums(x, y, w, ["Hill"] * len(y), names=names)


@pytest.mark.parametrize(
    ("last", "shared"),
    [
        (lambda a, b, c: a - 2 * c, {1, 3}),
        (lambda a, b, c: 1 - b, {0, 2}),
        (lambda a, b, c: np.zeros(len(a)), set()),
    ],
)
def test_columns_that_make_up_a_dropped_one_are_entangled(last, shared):
    a, b, c = np.random.default_rng(8).normal(size=(3, 50))
    x = np.column_stack([np.ones(50), a, b, c, last(a, b, c)])
    keep = independent(x.T @ x)
    assert keep == [0, 1, 2, 3]
    assert entangled(x.T @ x, keep) == shared
