"""Standardised rates against the same sums over statsmodels' predictions for every row."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.special import stdtrit

from pd_tracker.reports.estimators.cells import Factor
from pd_tracker.reports.estimators.design import design
from pd_tracker.reports.estimators.logit import fit
from pd_tracker.reports.estimators.standardised import standardised


def compared(rows, factor="dose", level=0.95, **options):
    cells = rows.cells(**options)
    made = design(cells, "1-14")
    fitted = fit(cells, made.x)
    return standardised(cells, made, fitted, factor, level=level), fitted


def rates(rows, values):
    """Everybody's chance at each dose, averaged."""
    size = len(rows.dose)
    return np.array([(1 / (1 + np.exp(-rows.design(np.full(size, dose)) @ values))).mean() for dose in range(5)])


def gradient(function, values, step=1e-6):
    return np.array([(function(values + d) - function(values - d)) / (2 * step) for d in step * np.eye(len(values))])


@pytest.mark.parametrize("schools", [12, 60])
def test_rates_and_comparisons_agree_with_rows(person_years, schools):
    rows = person_years(schools, schools=schools, effect=-0.1)
    bands, fitted = compared(rows, level=0.9)
    values = sm.Logit(rows.left.astype(float), rows.design()).fit(disp=False, tol=1e-13).params
    expected = rates(rows, values)
    critical = stdtrit(schools - 1, 0.95)
    for dose in (0, 2, 3, 4):
        measures = {
            "difference": lambda b, dose=dose: rates(rows, b)[dose] - rates(rows, b)[1],
            "risk_ratio": lambda b, dose=dose: np.log(rates(rows, b)[dose] / rates(rows, b)[1]),
        }
        for name, measure in measures.items():
            slope = gradient(measure, values)
            found = getattr(bands[dose], name)
            se = np.sqrt(slope @ fitted.covariance @ slope)
            assert found.se == pytest.approx(se, rel=1e-5)
            limits = np.array([measure(values) - critical * se, measure(values), measure(values) + critical * se])
            limits = np.exp(limits) if name == "risk_ratio" else limits
            assert (found.low, found.value, found.high) == pytest.approx(tuple(limits), rel=1e-5)
        assert bands[dose].rate.value == pytest.approx(expected[dose], abs=1e-10)
    assert bands[1].note == "reference"
    assert bands[1].rate.value == pytest.approx(expected[1], abs=1e-10)
    assert bands[1].difference is None


def test_odds_ratio_is_that_of_the_coefficient(person_years):
    bands, fitted = compared(person_years(2, schools=60))
    column = 10
    ratio, reach = bands[4].odds_ratio, stdtrit(59, 0.975) * np.sqrt(fitted.covariance[column, column])
    logs = np.log([ratio.low, ratio.value, ratio.high])
    assert logs == pytest.approx(fitted.values[column] + np.array([-reach, 0, reach]))


def test_without_covariates_rates_are_those_counted(person_years):
    rows = person_years(3)
    bands, _ = compared(rows, covariates=[])
    for dose, band in enumerate(bands):
        chosen = rows.dose == dose
        assert (band.n, band.left) == (chosen.sum(), rows.left[chosen].sum())
        assert band.rate.value == pytest.approx(rows.left[chosen].mean(), abs=1e-10)
        assert band.unsupported == 0


def test_a_covariate_is_compared_in_the_same_way(person_years):
    rows = person_years(4, schools=60)
    levels, _ = compared(rows, "title_i")
    assert [level.note for level in levels] == ["reference", ""]
    assert levels[1].risk_ratio.value == pytest.approx(levels[1].rate.value / levels[0].rate.value)
    assert levels[1].risk_ratio.value > 1


def test_planted_difference_is_found_and_planted_confounder_removed(person_years):
    rows = person_years(5, size=60_000, schools=80, climate=0.05)
    bands, _ = compared(rows)
    crude = [band.left / band.n for band in bands]
    assert crude[4] - crude[1] > 0.02
    assert bands[4].difference.low < 0 < bands[4].difference.high
    planted, _ = compared(person_years(5, size=60_000, schools=80, climate=0.05, effect=-0.1))
    assert planted[4].odds_ratio.low < np.exp(-0.1 * (70 - 8) / 10) < planted[4].odds_ratio.high
    assert planted[4].difference.high < 0


def test_share_of_people_without_anybody_at_a_dose(person_years):
    rows = person_years(6)
    rows = rows.only((rows.dose != 4) | (rows.tenure == 0))
    bands, _ = compared(rows, covariates=[Factor("tenure", ("1", "2-5", "6-10", "11+"), rows.tenure)])
    assert bands[4].unsupported == pytest.approx((rows.tenure != 0).mean())
    assert bands[3].unsupported == 0
    assert (bands[3].supported, bands[4].supported) == (True, False)


def test_a_band_that_cannot_be_told_from_a_covariate_has_no_numbers(person_years):
    rows = person_years(7)
    extra = Factor("program", ("no", "yes"), (rows.dose == 4).astype(np.int64))
    bands, _ = compared(rows, covariates=[*rows.covariates(), extra])
    assert bands[4].note == "not separable"
    assert (bands[4].rate, bands[4].difference, bands[4].risk_ratio, bands[4].odds_ratio) == (None,) * 4
    assert bands[4].n == (rows.dose == 4).sum()
    assert bands[3].difference is not None


def test_very_few_schools_get_values_without_interval(person_years):
    band = compared(person_years(8, schools=4))[0][4]
    for found in (band.rate, band.difference, band.risk_ratio, band.odds_ratio):
        assert found.value is not None
        assert (found.se, found.low, found.high) == (None, None, None)


def test_firth_rates_are_not_pulled_to_one_half(person_years):
    rows = person_years(9, size=400, schools=60)
    rows = rows.with_left(rows.left & (rows.dose != 4))
    bands, fitted = compared(rows)
    assert fitted.method == "Firth"
    assert sum(band.rate.value * band.n for band in bands) / 400 == pytest.approx(rows.left.mean(), abs=0.02)
    assert 0 < bands[4].rate.value < 0.05
