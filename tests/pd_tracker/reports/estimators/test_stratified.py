"""Stratified differences against a published meta-analysis, statsmodels, and planted truths."""

import numpy as np
import pytest
import statsmodels.api as sm

from pd_tracker.reports.estimators.groups import group_codes
from pd_tracker.reports.estimators.rates import normal_critical, wilson_rate
from pd_tracker.reports.estimators.stratified import adjusted_differences, enough_to_adjust

# BCG vaccine trials (Colditz et al. 1994, JAMA 271:698): cases and non-cases, vaccinated and not.
BCG = np.array(
    [
        (4, 119, 11, 128),
        (6, 300, 29, 274),
        (3, 228, 11, 209),
        (62, 13536, 248, 12619),
        (33, 5036, 47, 5761),
        (180, 1361, 372, 1079),
        (8, 2537, 10, 619),
        (505, 87886, 499, 87892),
        (29, 7470, 45, 7232),
        (17, 1699, 65, 1600),
        (186, 50448, 141, 27197),
        (5, 2493, 3, 2338),
        (27, 16886, 29, 17825),
    ]
)


def district(seed, *, schools=12, years=4, size=1500, effect=0.0):
    """Rows of teachers whose experience drives both training and leaving."""
    random = np.random.default_rng(seed)
    school, year = random.integers(0, schools, size), random.integers(2020, 2020 + years, size)
    novice = random.random(size) < 0.4
    trained = random.random(size) < np.where(novice, 0.8, 0.3)
    climate = random.normal(0, 0.03, schools)[school]
    left = random.random(size) < 0.08 + 0.25 * novice + climate + effect * trained
    band = np.where(trained, "30+", np.where(random.random(size) < 0.2, "0", "1-14"))
    return band, group_codes(year, novice)[0], school, left


def compare(band, stratum, school, left, **options):
    options.setdefault("reference", "1-14")
    n = np.ones(len(band), dtype=int)
    return {row.band: row for row in adjusted_differences(band.tolist(), stratum, school, n, left, **options)}


def least_squares(band, stratum, school, left, label, reference="1-14"):
    """The same comparison as a regression with one dummy per stratum."""
    pair = np.isin(band, [label, reference])
    shared = [one for one in np.unique(stratum) if len(set(band[pair & (stratum == one)])) == 2]
    rows = pair & np.isin(stratum, shared)
    design = np.column_stack([band[rows] == label, *(stratum[rows] == one for one in shared)]).astype(float)
    return sm.OLS(left[rows].astype(float), design).fit(
        cov_type="cluster", cov_kwds={"groups": school[rows]}, use_t=True
    )


def test_bcg_trials_as_published():
    # The R package metafor tests itself against -0.0033 (-0.0039 to -0.0027) and, with Sato's variance, z = -11.4708.
    trial = np.arange(13)
    row = adjusted_differences(
        ["vaccinated"] * 13 + ["control"] * 13,
        [*trial, *trial],
        ["one"] * 26,
        [*BCG[:, :2].sum(axis=1), *BCG[:, 2:].sum(axis=1)],
        [*BCG[:, 0], *BCG[:, 2]],
        reference="control",
    )[0]
    assert (row.difference, row.low, row.high) == pytest.approx((-0.0033, -0.0039, -0.0027), abs=5e-5)
    assert row.difference / ((row.high - row.low) / 2 / normal_critical()) == pytest.approx(-11.4708, abs=5e-5)
    assert (row.variance, row.weight_lost, row.compared) == ("Sato", 0, BCG.sum())


@pytest.mark.parametrize("label", ["0", "30+"])
def test_clustered_difference_agrees_with_statsmodels(label):
    rows = district(1)
    found, oracle = compare(*rows)[label], least_squares(*rows, label)
    assert found.difference == pytest.approx(oracle.params[0], abs=1e-12)
    assert (found.low, found.high) == pytest.approx(tuple(oracle.conf_int()[0]), abs=1e-12)
    assert (found.variance, found.clusters, found.compared) == ("school-clustered", 12, oracle.nobs)


def test_rows_and_cells_agree():
    band, stratum, school, left = district(2)
    cells = {}
    for key, gone in zip(zip(band.tolist(), stratum, school, strict=True), left, strict=True):
        cell = cells.setdefault(key, [0, 0])
        cell[0] += 1
        cell[1] += gone
    keys, counts = zip(*cells, strict=True), zip(*cells.values(), strict=True)
    grouped = adjusted_differences(*keys, *counts, reference="1-14", bands=["0", "1-14", "30+"])
    single = compare(band, stratum, school, left)
    for row in grouped:
        other = single[row.band]
        assert row.crude == other.crude
        assert (row.compared, row.clusters, row.note) == (other.compared, other.clusters, other.note)
        if row.note == "":
            assert (row.difference, row.low, row.high) == pytest.approx(
                (other.difference, other.low, other.high), abs=1e-12
            )


