"""Gaps within classrooms against statsmodels and planted truths."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from scipy.stats import false_discovery_control

from pd_tracker.reports.estimators.gaps import GroupMeans, adjusted_for_groups, gap_changes
from pd_tracker.reports.estimators.least_squares import fit, school_sums

BANDS = ["0", "1-14", "15+"]


def classrooms(seed, *, size=900, schools=60, focal=0.0, other=0.0, gap=-0.4, better_teachers_train=0.0):
    random = np.random.default_rng(seed)
    quality = random.normal(0, 0.5, size)
    wish = better_teachers_train * quality + random.normal(size=size)
    trained = wish > 0.6
    data = pd.DataFrame({"band": np.array(BANDS)[np.where(trained, 2, (wish > -0.3) * 1)]})
    data["nf"], data["nr"] = random.integers(5, 20, size), random.integers(8, 30, size)
    data["year"], data["school"] = random.integers(2021, 2024, size), np.arange(size) % schools
    for name, extra in (("prior", 0), ("", 1)):
        noise = random.normal(0, 0.6, (2, size)) / np.sqrt(data[["nf", "nr"]].to_numpy().T)
        data[f"f{name}"] = quality + gap + focal * trained * extra + noise[0]
        data[f"r{name}"] = quality + other * trained * extra + noise[1]
    return data


def compare(data, **options):
    ours = GroupMeans(data["f"], data["nf"], data["fprior"])
    theirs = GroupMeans(data["r"], data["nr"], data["rprior"])
    options = {"reference": "1-14", "bands": BANDS} | options
    return gap_changes(ours, theirs, data["band"].tolist(), data["year"], data["school"], **options)


def test_the_gap_agrees_with_statsmodels():
    data = classrooms(1)
    data["d"], data["before"] = data["f"] - data["r"], data["fprior"] - data["rprior"]
    model = smf.wls("d ~ before + C(year) + C(band, Treatment('1-14'))", data, weights=1 / (1 / data.nf + 1 / data.nr))
    oracle = model.fit(cov_type="cluster", cov_kwds={"groups": data["school"]}, use_t=True)
    found = compare(data)
    for change in (found.bands[0], found.bands[2]):
        name = f"C(band, Treatment('1-14'))[T.{change.band}]"
        assert (change.gap.value, change.gap.se) == pytest.approx((oracle.params[name], oracle.bse[name]))
        assert change.gap.p == pytest.approx(oracle.pvalues[name])
    assert found.fit["prior"].value == pytest.approx(oracle.params["before"])
    assert (found.bands[1].note, found.bands[1].gap) == ("reference", None)
    assert [change.classrooms for change in found.bands] == [(data["band"] == band).sum() for band in BANDS]


def test_the_changes_of_both_groups_differ_by_the_change_of_the_gap():
    data = classrooms(2, focal=0.2, other=0.1)
    data["subject"] = np.where(np.arange(900) % 7 == 0, None, "Math")
    found = compare(data, covariates={"subject": data["subject"]})
    for change in (found.bands[0], found.bands[2]):
        assert change.gap.value == pytest.approx(change.focal.value - change.other.value, abs=1e-12)
    assert found.fit["subject unknown"] is not None


def test_a_planted_narrowing_is_found_though_better_teachers_train():
    data = classrooms(3, size=12_000, focal=0.05, better_teachers_train=1.0)
    change = compare(data).bands[2]
    assert change.gap.low < 0.05 < change.gap.high
    assert change.gap.value == pytest.approx(0.05, abs=0.03)
    trained = (data["band"] == "15+").to_numpy()
    focal_alone = fit(school_sums(np.column_stack([np.ones(12_000), trained]), data["f"], None, data["school"]))["x1"]
    assert focal_alone.value > 0.25
    assert (change.narrowed, change.levelled_down) == (True, False)


@pytest.mark.parametrize(
    ("gap", "focal", "other", "narrowed", "levelled_down"),
    [
        (-0.4, 0.2, 0.0, True, False),
        (-0.4, 0.0, -0.2, True, True),
        (-0.4, 0.2, -0.1, True, False),
        (-0.4, -0.1, -0.4, True, True),
        (-0.4, -0.2, 0.0, False, False),
        (0.4, -0.2, 0.0, True, True),
        (0.4, 0.0, 0.2, True, False),
    ],
)
def test_narrowing_by_a_fall_of_those_ahead_is_flagged(gap, focal, other, narrowed, levelled_down):
    change = compare(classrooms(4, size=6000, gap=gap, focal=focal, other=other)).bands[2]
    assert (change.narrowed, change.levelled_down) == (narrowed, levelled_down)
    assert change.mean_gap == pytest.approx(gap + focal - other, abs=0.05)


def test_classrooms_with_few_students_of_a_group_are_left_out():
    data = classrooms(5)
    data.loc[:9, "nf"] = 4
    data.loc[10:19, "nr"] = 0
    data.loc[20:24, "rprior"] = np.nan
    data.loc[25, "nf"] = np.nan
    found = compare(data)
    assert (found.excluded, found.fit.n) == (26, 874)
    assert found.fit.coefficients == compare(data[26:]).fit.coefficients
    public = compare(data, least=10)
    assert public.excluded == 900 - ((data["nf"] >= 10) & (data["nr"] >= 10) & data["rprior"].notna()).sum()


@pytest.mark.parametrize("small", [lambda d: d.index < 9, lambda d: d["school"] < 2])
def test_a_band_of_few_classrooms_or_schools_has_no_change(small):
    data = classrooms(6)
    data["band"] = np.where(small(data), "15+", data["band"].replace("15+", "0"))
    change = compare(data).bands[2]
    assert (change.gap, change.focal, change.other, change.note) == (None, None, None, "few classrooms")
    assert (change.narrowed, change.levelled_down) == (False, False)
    data["band"] = np.where(small(data), "1-14", data["band"].replace("1-14", "0"))
    assert compare(data).bands[0].note == "not comparable"


def test_without_the_reference_nothing_is_compared():
    data = classrooms(7)
    found = compare(data[data["band"] != "1-14"])
    assert [change.note for change in found.bands] == ["not comparable", "reference", "not comparable"]
    assert [change.note for change in compare(data, reference="none", bands=BANDS).bands] == ["not comparable"] * 3
    assert [change.note for change in compare(data[:0]).bands] == ["few classrooms", "reference", "few classrooms"]


def test_several_groups_are_one_family_of_tests():
    found = [compare(classrooms(seed, focal=0.1 * seed)) for seed in range(3)]
    adjusted = adjusted_for_groups(found)
    raw = [change.gap.p for gaps in found for change in gaps.bands if change.gap]
    ours = [change.adjusted_p for gaps in adjusted for change in gaps.bands if change.gap]
    np.testing.assert_allclose(ours, false_discovery_control(raw))
    assert adjusted[0].bands[1].adjusted_p is None
    few = compare(classrooms(8, schools=4))
    assert few.bands[2].gap.low is None
    assert adjusted_for_groups([few])[0].bands[2].adjusted_p is None
    assert adjusted_for_groups([]) == ()


def test_impossible_rows_are_refused():
    data = classrooms(9)
    with pytest.raises(ValueError, match="not in the list"):
        compare(data, bands=["0", "1-14"])
    ours = GroupMeans([1.0], [9], [1.0, 2.0])
    with pytest.raises(ValueError, match="differ in length"):
        gap_changes(ours, ours, ["0"], [2020], ["Hill"], reference="0", bands=["0"])
