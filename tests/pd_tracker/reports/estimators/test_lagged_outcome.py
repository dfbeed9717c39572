"""Lagged outcomes against statsmodels and planted truths."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf

from pd_tracker.reports.estimators.lagged_outcome import lagged_outcome, standardise

BANDS = ["0", "1-14", "15+"]


def panel(seed, *, size=600, schools=15, effect=0.0, chosen_after_a_bad_year=False):
    random = np.random.default_rng(seed)
    quality = random.normal(0, 0.7, size)
    prior, later = quality + random.normal(0, 0.7, size), quality + random.normal(0, 0.7, size)
    wish = -prior + random.normal(0, 0.3, size) if chosen_after_a_bad_year else random.normal(size=size)
    place = np.digitize(wish, [-0.5, 0.6])
    return pd.DataFrame(
        {
            "outcome": later + effect * (place == 2),
            "prior": prior,
            "band": np.array(BANDS)[place],
            "year": random.integers(2021, 2024, size),
            "weight": random.integers(5, 60, size).astype(float),
            "school": random.integers(0, schools, size),
        }
    )


def compare(data, **options):
    options = {"reference": "1-14", "bands": BANDS} | options
    columns = (data[name] for name in ("outcome", "prior", "band", "year", "weight", "school"))
    return lagged_outcome(*columns, **options)


def test_lagged_outcome_agrees_with_statsmodels():
    data = panel(1)
    found = compare(data)
    model = smf.wls("outcome ~ prior + C(year) + C(band, Treatment('1-14'))", data, weights=data["weight"])
    oracle = model.fit(cov_type="cluster", cov_kwds={"groups": data["school"]}, use_t=True)
    for row in (found.bands[0], found.bands[2]):
        name = f"C(band, Treatment('1-14'))[T.{row.band}]"
        assert row.difference.value == pytest.approx(oracle.params[name])
        assert (row.difference.low, row.difference.high) == pytest.approx(tuple(oracle.conf_int().loc[name]))
    assert found.prior.value == pytest.approx(oracle.params["prior"])
    assert found.bands[1].difference is None
    assert sum(row.n for row in found.bands) == found.fit.n == 600


def test_two_lags_and_covariates_agree_with_statsmodels():
    data = panel(11)
    random = np.random.default_rng(11)
    data["earlier"] = data["prior"] + random.normal(size=600)
    data["subject"] = random.choice(["Art", "Math", None], 600, p=[0.3, 0.5, 0.2])
    data["grade"] = random.integers(1, 4, 600)
    covariates = {"subject": data["subject"], "grade": data["grade"]}
    found = compare(data, earlier=data["earlier"], covariates=covariates)
    formula = "outcome ~ prior + earlier + C(year) + C(subject) + C(grade) + C(band, Treatment('1-14'))"
    model = smf.wls(formula, data.fillna({"subject": "none"}), weights=data["weight"])
    oracle = model.fit(cov_type="cluster", cov_kwds={"groups": data["school"]}, use_t=True)
    assert found.bands[2].difference.value == pytest.approx(oracle.params["C(band, Treatment('1-14'))[T.15+]"])
    assert found.bands[2].difference.se == pytest.approx(oracle.bse["C(band, Treatment('1-14'))[T.15+]"])
    assert found.fit["earlier"].value == pytest.approx(oracle.params["earlier"])
    assert found.fit["subject unknown"].value == pytest.approx(oracle.params["C(subject)[T.none]"])
    assert (found.merged, found.fit.dropped) == ((), ())


def test_small_levels_of_a_covariate_count_as_other():
    data = panel(12)
    data["subject"] = np.where(np.arange(600) < 9, "Latin", np.where(data["school"] < 2, "Greek", "Math"))
    found = compare(data, covariates={"subject": data["subject"]})
    assert found.merged == ("subject Greek", "subject Latin")
    renamed = data["subject"].replace({"Latin": "other", "Greek": "other"})
    assert found.fit.coefficients == compare(data, covariates={"subject": renamed}).fit.coefficients


def test_numbers_in_narrow_types_and_missing_ones_are_levels_too():
    data = panel(16)
    grade = np.arange(600) % 9 + 120
    wide, narrow = (compare(data, covariates={"grade": grade.astype(kind)}) for kind in (np.int64, np.uint8))
    assert wide.fit.coefficients == narrow.fit.coefficients
    gaps = compare(data, covariates={"grade": np.where(grade == 121, np.nan, grade)})
    assert gaps.fit["grade unknown"] is not None
    assert gaps.bands[2].difference.value == pytest.approx(wide.bands[2].difference.value)


def test_a_covariate_that_repeats_the_year_is_dropped_and_named():
    data = panel(13)
    found = compare(data, covariates={"cycle": data["year"]})
    assert found.fit.dropped == ("cycle 2022", "cycle 2023")
    assert found.bands[2].difference == compare(data).bands[2].difference


def test_teachers_without_an_earlier_result_are_counted_out():
    data = panel(14)
    earlier = np.where(np.arange(600) < 50, np.nan, data["prior"] ** 2)
    found = compare(data, earlier=earlier)
    assert (found.excluded, found.fit.n) == (50, 550)


def test_few_schools_get_the_jackknife_when_asked_for():
    data = panel(15)
    usual, careful = compare(data), compare(data, jackknife=True)
    assert usual.bands[2].difference.value == careful.bands[2].difference.value
    assert usual.bands[2].difference.se != careful.bands[2].difference.se
    many = panel(15, size=2000, schools=60)
    assert compare(many).fit.coefficients == compare(many, jackknife=True).fit.coefficients


def test_regression_to_the_mean_is_not_taken_for_a_difference():
    data = panel(2, size=40_000, schools=80, chosen_after_a_bad_year=True)
    trained = data[data["band"] == "15+"]
    assert (trained["outcome"] - trained["prior"]).mean() > 0.3
    assert compare(data).bands[2].difference.value == pytest.approx(0, abs=0.05)


def test_a_planted_difference_is_found():
    row = compare(panel(3, size=40_000, schools=80, effect=0.2)).bands[2]
    assert row.difference.low < 0.2 < row.difference.high
    assert row.difference.low > 0


def test_missing_and_weightless_rows_are_counted_out():
    data = panel(4)
    data.loc[:9, "outcome"] = np.nan
    data.loc[10:14, "prior"] = np.nan
    data.loc[15:17, "weight"] = 0
    found = compare(data)
    assert (found.excluded, found.fit.n) == (18, 582)
    assert found.fit.coefficients == compare(data[18:]).fit.coefficients


def test_a_band_without_classrooms_has_no_difference():
    data = panel(5)
    found = compare(data[data["band"] != "15+"])
    assert (found.bands[2].n, found.bands[2].mean, found.bands[2].difference) == (0, None, None)
    assert found.bands[0].difference is not None
    assert found.fit.dropped == ("band 2",)


def test_without_the_reference_nothing_is_compared():
    data = panel(6)
    found = compare(data[data["band"] != "1-14"])
    assert [row.difference for row in found.bands] == [None, None, None]
    assert found.bands[0].mean is not None


def test_a_band_that_fills_a_whole_year_has_no_difference():
    data = panel(7)
    data.loc[data["year"] == 2023, "band"] = "15+"
    data.loc[data["year"] != 2023, "band"] = data["band"].replace("15+", "0")
    found = compare(data)
    assert found.bands[2].difference is None
    assert found.bands[0].difference is not None


def test_one_school_gets_no_interval():
    row = compare(panel(8, schools=1)).bands[2]
    assert (row.difference.low, row.difference.high) == (None, None)


def test_nothing_gives_nothing():
    found = compare(panel(9)[:0])
    assert [(row.n, row.mean, row.difference) for row in found.bands] == [(0, None, None)] * 3
    assert (found.prior, found.excluded, found.fit.n) == (None, 0, 0)


def test_impossible_rows_are_refused():
    with pytest.raises(ValueError, match="not in the list"):
        compare(panel(10), bands=["0", "1-14"])
    with pytest.raises(ValueError, match="differ in length"):
        compare(panel(10), covariates={"subject": ["Math"]})
    with pytest.raises(ValueError, match="differ in length"):
        lagged_outcome([1.0], [1.0], ["0", "0"], [2020], None, ["Hill"], reference="0", bands=["0"])
    with pytest.raises(ValueError, match="differ in length"):
        lagged_outcome([1.0], [1.0, 2.0], ["0"], [2020], None, ["Hill"], reference="0", bands=["0"])


def test_standardise_agrees_with_pandas():
    data = pd.DataFrame({"group": np.arange(300) % 3, "value": np.random.default_rng(1).normal(50, 9, 300)})
    expected = data.groupby("group")["value"].transform(lambda values: (values - values.mean()) / values.std())
    np.testing.assert_allclose(standardise(data["value"], data["group"]), expected, atol=1e-12)


def test_standardise_leaves_out_small_constant_and_missing():
    values = np.concatenate([np.arange(29.0), np.full(40, 0.1), np.arange(31.0)])
    values[-1] = np.nan
    z = standardise(values, ["small"] * 29 + ["constant"] * 40 + ["fine"] * 31)
    assert np.isnan(z[:69]).all()
    assert np.isnan(z[-1])
    assert (z[69:-1].mean(), z[69:-1].std(ddof=1)) == pytest.approx((0, 1), abs=1e-12)


def test_standardise_edges():
    assert standardise([], []).tolist() == []
    assert np.isnan(standardise([5.0], ["a"], min_group=1)).all()
    with pytest.raises(ValueError, match="differ in length"):
        standardise([1.0], [])


def test_the_scale_can_come_from_whole_classes_alone():
    values, whole = np.array([48.0, 52, 50, 40, 60]), np.array([True, True, True, False, False])
    scaled = standardise(values, np.zeros(5), 3, among=whole)
    assert scaled == pytest.approx((values - 50) / 2)
    assert np.isnan(standardise(values, np.zeros(5), 4, among=whole)).all()