def test_narrow_integers_do_not_overflow():
    narrow = np.array([100, 100, 100, 100], dtype=np.int8)
    row = adjusted_differences(["a", "a", "b", "b"], [0, 0, 0, 0], [0, 1, 0, 1], narrow, narrow // 2, reference="a")[1]
    assert (row.crude, row.compared) == (wilson_rate(100, 200), 400)


def test_one_stratum_gives_the_crude_difference():
    band, _, school, left = district(3)
    rows = compare(band, np.zeros(len(band)), school, left)
    assert rows["30+"].difference == pytest.approx(rows["30+"].crude.value - rows["1-14"].crude.value)


def test_strata_remove_a_planted_confounder():
    rows = compare(*district(4, size=60_000, schools=60))
    assert rows["30+"].crude.value - rows["1-14"].crude.value > 0.1
    assert rows["30+"].difference == pytest.approx(0, abs=0.015)


def test_strata_keep_a_planted_difference():
    row = compare(*district(5, size=60_000, schools=60, effect=-0.05))["30+"]
    assert row.low < -0.05 < row.high < 0


def test_clustered_interval_covers():
    hits = 0
    for seed in range(200):
        row = compare(*district(seed, schools=10, size=400))["30+"]
        hits += row.low <= 0 <= row.high
    assert hits / 200 > 0.9


def test_strata_without_the_reference_are_left_out_and_counted():
    band = ["a", "b", "a", "b", "b", "c"]
    row = adjusted_differences(
        band, [1, 1, 2, 2, 3, 1], [1] * 6, [10, 10, 10, 10, 40, 20], [2, 1, 2, 1, 40, 3], reference="a"
    )[1]
    assert row.crude == wilson_rate(42, 60)
    assert row.difference == pytest.approx(-0.1)
    assert (row.compared, row.weight_lost) == (40, pytest.approx(0.4))


def test_bands_keep_their_order_and_the_empty_one():
    rows = adjusted_differences(["b", "a"], [1, 1], [1, 1], [9, 9], [3, 4], reference="a", bands=["a", "b", "c"])
    assert [row.band for row in rows] == ["a", "b", "c"]
    assert [row.note for row in rows] == ["reference", "", "no shared stratum"]
    assert rows[2].crude.value is None


@pytest.mark.parametrize("share", [0, 1])
def test_nobody_or_everybody_left(share):
    rows = adjusted_differences(["a", "b"], [1, 1], [1, 1], [30, 40], [30 * share, 40 * share], reference="a")
    assert (rows[1].difference, rows[1].low, rows[1].note) == (None, None, "outcome does not vary")
    assert rows[1].crude.value == share


def test_one_school_gets_an_interval_that_says_it_ignores_schools():
    row = adjusted_differences(["a", "b"], [1, 1], [1, 1], [30, 40], [10, 4], reference="a")[1]
    assert (row.variance, row.clusters) == ("Sato", 1)
    assert row.low < row.difference < row.high


def test_no_interval_without_variation():
    schools = list(range(6)) * 2
    row = adjusted_differences(["a"] * 6 + ["b"] * 6, [1] * 12, schools, [4] * 12, [1] * 6 + [2] * 6, reference="a")[1]
    assert (row.difference, row.low, row.high, row.variance) == (0.25, None, None, "")


def test_one_band_only():
    rows = adjusted_differences(["a"], [1], [1], [10], [1], reference="a")
    assert [row.note for row in rows] == ["reference"]


def test_missing_reference():
    row = adjusted_differences(["b"], [1], [1], [10], [1], reference="a")[0]
    assert (row.note, row.difference, row.weight_lost) == ("no shared stratum", None, 1)


def test_no_cells():
    assert adjusted_differences([], [], [], [], [], reference="a") == ()
    row = adjusted_differences([], [], [], [], [], reference="a", bands=["a", "b"])[1]
    assert (row.note, row.weight_lost, row.crude.total) == ("no shared stratum", 0, 0)


def test_cells_without_people_change_nothing():
    rows = adjusted_differences(["a", "b", "b"], [1, 1, 2], [1, 1, 9], [30, 40, 0], [10, 4, 0], reference="a")
    assert rows == adjusted_differences(["a", "b"], [1, 1], [1, 1], [30, 40], [10, 4], reference="a")


def test_impossible_cells_are_refused():
    with pytest.raises(ValueError, match="more leavers"):
        adjusted_differences(["a"], [1], [1], [3], [4], reference="a")
    with pytest.raises(ValueError, match="differ in length"):
        adjusted_differences(["a"], [1, 2], [1], [3], [2], reference="a")
    with pytest.raises(ValueError, match="not in the list"):
        adjusted_differences(["a"], [1], [1], [3], [2], reference="b", bands=["b"])


@pytest.mark.parametrize(("n", "left", "enough"), [(200, 20, True), (199, 20, False), (200, 19, False)])
def test_enough_to_adjust(n, left, enough):
    assert enough_to_adjust(n, left) is enough
