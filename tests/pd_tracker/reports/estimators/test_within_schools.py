"""Comparisons inside school and year against statsmodels with one dummy for each, and planted truths."""

from dataclasses import replace

import numpy as np
import pytest
import statsmodels.api as sm

from pd_tracker.reports.estimators.cells import Factor
from pd_tracker.reports.estimators.within_schools import within_schools


def bands(rows, **options):
    return {band.level: band for band in within_schools(rows.cells(), reference="1-14", **options).bands}


def inside(rows):
    """The model with a dummy for every school and year; tenure and bands first."""
    code = rows.school * 3 + rows.year
    dummies = [code == one for one in np.unique(code)]
    return np.column_stack([rows.design()[:, [1, 2, 3, 7, 8, 9, 10]], *dummies]).astype(float)


def clustered(rows, x):
    oracle = sm.OLS(rows.left.astype(float), x).fit(cov_type="cluster", cov_kwds={"groups": rows.school}, use_t=True)
    return oracle, (len(x) - x.shape[1]) / (len(x) - 1)


def school_jackknife(rows, x):
    """Variance of each coefficient by refitting without one school after the other."""
    whole = np.linalg.lstsq(x, rows.left.astype(float), rcond=None)[0]
    off = [
        np.linalg.lstsq(x[kept], rows.left[kept].astype(float), rcond=None)[0] - whole
        for kept in (rows.school != one for one in np.unique(rows.school))
    ]
    return np.array(off), (len(off) - 1) / len(off)


def test_many_schools_agree_with_statsmodels(person_years):
    rows = person_years(1, size=1500, schools=50)
    found = bands(rows)
    for x, columns, kind in ((rows.design(), (7, 8, 9, 10), "pooled"), (inside(rows), (3, 4, 5, 6), "within")):
        oracle, correction = clustered(rows, x)
        for name, column in zip(("0", "15-29", "30-49", "50+"), columns, strict=True):
            interval = getattr(found[name], kind)
            assert interval.value == pytest.approx(oracle.params[column], abs=1e-10)
            assert interval.se == pytest.approx(oracle.bse[column] * np.sqrt(correction), rel=1e-8)
    assert found["1-14"].pooled is found["1-14"].within is None


def test_few_schools_are_set_aside_one_after_the_other(person_years):
    rows = person_years(2, schools=9)
    found = bands(rows)
    (pooled, factor), (within, _) = school_jackknife(rows, rows.design()), school_jackknife(rows, inside(rows))
    assert found["50+"].pooled.se == pytest.approx(np.sqrt(factor * np.square(pooled[:, 10]).sum()), rel=1e-7)
    assert found["50+"].within.se == pytest.approx(np.sqrt(factor * np.square(within[:, 6]).sum()), rel=1e-7)
    apart = pooled[:, 10] - within[:, 6]
    assert found["50+"].difference.se == pytest.approx(np.sqrt(factor * np.square(apart).sum()), rel=1e-6)


def test_what_is_said_beside_the_numbers(person_years):
    rows = person_years(3, schools=60)
    found = within_schools(rows.cells(), reference="1-14")
    assert (found.n, found.schools, found.refusal, found.variance) == (3000, 60, "", "school-clustered")
    assert found.absorbed == ("title_i: yes",)
    assert found.dropped == ()
    mixed = sum(
        chosen.sum()
        for school in range(60)
        for year in range(3)
        if len(set(rows.dose[chosen := (rows.school == school) & (rows.year == year)])) > 1
    )
    assert found.compared == mixed


def by_climate(seed, person_years):
    """Schools whose climate drives training and staying alike, and training that does nothing."""
    rows = person_years(seed, size=40_000, schools=100)
    random = np.random.default_rng(seed)
    good = random.random(100) < 0.5
    dose = np.where(random.random(40_000) < np.where(good, 0.6, 0.2)[rows.school], 4, 1)
    return replace(rows, dose=dose, left=random.random(40_000) < np.where(good, 0.07, 0.15)[rows.school])


def test_a_climate_that_schools_share_is_removed(person_years):
    band = bands(by_climate(4, person_years))["50+"]
    assert band.pooled.high < -0.02
    assert band.within.low < 0 < band.within.high
    assert band.within.value == pytest.approx(0, abs=0.008)
    assert band.schools_differ
    assert band.difference.value == pytest.approx(band.pooled.value - band.within.value)


def test_schools_alike_are_not_said_to_differ(person_years):
    band = bands(person_years(5, size=20_000, schools=80, climate=0.0, effect=-0.1))["50+"]
    assert band.within.high < 0
    assert abs(band.difference.value) < 2 * band.difference.se


def test_a_dose_that_schools_decide_cannot_be_compared_inside_them(person_years):
    rows = person_years(6, schools=60)
    rows.dose[:] = np.where(rows.school % 2, 4, 1)
    found = within_schools(rows.cells(), reference="1-14")
    band = found.bands[1]
    assert (band.level, band.within, band.difference, band.schools_differ) == ("50+", None, None, False)
    assert band.pooled is not None
    assert (found.compared, found.absorbed) == (0, ("title_i: yes", "dose: 50+"))


def test_two_columns_alike_inside_schools(person_years):
    rows = person_years(7, schools=60)
    extra = np.where(rows.title_i == 1, 1, rows.dose == 4).astype(np.int64)
    rows.dose[rows.title_i == 1] = 1
    cells = rows.cells(covariates=[*rows.covariates(), Factor("extra", ("no", "yes"), extra)])
    found = within_schools(cells, reference="1-14")
    assert "dose: 50+" in found.dropped
    assert found.bands[4].within is None


def test_very_few_schools_get_values_without_interval(person_years):
    found = within_schools(person_years(8, schools=4).cells(), reference="1-14")
    assert found.variance == "none"
    assert [band.within.se for band in found.bands if band.within] == [None] * 4
    assert not any(band.schools_differ for band in found.bands)


def test_numbers_are_finite_whatever_the_records_look_like(untidy_cells):
    found = within_schools(untidy_cells, reference="1-14")
    for band in found.bands:
        assert (band.difference is None) == (band.pooled is None or band.within is None)
        for interval in (band.pooled, band.within, band.difference):
            if interval is not None and interval.se is not None:
                assert interval.low <= interval.value <= interval.high


def test_refused_like_the_other_model(person_years):
    found = within_schools(person_years(9, size=100).cells(), reference="1-14")
    assert (found.refusal, found.n, found.bands) == ("few person-years", 100, ())


def test_without_a_year(person_years):
    with pytest.raises(KeyError, match="school_year"):
        within_schools(person_years(9).cells(), reference="1-14", year="school_year")
