"""Least squares from school sums against Stata and statsmodels."""

from math import sqrt

import numpy as np
import pytest
import statsmodels.api as sm
from statsmodels.datasets import grunfeld

from pd_tracker.reports.estimators.least_squares import (
    entangled,
    estimate,
    fit,
    independent,
    inseparable,
    jackknife,
    level_columns,
    school_sums,
    within_sums,
)


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


def values_of(found):
    return [one.value for one in found.coefficients]


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


def test_all_columns_of_a_sum_are_named():
    x, y, w, school = classrooms(3)
    late = np.random.default_rng(3).random(len(y)) < 0.5
    wide = np.column_stack([x, x[:, 2] * late, x[:, 2] * ~late, np.zeros(len(y))])
    sums = school_sums(wide, y, w, school, names=["const", "prior", "dose", "late", "early", "none"])
    assert inseparable(sums) == ("dose", "late", "early", "none")
    assert fit(sums).dropped == ("early", "none")
    assert inseparable(school_sums(x, y, w, school)) == ()


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


def test_p_values_agree_with_statsmodels():
    x, y, w, school = classrooms(7)
    oracle = sm.WLS(y, x, weights=w).fit(cov_type="cluster", cov_kwds={"groups": school}, use_t=True)
    found = fit(school_sums(x, y, w, school))
    np.testing.assert_allclose([one.p for one in found.coefficients], oracle.pvalues, rtol=1e-8)


@pytest.mark.parametrize("schools", [5, 12, 40])
def test_jackknife_is_what_refitting_without_each_school_gives(schools):
    x, y, w, school = classrooms(8, schools=schools)
    found = jackknife(school_sums(x, y, w, school), level=0.9)
    whole = sm.WLS(y, x, weights=w).fit().params
    without = [sm.WLS(y[school != g], x[school != g], weights=w[school != g]).fit().params for g in range(schools)]
    moved = np.array(without) - whole
    np.testing.assert_allclose(found.covariance, (schools - 1) / schools * moved.T @ moved, rtol=1e-8)
    np.testing.assert_allclose(values_of(found), whole, atol=1e-12)


def test_what_one_school_decides_has_no_interval():
    x, y, w, school = classrooms(9)
    wide = np.column_stack([x, (school == 3) & (np.arange(len(y)) % 2 == 0)])
    found = jackknife(school_sums(wide, y, w, school, names=["const", "prior", "dose", "pilot"]))
    assert found["pilot"].se is found["pilot"].low is found["pilot"].high is found["pilot"].p is None
    assert found["pilot"].value == pytest.approx(fit(school_sums(wide, y, w, school))["x3"].value)
    expected = jackknife(school_sums(wide[:, :3], y, w, school))
    assert found["dose"].se == pytest.approx(expected["x2"].se, rel=0.05)
    assert np.isnan(found.covariance[3]).all()
    assert np.isfinite(found.covariance[:3, :3]).all()


def test_few_schools_get_no_jackknife_either():
    found = jackknife(school_sums(*classrooms(6, schools=4)))
    assert found.covariance is None
    assert all(one.low is None for one in found.coefficients)


@pytest.mark.parametrize(("schools", "same_as"), [(49, jackknife), (50, fit)])
def test_the_number_of_schools_chooses_the_interval(schools, same_as):
    x, y, w, _school = classrooms(10)
    sums = school_sums(x, y, w, np.arange(len(y)) % schools)
    assert estimate(sums).coefficients == same_as(sums).coefficients
    assert jackknife(sums)["x1"].se != fit(sums)["x1"].se


def test_some_schools_are_fitted_without_their_rows():
    x, y, w, school = classrooms(11)
    names = np.array([f"School {number:02}" for number in range(12)])[school]
    district = [f"School {number:02}" for number in (0, 3, 4, 7, 8, 9)]
    mine = np.isin(names, district)
    found = estimate(school_sums(x, y, w, names).only([*district, "Elsewhere"]))
    again = estimate(school_sums(x[mine], y[mine], w[mine], names[mine]))
    assert found.coefficients == again.coefficients
    assert (found.n, found.clusters) == (mine.sum(), 6)
    assert school_sums(x, y, w, names).only([]).n.tolist() == []


def test_the_order_of_rows_changes_nothing():
    x, y, w, school = classrooms(12)
    mixed = np.random.default_rng(12).permutation(len(y))
    found, again = (
        jackknife(school_sums(x[rows], y[rows], w[rows], school[rows])) for rows in (np.arange(len(y)), mixed)
    )
    np.testing.assert_allclose(values_of(found), values_of(again), rtol=1e-10)
    np.testing.assert_allclose(found.covariance, again.covariance, rtol=1e-9)


def test_rows_of_one_cell_may_be_counted_instead():
    x, y, _w, school = classrooms(13)
    x[:, 1], y = np.round(x[:, 1]), np.round(y)
    cells, times = np.unique(np.column_stack([x, y, school]), axis=0, return_counts=True)
    rows, counted = school_sums(x, y, None, school), school_sums(cells[:, :3], cells[:, 3], times, cells[:, 4])
    np.testing.assert_allclose(values_of(fit(counted)), values_of(fit(rows)), atol=1e-12)


