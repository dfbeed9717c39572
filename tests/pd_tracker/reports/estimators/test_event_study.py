"""Group-time differences against published tables, saturated least squares and planted truths."""

from collections import Counter

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2

from pd_tracker.reports.estimators.event_study import event_study
from tests.pd_tracker.reports.estimators import mpdta

AS_DID = {"lead": 1, "symmetric": False, "controls": "never", "earlier": "short"}


@pytest.fixture(scope="module")
def counties():
    return mpdta.counties()


def study(data, **options):
    columns = (data[name] for name in ("unit", "school", "year", "y", "cohort"))
    return event_study(*columns, data.get("weight"), **{"seed": 1} | options)


def as_published(counties, **options):
    unit = counties["county"]
    return event_study(unit, unit, counties["year"], counties["y"], counties["first"], seed=1, **AS_DID, **options)


def analytic(line):
    return line.se * np.sqrt((line.clusters - 1) / line.clusters)


def test_the_twelve_published_estimates_and_standard_errors(counties):
    cells = as_published(counties).cells
    assert [(cell.cohort, cell.time) for cell in cells] == [row[:2] for row in mpdta.ATT_GT]
    assert [cell.value for cell in cells] == pytest.approx([row[2] for row in mpdta.ATT_GT], abs=5.1e-5)
    assert [analytic(cell) for cell in cells] == pytest.approx([row[3] for row in mpdta.ATT_GT], abs=5.1e-5)


def test_the_published_averages(counties):
    found = as_published(counties)
    assert {line.label: line.value for line in found.by_event} == pytest.approx(mpdta.BY_EVENT, abs=5.1e-5)
    assert {line.label: line.value for line in found.by_cohort} == pytest.approx(mpdta.BY_COHORT, abs=5.1e-5)
    # did prints bootstrap errors, which wobble in the fourth digit
    assert (found.over_events.value, found.over_events.se) == pytest.approx((-0.0772, 0.0198), abs=3e-4)
    assert (found.over_cohorts.value, found.over_cohorts.se) == pytest.approx((-0.0310, 0.0124), abs=3e-4)
    assert found.simple.value == pytest.approx(-0.0400, abs=5.1e-5)
    bootstrap = [0.0153, 0.0136, 0.0138, 0.0115, 0.0174, 0.0356, 0.0354]
    assert [line.se for line in found.by_event] == pytest.approx(bootstrap, abs=1.2e-3)


def test_the_published_joint_test_of_the_years_before(counties):
    found = as_published(counties)
    before = np.array([cell.time < cell.cohort for cell in found.cells])
    undo = np.array([np.sqrt((cell.clusters - 1) / cell.clusters) for cell in found.cells])
    covariance = (found.covariance * np.outer(undo, undo))[before][:, before]
    values = np.array([cell.value for cell in found.cells])[before]
    assert chi2(before.sum()).sf(values @ np.linalg.inv(covariance) @ values) == pytest.approx(0.16812, abs=2e-4)


def test_the_published_band_lies_outside_the_single_intervals(counties):
    lines = as_published(counties).by_event
    reach = (0.0305 + 0.0082) / 0.0153  # published; 1,000 draws leave about 0.05 to chance
    assert [(line.value - line.band_low) / line.se for line in lines] == pytest.approx([reach] * 7, abs=0.2)
    assert all(line.band_low < line.low < line.high < line.band_high for line in lines)
    assert as_published(counties).by_event == lines
    assert as_published(counties, level=0.8).by_event[0].band_high < lines[0].band_high


