"""Bands, slope and refusals of the adjusted comparison, and that its intervals cover."""

import numpy as np
import pytest
import statsmodels.api as sm

from pd_tracker.reports.estimators.cells import Factor
from pd_tracker.reports.estimators.dose_response import dose_response
from tests.pd_tracker.reports.estimators.conftest import HOURS


def test_everything_a_report_says_is_there(person_years):
    rows = person_years(1, schools=60)
    found = dose_response(rows.cells(), reference="1-14")
    assert (found.n, found.left, found.schools, found.excluded) == (3000, rows.left.sum(), 60, 0)
    assert (found.refusal, found.merged, found.dropped) == ("", (), ())
    assert (found.method, found.variance) == ("maximum likelihood", "school-clustered")
    assert [band.level for band in found.bands] == ["0", "1-14", "15-29", "30-49", "50+"]
    assert list(found.covariates) == ["tenure", "year", "title_i"]


def test_rows_without_a_dose_are_counted(person_years):
    rows = person_years(1)
    rows.dose[:40] = -1
    assert dose_response(rows.cells(), reference="1-14").excluded == 40


@pytest.mark.parametrize(("size", "reason"), [(0, "nobody"), (150, "few person-years")])
def test_refusal_leaves_only_counts(person_years, size, reason):
    found = dose_response(person_years(2, size=size).cells(), reference="1-14")
    assert (found.refusal, found.n, found.bands, found.slope, found.method) == (reason, size, (), None, None)


def test_a_thin_reference_is_joined_and_stays_the_reference(person_years):
    rows = person_years(3)
    rows = rows.only((rows.dose != 1) | (np.cumsum(rows.dose == 1) < 9))
    found = dose_response(rows.cells(), reference="1-14")
    assert [merged.levels for merged in found.merged] == [("0", "1-14")]
    assert (found.bands[0].level, found.bands[0].note) == ("0 / 1-14", "reference")


def test_dropped_columns_are_named(person_years):
    rows = person_years(4)
    copy = Factor("high_need", ("no", "yes"), rows.title_i)
    found = dose_response(rows.cells(covariates=[*rows.covariates(), copy]), reference="1-14")
    assert found.dropped == ("high_need: yes",)
    assert all(band.note in {"", "reference"} for band in found.bands)


def test_slope_agrees_with_statsmodels_on_rows(person_years):
    rows = person_years(5, schools=60, effect=-0.05)
    found = dose_response(rows.cells(), reference="1-14").slope
    hours = HOURS[rows.dose] / 10
    x = np.column_stack([rows.design()[:, :7], hours])
    oracle = sm.Logit(rows.left.astype(float), x).fit(
        disp=False, method="newton", tol=1e-13, cov_type="cluster", cov_kwds={"groups": rows.school}
    )
    margin = oracle.get_margeff(at="overall", method="dydx")
    correction = np.sqrt((3000 - 8) / (3000 - 1))
    assert np.log(found.odds_ratio.value) == pytest.approx(oracle.params[-1], abs=1e-9)
    assert found.odds_ratio.se == pytest.approx(oracle.bse[-1] * correction, rel=1e-9)
    assert found.difference.value == pytest.approx(margin.margeff[-1], abs=1e-9)
    assert found.difference.se == pytest.approx(margin.margeff_se[-1] * correction, rel=1e-6)


def test_bands_against_a_line_agrees_with_statsmodels(person_years):
    rows = person_years(6, schools=60)
    found = dose_response(rows.cells(), reference="1-14").slope
    oracle = sm.Logit(rows.left.astype(float), rows.design()).fit(
        disp=False, method="newton", tol=1e-13, cov_type="cluster", cov_kwds={"groups": rows.school}
    )
    away = HOURS[[0, 2, 3, 4]] - 8  # on a line every coefficient is a multiple of the first one's distance
    contrasts = np.zeros((3, 11))
    contrasts[:, 7], contrasts[:, 8:] = -away[1:] / away[0], np.eye(3)
    test = oracle.wald_test(contrasts, use_f=False, scalar=True)
    assert found.bends == 3
    assert found.wald == pytest.approx(test.statistic / 3 * (3000 - 1) / (3000 - 11), rel=1e-8)
    assert 0 < found.p < 1


def test_a_bend_is_seen_and_a_line_is_not_bent(person_years):
    straight = person_years(7, size=40_000, schools=60, effect=-0.1)
    assert dose_response(straight.cells(), reference="1-14").slope.p > 0.05
    random = np.random.default_rng(7)
    bent = straight.with_left(straight.left & ~((straight.dose == 2) & (random.random(40_000) < 0.3)))
    assert dose_response(bent.cells(), reference="1-14").slope.p < 0.001


def test_few_schools_get_a_slope_but_no_test_of_bends(person_years):
    found = dose_response(person_years(8, schools=9).cells(), reference="1-14").slope
    assert found.difference.low < found.difference.value < found.difference.high
    assert (found.bends, found.wald, found.p) == (3, None, None)


def test_two_bands_cannot_bend(person_years):
    rows = person_years(9, schools=30)
    found = dose_response(rows.only(np.isin(rows.dose, [1, 4])).cells(), reference="1-14").slope
    assert (found.bends, found.wald, found.p) == (0, None, None)


def test_no_slope_without_hours_or_without_room(person_years):
    rows = person_years(10)
    two = rows.only(np.isin(rows.dose, [1, 4]))
    covariate = Factor("program", ("no", "yes"), (two.dose == 4).astype(np.int64))
    found = dose_response(two.cells(covariates=[covariate]), reference="1-14")
    assert found.slope is None
    assert found.bands[1].note == "not separable"


@pytest.mark.slow
def test_intervals_of_ten_schools_cover(person_years):
    hits, runs = 0, 200
    for seed in range(runs):
        rows = person_years(1000 + seed, size=1200, schools=10, climate=0.3)
        band = dose_response(rows.cells(), reference="1-14").bands[3]
        hits += band.difference.low <= 0 <= band.difference.high
    assert hits / runs > 0.9
