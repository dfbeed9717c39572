"""Bands, slope and refusals of the adjusted comparison, and that its intervals cover."""

from dataclasses import replace

import numpy as np
import pytest
import statsmodels.api as sm

from pd_tracker.reports.estimators.cells import Factor, person_year_cells
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


def test_numbers_are_finite_whatever_the_records_look_like(untidy_cells):
    found = dose_response(untidy_cells, reference="1-14")
    assert (found.refusal == "") == bool(found.bands)
    for band in found.bands:
        assert (band.difference is None) == (band.note != "")
        for interval in (band.rate, band.difference, band.risk_ratio, band.odds_ratio):
            if interval is not None and interval.se is not None:
                assert 1e-6 < interval.se < 100
                assert interval.low < interval.value < interval.high


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


TEACHERS, HIRED_FOR = 50_000, 8


def histories(seed, *, skipped=(0.0, 0.0)):
    """Teachers hired together whose training does nothing: hours per year, year of leaving, school.

    Who leaves in a year is gone for part of it, and takes the first share of `skipped` less in that year because of
    leaving, and the second less in the year before.
    """
    random = np.random.default_rng(seed)
    school = random.integers(0, 200, TEACHERS)
    climate = random.normal(0, 0.1, 200)[school]
    hazard = 1 / (1 + np.exp(-(-1.9 - 0.08 * np.arange(HIRED_FOR) + climate[:, None])))
    gone = random.random((TEACHERS, HIRED_FOR)) < hazard
    year = np.where(gone.any(axis=1), gone.argmax(axis=1), HIRED_FOR)
    hours = random.gamma(1.2, 22, (TEACHERS, HIRED_FOR)) * (random.random((TEACHERS, HIRED_FOR)) < 0.9)
    now = np.arange(HIRED_FOR)
    hours[now == year[:, None]] *= random.random((year < HIRED_FOR).sum()) * (1 - skipped[0])
    hours[now == year[:, None] - 1] *= 1 - skipped[1]
    hours[now > year[:, None]] = 0
    return hours, year, school


def by_lag(hours, year, school, lag):
    """Difference between 30 hours and more, so many years before, and fewer, in shares who left the year after."""
    teacher, now = np.nonzero(np.arange(HIRED_FOR) <= year[:, None])
    teacher, now = teacher[now >= lag], now[now >= lag]
    dose = Factor("dose", ("under 30", "30+"), (hours[teacher, now - lag] >= 30).astype(np.int64))
    tenure = Factor("tenure", tuple(map(str, range(HIRED_FOR))), now, ordered=True)
    cells = person_year_cells(dose, [tenure], school[teacher], year[teacher] == now)
    return dose_response(cells, reference="under 30").bands[1].difference


@pytest.mark.slow
def test_dividing_by_hours_in_all_shows_what_is_not_there():
    hours, year, _ = histories(2)
    total, still = hours[:, :5].sum(axis=1), year >= 5
    most, fewest = still[total >= 50].mean(), still[(total > 0) & (total < 15)].mean()
    assert most - fewest > 0.2
    assert still[total > np.median(total)].mean() - still[total <= np.median(total)].mean() > 0.2


@pytest.mark.slow
def test_last_years_training_shows_nothing_where_nothing_is():
    found = by_lag(*histories(2), lag=1)
    assert abs(found.value) < 0.003
    assert found.low < 0 < found.high


@pytest.mark.slow
def test_training_skipped_on_the_way_out_shows_in_the_same_year_only():
    people = histories(2, skipped=(0.5, 0.0))
    assert by_lag(*people, lag=0).high < -0.03
    assert abs(by_lag(*people, lag=1).value) < 0.003


@pytest.mark.slow
def test_training_skipped_a_year_ahead_shows_at_lag_one_and_not_at_lag_two():
    people = histories(3, skipped=(0.5, 0.3))
    assert by_lag(*people, lag=1).high < -0.02
    assert abs(by_lag(*people, lag=2).value) < 0.003


def repeated(cells, times):
    """The same schools, each so many times."""
    factors = [replace(one, codes=one.codes[cells.pattern]) for one in cells.factors]
    n, left = cells.n * times, cells.left * times
    return person_year_cells(factors[-1], factors[:-1], cells.school, left, n=n)


@pytest.mark.slow
def test_drawing_schools_anew_gives_the_same_standard_errors(person_years):
    cells, random = person_years(11, size=6000, schools=80).cells(), np.random.default_rng(11)
    draws = [random.multinomial(80, np.full(80, 1 / 80))[cells.school] for _ in range(300)]
    drawn = [dose_response(repeated(cells, times), reference="1-14").bands for times in draws]
    for place, band in enumerate(dose_response(cells, reference="1-14").bands):
        if band.difference:
            assert np.std([bands[place].difference.value for bands in drawn], ddof=1) == pytest.approx(
                band.difference.se, rel=0.12
            )


@pytest.mark.slow
@pytest.mark.parametrize(("schools", "size"), [(10, 1200), (60, 2400)])
def test_intervals_cover(person_years, schools, size):
    hits, runs = 0, 200
    for seed in range(runs):
        rows = person_years(1000 + seed, size=size, schools=schools, climate=0.3)
        band = dose_response(rows.cells(), reference="1-14").bands[3]
        hits += band.difference.low <= 0 <= band.difference.high
    assert hits / runs > 0.9