def panel(
    seed, *, size=400, years=range(2018, 2024), cohorts=(2020, 2021, 2022, 0), effect=lambda event: 0.1, noise=0.5
):
    random = np.random.default_rng(seed)
    cohort = random.choice(cohorts, size)
    school = random.integers(0, 20, size)
    unit, year = np.repeat(np.arange(size), len(years)), np.tile(list(years), size)
    event = np.where(cohort[unit] > 0, year - cohort[unit], -1)
    level = random.normal(size=size) + (cohort > 0) * 0.4 + random.normal(0, 0.3, 20)[school]
    y = level[unit] + 0.05 * (year - 2018) ** 2 + np.where(event >= 0, effect(event), 0)
    y = (
        y
        + random.normal(0, noise, len(unit))
        + random.normal(0, 0.1, (20, len(years)))[school[unit], year - year.min()]
    )
    data = pd.DataFrame({"unit": unit, "school": school[unit], "year": year, "cohort": cohort[unit], "y": y})
    data["truth"] = np.where(event >= 0, effect(event), np.nan)
    return data


def dummies(data, columns):
    parts = [pd.get_dummies(data[name], dtype=float).to_numpy() for name in ("unit", "year")]
    return np.column_stack([*columns, parts[0], parts[1][:, 1:]])


def two_way(data):
    """What two-way fixed effects make of a complete panel."""
    trained = ((data["cohort"] > 0) & (data["year"] >= data["cohort"])).astype(float)
    inside = trained - trained.groupby(data["unit"]).transform("mean") - trained.groupby(data["year"]).transform("mean")
    inside = inside + trained.mean()
    return (inside * data["y"]).sum() / (inside**2).sum()


@pytest.mark.parametrize("weighted", [True, False])
@pytest.mark.parametrize("lead", [1, 2])
def test_saturated_least_squares_gives_the_same_cells(lead, weighted):
    # Extended two-way effects: one coefficient per cohort and year but the base year, teacher and year effects. With
    # never-trained controls and a complete panel it must be the same thing (Wooldridge 2021; Sun & Abraham 2021).
    data = panel(2, size=120)
    data["weight"] = np.random.default_rng(2).integers(5, 60, 120)[data["unit"]] if weighted else 1.0
    cells = study(data, lead=lead, symmetric=False, controls="never").cells
    columns = [((data["cohort"] == cell.cohort) & (data["year"] == cell.time)).to_numpy(float) for cell in cells]
    root = np.sqrt(data["weight"].to_numpy(float))
    table = dummies(data, columns) * root[:, None]
    expected = np.linalg.lstsq(table, data["y"] * root, rcond=None)[0][: len(cells)]
    np.testing.assert_allclose([cell.value for cell in cells], expected, atol=1e-10)
    assert len(cells) == 15


def test_standard_errors_are_those_of_leaving_out_each_school():
    # An independent way to the same uncertainty, that of the cohorts' shares included.
    data = panel(20, size=1600)
    whole = study(data)
    names = ("simple", "over_events", "over_cohorts")
    without = [study(data[data["school"] != school]) for school in range(20)]
    for name in names:
        values = np.array([getattr(one, name).value for one in without])
        jackknife = np.sqrt(19 / 20 * ((values - getattr(whole, name).value) ** 2).sum())
        assert getattr(whole, name).se == pytest.approx(jackknife, rel=0.05)
    values = np.array([[cell.value for cell in one.cells] for one in without])
    moved = values - [cell.value for cell in whole.cells]
    jackknife = np.sqrt(19 / 20 * np.diagonal(moved.T @ moved))
    np.testing.assert_allclose([cell.se for cell in whole.cells], jackknife, rtol=0.15)
    np.testing.assert_allclose([cell.se for cell in whole.cells], np.sqrt(np.diagonal(whole.covariance)), rtol=1e-12)


def test_one_cohort_is_the_plain_difference_in_differences():
    data = panel(3, years=(2020, 2021), cohorts=(2021, 0))
    found = study(data, lead=1)
    assert found.simple.value == pytest.approx(two_way(data), abs=1e-10)
    assert len({found.simple.value, found.over_events.value, found.over_cohorts.value, found.cells[0].value}) == 1
    change = data.pivot(index="unit", columns="year", values="y").pipe(lambda y: y[2021] - y[2020])
    cohort, school = data.groupby("unit")["cohort"].first(), data.groupby("unit")["school"].first()
    psi = change - change.groupby(cohort).transform("mean")
    psi = psi / cohort.groupby(cohort).transform("size") * np.where(cohort > 0, 1, -1)
    assert found.cells[0].se == pytest.approx(np.sqrt((psi.groupby(school).sum() ** 2).sum() * 20 / 19))