def test_grunfeld_within_firms_as_published():
    # plm(inv ~ value + capital, model = "within"), all ten firms, 20 years, as printed on rforanalytics.com; Stata's
    # xtreg, fe gives the same digits: .1101238, .3100653.
    data = grunfeld.load_pandas().data.query("firm != 'American Steel'")
    sums = within_sums(data[["value", "capital"]], data["invest"], None, data["firm"], data["firm"])
    found = fit(sums)
    assert values_of(found) == pytest.approx([0.110124, 0.310065], abs=5e-7)
    residual = sums.yy.sum() - sums.xy.sum(axis=0) @ values_of(found)
    classical = np.sqrt(np.diagonal(np.linalg.inv(sums.xx.sum(axis=0))) * residual / (200 - 10 - 2))
    assert classical == pytest.approx([0.011857, 0.017355], abs=5e-7)


def teachers(seed, *, count=60, schools=10):
    random = np.random.default_rng(seed)
    seen = random.random((count, 5)) < 0.8
    teacher, year = np.nonzero(seen)
    quality = random.normal(size=count)
    x = np.column_stack([random.normal(size=len(teacher)) + quality[teacher], random.random(len(teacher)) < 0.3])
    y = x @ [0.4, 0.1] + quality[teacher] + 0.1 * year + random.normal(0, 0.5, len(teacher))
    return x.astype(float), y, random.integers(5, 60, len(teacher)).astype(float), teacher, year, teacher % schools


@pytest.mark.parametrize("weighted", [True, False])
def test_teacher_and_year_effects_agree_with_dummies(weighted):
    x, y, w, teacher, year, school = teachers(1)
    kept = np.bincount(teacher)[teacher] > 1
    years = level_columns("year", year)
    found = fit(within_sums(np.column_stack([*years.values(), x]), y, w if weighted else None, teacher, school))
    x, y, w, teacher, school = x[kept], y[kept], w[kept], teacher[kept], school[kept]
    dummies = np.column_stack([x, *(column[kept] for column in years.values()), *(teacher == t for t in set(teacher))])
    model = sm.WLS(y, dummies.astype(float), weights=w if weighted else np.ones(len(y)))
    oracle = model.fit(cov_type="cluster", cov_kwds={"groups": school}, use_t=True)
    ours = {one.name: one for one in found.coefficients}
    np.testing.assert_allclose([ours["x4"].value, ours["x5"].value], oracle.params[:2], rtol=1e-9)
    counted = sqrt((len(y) - 6) / (len(y) - 6 - len(set(teacher))))  # statsmodels counts the teachers as coefficients
    np.testing.assert_allclose([ours["x4"].se * counted, ours["x5"].se * counted], oracle.bse[:2], rtol=1e-9)
    assert found.n == len(y)


def test_the_sums_inside_teachers_follow_the_closed_form():
    x, y, _w, teacher, _year, school = teachers(2)
    sums = within_sums(x, y, None, teacher, school)
    expected = x.T @ x
    for one in set(teacher):
        mine = x[teacher == one]
        expected -= len(mine) * np.outer(mine.mean(axis=0), mine.mean(axis=0))
    np.testing.assert_allclose(sums.xx.sum(axis=0), expected, rtol=1e-10)


def test_what_never_changes_inside_a_teacher_is_dropped_and_named():
    x, y, w, teacher, _year, school = teachers(3)
    certified = np.random.default_rng(3).normal(size=60)[teacher]
    found = fit(within_sums(np.column_stack([certified, x]), y, w, teacher, school, names=["certified", "prior", "pd"]))
    assert found.dropped == ("certified",)
    assert found["pd"].se > 0


def test_teachers_seen_once_say_nothing():
    x, y, w, teacher, _year, school = teachers(4)
    once = np.unique(teacher, return_index=True)[1]
    assert within_sums(x[once], y[once], w[once], teacher[once], school[once]).n.tolist() == []
    assert fit(within_sums(np.empty((0, 1)), [], None, [], [], names=["pd"])).dropped == ("pd",)
    with pytest.raises(ValueError, match="units differ in length"):
        within_sums(x, y, w, teacher[1:], school)


def test_jackknife_covers_with_ten_schools():
    random = np.random.default_rng(14)
    covered = 0
    for _run in range(400):
        school = np.repeat(np.arange(10), 40)
        trained = (random.permutation(10) < 5)[school]
        y = random.normal(0, 0.3, 10)[school] + random.normal(size=400)
        row = estimate(school_sums(np.column_stack([np.ones(400), trained]), y, None, school))["x1"]
        covered += row.low < 0 < row.high
    assert 0.92 < covered / 400 < 0.99


def test_level_columns_leave_out_the_first_level():
    columns = level_columns("grade", ["2", "1", "3", "1"])
    assert {name: column.tolist() for name, column in columns.items()} == {
        "grade 2": [1, 0, 0, 0],
        "grade 3": [0, 0, 1, 0],
    }
    assert level_columns("grade", []) == {}


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
