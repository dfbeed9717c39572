"""The logit on cells against statsmodels on rows, and what schools do to it against refitting by hand."""

import numpy as np
import pytest
import statsmodels.api as sm

from pd_tracker.reports.estimators.cells import Factor
from pd_tracker.reports.estimators.design import design
from pd_tracker.reports.estimators.logit import fit, separated


def fitted(rows, **options):
    cells = rows.cells(**options)
    return fit(cells, design(cells, "1-14").x)


def on_rows(rows, kept=slice(None)):
    return sm.Logit(rows.left.astype(float)[kept], rows.design()[kept])


@pytest.mark.parametrize("schools", [50, 120])
def test_many_schools_agree_with_statsmodels_on_rows(person_years, schools):
    rows = person_years(schools, schools=schools)
    found = fitted(rows)
    oracle = on_rows(rows).fit(
        disp=False, method="newton", tol=1e-13, cov_type="cluster", cov_kwds={"groups": rows.school}
    )
    size, k = rows.design().shape
    np.testing.assert_allclose(found.values, oracle.params, atol=1e-10)
    np.testing.assert_allclose(found.covariance, oracle.cov_params() * (size - k) / (size - 1), rtol=1e-9, atol=1e-13)
    assert (found.method, found.variance) == ("maximum likelihood", "school-clustered")


def test_few_schools_are_set_aside_one_after_the_other(person_years):
    rows = person_years(3, schools=8)
    found = fitted(rows)
    whole = on_rows(rows).fit(disp=False, tol=1e-12).params
    others = [on_rows(rows, rows.school != school).fit(disp=False, tol=1e-12).params for school in range(8)]
    off = np.array(others) - whole
    np.testing.assert_allclose(found.covariance, 7 / 8 * off.T @ off, atol=1e-8)
    assert found.variance == "school jackknife"


def test_very_few_schools_get_no_interval(person_years):
    found = fitted(person_years(4, schools=4))
    assert (found.deviations, found.covariance, found.variance) == (None, None, "none")
    assert len(found.values) == 11


def test_shuffled_rows_change_nothing(person_years):
    rows = person_years(5, schools=60)
    order = np.random.default_rng(5).permutation(len(rows.left))
    one, other = fitted(rows), fitted(rows.only(order))
    np.testing.assert_allclose(one.values, other.values, atol=1e-12)
    np.testing.assert_allclose(one.covariance, other.covariance, atol=1e-14)


@pytest.mark.parametrize("without_leavers", ["a level", "the reference", "a covariate"])
def test_separation_is_met_with_firth(person_years, without_leavers):
    rows = person_years(6, schools=60)
    safe = {"a level": rows.dose == 4, "the reference": rows.dose == 1, "a covariate": rows.tenure == 2}
    rows = rows.with_left(rows.left & ~safe[without_leavers])
    assert separated(rows.cells())
    found = fitted(rows)
    assert found.method == "Firth"
    assert np.abs(found.values).max() < 10
    np.testing.assert_allclose(found.deviations.sum(axis=0), 0, atol=1e-8)


def test_separation_without_one_school_is_met_with_firth(person_years):
    rows = person_years(7, schools=10)
    rows = rows.with_left(rows.left & ((rows.dose != 3) | (rows.school == 2)))
    cells = rows.cells()
    assert not separated(cells)
    assert separated(cells, without_one=True)
    found = fitted(rows)
    assert found.method == "Firth"
    assert np.isfinite(found.covariance).all()


def test_all_leavers_in_one_school_give_a_wide_interval(person_years):
    rows = person_years(7, schools=10)
    found = fitted(rows.with_left(rows.left & (rows.school == 2)))
    assert found.method == "Firth"
    assert found.coefficient(10).se > 3 * fitted(rows).coefficient(10).se


def test_separation_by_two_columns_together_is_met_with_firth(person_years):
    rows = person_years(8, schools=60, size=4000)
    only_both = np.where((rows.dose == 4) | (rows.title_i == 1), (rows.dose == 4) & (rows.title_i == 1), rows.left)
    rows = rows.with_left(only_both.astype(bool))
    found = fitted(rows, covariates=[Factor("title_i", ("no", "yes"), rows.title_i)])
    assert np.abs(found.values).max() < 15
    assert np.isfinite(found.covariance).all()


def test_scores_of_schools_add_to_nothing(person_years):
    np.testing.assert_allclose(fitted(person_years(9, schools=70)).deviations.sum(axis=0), 0, atol=1e-10)


def test_a_function_of_coefficients_varies_by_its_gradient(person_years):
    found = fitted(person_years(10, schools=60))
    gradient = np.arange(11.0)
    both = found.combined(gradient)
    assert both.value == pytest.approx(gradient @ found.values)
    assert both.se == pytest.approx(np.sqrt(gradient @ found.covariance @ gradient))
    assert found.coefficient(7).se == pytest.approx(np.sqrt(found.covariance[7, 7]))