def test_controls_of_a_cell_are_those_not_trained_yet():
    data = panel(4)
    size = data.groupby("unit")["cohort"].first().pipe(Counter)
    cells = {(cell.cohort, cell.time): cell for cell in study(data, lead=1, symmetric=False).cells}
    assert cells[2020, 2020].controls == size[0] + size[2021] + size[2022]
    assert cells[2020, 2021].controls == size[0] + size[2022]
    assert cells[2021, 2018].controls == size[0] + size[2022]
    assert cells[2022, 2023].controls == size[0]
    cautious = {(cell.cohort, cell.time): cell for cell in study(data).cells}
    assert cautious[2020, 2020].controls == size[0] + size[2022]
    assert {cell.controls for cell in study(data, controls="never").cells} == {size[0]}


def test_base_years():
    cells = {(cell.cohort, cell.time): cell for cell in study(panel(5)).cells}
    assert [cells[2022, year].base for year in (2018, 2019, 2021, 2022, 2023)] == [2020, 2020, 2020, 2020, 2019]
    assert (2022, 2020) not in cells
    assert (cells[2020, 2021].base, cells[2020, 2021].symmetric) == (2018, False)
    assert all(cells[pair].symmetric for pair in [(2022, 2023), (2021, 2022), (2020, 2020), (2022, 2018)])
    short = {(cell.cohort, cell.time): cell.base for cell in study(panel(5), earlier="short").cells}
    assert [short[2022, year] for year in (2019, 2020, 2021, 2022)] == [2018, 2019, 2020, 2020]


@pytest.mark.parametrize(
    ("effect", "cohorts", "two_way_is_right"),
    [
        (lambda event: 0.1, (2020, 2021, 2022, 0), True),
        (lambda event: 0.1 * (event + 1), (2020, 2021, 2022, 0), False),
        (lambda event: 0.1 * (event + 1), (2020, 2021, 2022, 2023), False),
    ],
    ids=["constant", "growing", "growing, all trained in the end"],
)
def test_planted_effects_are_found_where_two_way_effects_fail(effect, cohorts, two_way_is_right):
    data = panel(6, size=1200, effect=effect, cohorts=cohorts, noise=0.2)
    found = study(data, lead=1, symmetric=False)
    seen = {(cell.cohort, cell.time) for cell in found.cells if cell.value is not None and cell.time >= cell.cohort}
    pairs = pd.MultiIndex.from_frame(data[["cohort", "year"]])
    truth = data["truth"][pairs.isin(list(seen))].mean()
    assert found.simple.low < truth < found.simple.high
    assert found.simple.value == pytest.approx(truth, abs=0.06)
    assert (abs(two_way(data) - data["truth"].mean()) < 0.05) == two_way_is_right


def persistent(seed, *, size=20_000, carried=0.0):
    """Teachers go to training after a bad year; shocks carry over from year to year; no effect."""
    random = np.random.default_rng(seed)
    y = np.empty((size, 8))
    shock = random.normal(0, 1, size)
    for year in range(8):
        shock = carried * shock + np.sqrt(1 - carried**2) * random.normal(0, 1, size)
        y[:, year] = shock
    y += random.normal(0, 0.7, (size, 1))
    cohort = np.where(y[:, 4] < -0.5, 2005, 0)
    unit, year = np.repeat(np.arange(size), 8), np.tile(np.arange(2000, 2008), size)
    return pd.DataFrame({"unit": unit, "school": unit % 40, "year": year, "cohort": cohort[unit], "y": y.ravel()})


def test_a_bad_year_before_training_is_no_difference_with_a_base_two_years_before():
    data = persistent(7)
    usual, cautious = study(data, lead=1), study(data)
    assert {line.label: line for line in usual.by_event}[0].value > 0.8
    assert {line.label: line for line in cautious.by_event}[0].value == pytest.approx(0, abs=0.06)
    assert {line.label: line for line in cautious.by_event}[-1].value < -0.8


def test_a_symmetric_base_keeps_a_lasting_bad_spell_out_of_later_years():
    data = persistent(8, carried=0.4)
    plain = {line.label: line.value for line in study(data, symmetric=False).by_event}
    mirrored = {line.label: line.value for line in study(data).by_event}
    assert plain[1] > 0.1
    assert (mirrored[0], mirrored[1], mirrored[2]) == pytest.approx((0, 0, 0), abs=0.06)


@pytest.mark.slow
def test_intervals_and_joint_test_keep_their_promise():
    covered = banded = rejected = 0
    for seed in range(200):
        found = study(panel(seed, size=240, cohorts=(2021, 2022, 0)), seed=seed)
        zero = next(line for line in found.by_event if line.label == 0)
        covered += zero.low < 0.1 < zero.high
        banded += all(line.band_low < (0.1 if line.label >= 0 else 0) < line.band_high for line in found.by_event)
        rejected += found.pretrend.p < 0.05
    assert covered / 200 > 0.92
    assert banded / 200 > 0.90
    assert rejected / 200 < 0.09


def test_the_line_before_training_is_tested_jointly():
    found = study(panel(9))
    assert [line.label for line in found.by_event] == [-4, -3, -1, 0, 1, 2, 3]
    assert found.pretrend.df == 2
    assert 0.01 < found.pretrend.p <= 1
    bent = panel(9)
    bent["y"] += np.where((bent["cohort"] > 0) & (bent["year"] <= bent["cohort"] - 3), 1.0, 0)
    assert study(bent).pretrend.p < 1e-4


def test_teachers_with_both_results_are_compared():
    data = panel(10)
    gone = np.random.default_rng(10).random(len(data)) < 0.2
    data.loc[gone, "y"] = np.nan
    found = study(data, lead=1, symmetric=False, controls="never")
    assert found.excluded == gone.sum()
    wide = data.pivot(index="unit", columns="year", values="y")
    cohort = data.groupby("unit")["cohort"].first()
    change = wide[2021] - wide[2020]
    cell = next(cell for cell in found.cells if (cell.cohort, cell.time) == (2021, 2021))
    assert cell.value == pytest.approx(change[cohort == 2021].mean() - change[cohort == 0].mean())
    assert cell.treated == change[cohort == 2021].notna().sum()
    assert study(data[~gone], lead=1, symmetric=False, controls="never").cells == found.cells


def test_larger_classes_weigh_more():
    data = panel(11)
    data["weight"] = np.random.default_rng(11).integers(0, 60, len(data))
    found = study(data, lead=1, symmetric=False, controls="never")
    wide, weights = (data.pivot(index="unit", columns="year", values=name) for name in ("y", "weight"))
    cohort = data.groupby("unit")["cohort"].first()
    pair = 2 / (1 / weights[2021].replace(0, np.nan) + 1 / weights[2020].replace(0, np.nan))
    change, pair = (wide[2021] - wide[2020])[pair.notna()], pair[pair.notna()]
    mine, theirs = (cohort[pair.index] == first for first in (2021, 0))
    expected = np.average(change[mine], weights=pair[mine]) - np.average(change[theirs], weights=pair[theirs])
    cell = next(cell for cell in found.cells if (cell.cohort, cell.time) == (2021, 2021))
    assert cell.value == pytest.approx(expected)
    assert found.excluded == (data["weight"] == 0).sum()
    assert study(data.assign(weight=7.0), seed=1).simple.se == pytest.approx(
        study(data.drop(columns="weight")).simple.se
    )


def test_the_order_of_rows_changes_nothing():
    data = panel(12)
    found, again = study(data), study(data.sample(frac=1, random_state=12))
    assert [line.label for line in found.by_event] == [line.label for line in again.by_event]
    for ours, theirs in zip(found.by_event, again.by_event, strict=True):
        assert (ours.value, ours.se, ours.band_high) == pytest.approx((theirs.value, theirs.se, theirs.band_high))


def test_a_teacher_who_moves_counts_in_the_first_school():
    data = panel(13)
    home = data["school"].copy()
    data.loc[data["year"] > 2019, "school"] = (data["school"] + 7) % 20
    assert study(data).simple == study(data.assign(school=home)).simple


@pytest.mark.parametrize(
    ("keep", "note"),
    [
        (
            lambda d: (d["cohort"] != 2020) | (d["unit"].isin(d["unit"][d["cohort"] == 2020].unique()[:9])),
            "few treated",
        ),
        (lambda d: (d["cohort"] != 0) | (d["unit"].isin(d["unit"][d["cohort"] == 0].unique()[:9])), "few controls"),
        (lambda d: (d["cohort"] != 2020) | (d["school"] < 2), "few schools"),
        (lambda d: d["school"] < 4, "few schools"),
        (lambda d: d["year"] != 2018, "no base year"),
    ],
)
def test_cells_that_say_nothing_stay_blank_and_say_why(keep, note):
    data = panel(14, size=900)
    found = study(data[keep(data)], controls="never", symmetric=False)
    cell = next(cell for cell in found.cells if (cell.cohort, cell.time) == (2020, 2021))
    assert (cell.value, cell.se, cell.low, cell.high, cell.note) == (None, None, None, None, note)
    assert len(found.covariance) == sum(cell.value is not None for cell in found.cells)


def test_results_that_never_move_get_no_interval():
    data = panel(15)
    data["y"] = data["unit"] * 1.0
    found = study(data)
    assert {cell.note for cell in found.cells} == {"no spread"}
    assert (found.simple.value, found.simple.se, found.simple.low, found.pretrend) == (0, None, None, None)
    assert {line.band_low for line in found.by_event} == {None}


def test_those_trained_before_the_data_begin_are_counted_and_compared_with_nobody():
    data = panel(16, cohorts=(2017, 2018, 2021, 0))
    found = study(data)
    early = data.loc[data["cohort"].isin([2017, 2018]), "unit"].nunique()
    assert found.already_trained == early
    assert {cell.cohort for cell in found.cells} == {2021}
    rest = study(data[~data["cohort"].isin([2017, 2018])])
    assert [cell.value for cell in found.cells] == pytest.approx([cell.value for cell in rest.cells])


def test_never_may_be_infinite():
    data = panel(17)
    assert study(data).simple == study(data.assign(cohort=data["cohort"].replace(0, np.inf))).simple


@pytest.mark.parametrize("rows", [lambda d: d[:0], lambda d: d[d["cohort"] == 0], lambda d: d[d["year"] == 2020]])
def test_nothing_to_compare_gives_nothing(rows):
    found = study(rows(panel(18)))
    assert all(cell.note == "no base year" for cell in found.cells)
    assert (found.by_event, found.by_cohort, found.simple, found.over_events, found.pretrend) == (
        (),
        (),
        None,
        None,
        None,
    )


@pytest.mark.parametrize(
    ("change", "options", "message"),
    [
        ({}, {"lead": 0}, "at least one year before"),
        ({"year": 2020}, {}, "average them first"),
        ({"cohort": np.arange(2400) % 2 * 2020}, {}, "more than one first year"),
        ({"cohort": np.nan}, {}, "must be known"),
    ],
)
def test_impossible_rows_are_refused(change, options, message):
    with pytest.raises(ValueError, match=message):
        study(panel(19).assign(**change), **options)
    with pytest.raises(ValueError, match="differ in length"):
        event_study([1], [1], [2020], [1.0, 2.0], [0], seed=1)
