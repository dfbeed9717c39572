"""Life tables against Singer & Willett's, R's survfit, lifelines, and each other."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines import KaplanMeierFitter
from lifelines.datasets import load_lung

from pd_tracker.reports.estimators.life_table import life_table, life_table_from_cells

# Singer & Willett (2003), tables 10.1 and 10.2: 3,941 special educators hired in Michigan 1972-78; the survivor's
# standard error is R survfit's. Columns: year, at risk, left, censored, hazard, survivor, Greenwood standard error.
SPECIAL_EDUCATORS = np.array(
    [
        (1, 3941, 456, 0, 0.11570667, 0.8842933, 0.00510),
        (2, 3485, 384, 0, 0.11018651, 0.7868561, 0.00652),
        (3, 3101, 359, 0, 0.11576911, 0.6957625, 0.00733),
        (4, 2742, 295, 0, 0.10758570, 0.6209084, 0.00773),
        (5, 2447, 218, 0, 0.08908868, 0.5655925, 0.00790),
        (6, 2229, 184, 0, 0.08254823, 0.5189038, 0.00796),
        (7, 2045, 123, 280, 0.06014670, 0.4876935, 0.00796),
        (8, 1642, 79, 307, 0.04811206, 0.4642295, 0.00800),
        (9, 1256, 53, 255, 0.04219745, 0.4446402, 0.00811),
        (10, 948, 35, 265, 0.03691983, 0.4282242, 0.00827),
        (11, 648, 16, 241, 0.02469136, 0.4176508, 0.00848),
        (12, 391, 5, 386, 0.01278772, 0.4123100, 0.00870),
    ]
).T

# R survfit on the men of the NCCTG lung cancer data: day, at risk, survival, standard error.
LUNG_MEN = [(11, 138, 0.9783, 0.0124), (53, 128, 0.9130, 0.0240), (88, 119, 0.8478, 0.0306), (147, 103, 0.7391, 0.0374)]

spells = st.lists(
    st.tuples(st.integers(0, 8), st.integers(1, 8), st.booleans(), st.integers(0, 14)), min_size=1, max_size=60
)


def columns(rows):
    entry, length, event, school = (np.array(column) for column in zip(*rows, strict=True))
    return entry, entry + length, event, school


def as_cells(entry, last, event, school):
    """Person-years counted one by one, as a database would."""
    cells = {}
    for start, stop, gone, place in zip(entry, last, event, school, strict=True):
        for year in range(start + 1, stop + 1):
            cell = cells.setdefault((year, place), [0, 0, 0])
            cell[0] += 1
            cell[1] += year == stop and gone
            cell[2] += year == stop and not gone
    year, place = zip(*cells, strict=True)
    return (year, *zip(*cells.values(), strict=True), place)


def assert_same(first, second):
    for name in ("year", "at_risk", "events", "censored", "hazard", "survival", "se", "low", "high"):
        np.testing.assert_allclose(getattr(first, name), getattr(second, name), atol=1e-12)
    assert (first.clusters, first.variance) == (second.clusters, second.variance)


def test_special_educators_as_published():
    year, at_risk, left, censored, hazard, survivor, se = SPECIAL_EDUCATORS
    spell_year = np.concatenate([np.repeat(year, left.astype(int)), np.repeat(year, censored.astype(int))])
    event = np.arange(len(spell_year)) < left.sum()
    table = life_table(np.zeros(len(event)), spell_year, event)
    assert table.at_risk.tolist() == at_risk.tolist()
    assert table.events.tolist() == left.tolist()
    assert table.censored.tolist() == censored.tolist()
    np.testing.assert_allclose(table.hazard, hazard, atol=5e-9)
    np.testing.assert_allclose(table.survival, survivor, atol=5e-8)
    np.testing.assert_allclose(table.se, se, atol=5e-6)
    assert table.median == pytest.approx(6.6, abs=0.05)
    assert table.variance == "Greenwood"


def test_lung_men_as_published():
    men = load_lung().query("sex == 1")
    table = life_table(np.zeros(len(men)), men["time"], men["status"])
    for day, at_risk, survival, se in LUNG_MEN:
        row = day - 1
        assert table.at_risk[row] == at_risk
        assert (table.survival[row], table.se[row]) == pytest.approx((survival, se), abs=5e-5)


@pytest.mark.parametrize("level", [0.8, 0.95])
def test_late_entry_agrees_with_lifelines(level):
    random = np.random.default_rng(3)
    entry = random.choice([0, 0, 0, 1, 2, 5], size=400)
    last = entry + random.geometric(0.15, size=400)
    event = random.random(400) < 0.7
    table = life_table(entry, last, event, max_t=15, level=level)
    oracle = KaplanMeierFitter(alpha=1 - level).fit(last, event, entry=entry)
    np.testing.assert_allclose(table.survival, oracle.survival_function_at_times(table.year), atol=1e-12)
    bounds = oracle.confidence_interval_.loc[table.year].to_numpy()
    np.testing.assert_allclose(np.column_stack([table.low, table.high]), bounds, atol=1e-9)
    np.testing.assert_array_equal(table.at_risk, [((entry < t) & (t <= last)).sum() for t in table.year])


@settings(max_examples=60, deadline=None)
@given(spells)
def test_spells_and_cells_agree(rows):
    data = columns(rows)
    assert_same(life_table(*data), life_table_from_cells(*as_cells(*data)))


@settings(max_examples=60, deadline=None)
@given(spells)
def test_bounds_hold_the_curve(rows):
    table = life_table(*columns(rows))
    assert ((table.low <= table.survival) & (table.survival <= table.high)).all()
    assert (table.low >= 0).all()
    assert (table.high <= 1).all()
    assert (np.diff(table.survival) <= 0).all()


@given(st.lists(st.integers(1, 10), min_size=1, max_size=50))
def test_without_censoring_survival_is_a_proportion(last):
    table = life_table([0] * len(last), last, [True] * len(last))
    np.testing.assert_allclose(table.survival, [np.mean(np.array(last) > t) for t in table.year], atol=1e-12)


def test_one_school_per_person_turns_the_clustered_variance_into_greenwood():
    random = np.random.default_rng(5)
    data = (np.zeros(300), random.integers(1, 8, size=300), random.random(300) < 0.5)
    alone, plain = life_table(*data, np.arange(300)), life_table(*data)
    assert (alone.variance, alone.clusters) == ("school-clustered", 300)
    np.testing.assert_allclose(alone.se, plain.se * np.sqrt(300 / 299), atol=1e-12)


def test_clustered_interval_is_wider_when_schools_differ():
    random = np.random.default_rng(7)
    school = np.repeat(np.arange(40), 50)
    last = np.minimum(random.geometric(np.repeat(random.choice([0.05, 0.3], size=40), 50)), 6)
    event = last < 6
    clustered = life_table(np.zeros(2000), last, event, school)
    plain = life_table(np.zeros(2000), last, event)
    spread = np.std([np.mean(last[school == one] > 3) for one in range(40)], ddof=1) / np.sqrt(40)
    assert clustered.se[2] == pytest.approx(spread, rel=1e-9)  # no censoring before year 3: the SE of a school mean
    assert clustered.se[2] > 2 * plain.se[2]


def test_nine_schools_are_too_few_to_cluster():
    school = np.arange(90) % 9
    table = life_table(np.zeros(90), np.arange(90) % 5 + 1, np.ones(90, dtype=bool), school)
    assert (table.variance, table.clusters) == ("Greenwood", 9)


@pytest.mark.parametrize("schools", [1, 12])
def test_nobody_left(schools):
    table = life_table(np.zeros(24), np.full(24, 3), np.zeros(24, dtype=bool), np.arange(24) % schools)
    assert table.survival.tolist() == table.high.tolist() == [1, 1, 1]
    np.testing.assert_allclose(table.low, 0.025 ** (1 / 24))
    assert table.median is None


@pytest.mark.parametrize("schools", [1, 12])
def test_everybody_left(schools):
    table = life_table(np.zeros(24), np.full(24, 1), np.ones(24, dtype=bool), np.arange(24) % schools)
    assert (table.survival.tolist(), table.low.tolist()) == ([0], [0])
    assert table.high[0] == pytest.approx(1 - 0.025 ** (1 / 24))
    assert table.median == 0.5


def test_nobody_at_all():
    for table in (life_table([], [], []), life_table_from_cells([], [], [], [])):
        assert (len(table.year), table.clusters, table.median) == (0, 0, None)
        assert len(table.while_at_risk().year) == 0


def test_a_curve_without_observed_hires_begins_late_and_names_no_median():
    table = life_table([2, 2, 3], [4, 5, 5], [True, True, True])
    assert table.year.tolist() == [3, 4, 5]
    assert table.survival[-1] == 0
    assert table.median is None


def test_a_curve_ends_where_a_year_has_nobody():
    table = life_table([0, 0, 5], [2, 3, 7], [True, False, True])
    assert table.year.tolist() == [1, 2, 3]


def test_table_stops_where_few_are_at_risk():
    table = life_table(np.zeros(12), [1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3, 3], np.ones(12, dtype=bool))
    assert table.while_at_risk(9).at_risk.tolist() == [12, 9]
    assert table.while_at_risk().year.tolist() == [1]
    assert table.while_at_risk().variance == table.variance


def test_last_year_can_be_chosen():
    data = ([0, 0, 1], [2, 9, 4], [True, True, False])
    assert life_table(*data, max_t=3).year.tolist() == [1, 2, 3]
    assert_same(life_table(*data, max_t=3), life_table_from_cells(*as_cells(*data, [0, 0, 0]), max_t=3))


def test_narrow_integers_do_not_overflow():
    size = 40_000
    wide = (np.zeros(size), np.arange(size) % 100 + 1, np.ones(size, dtype=bool), np.arange(size) % 120)
    narrow = (wide[0].astype(np.int8), wide[1].astype(np.int8), wide[2], wide[3].astype(np.int8))
    assert_same(life_table(*wide), life_table(*narrow))


@pytest.mark.parametrize(
    ("entry", "last", "event"), [([0], [0], [True]), ([3], [2], [True]), ([-1], [2], [True]), ([0, 0], [1], [True])]
)
def test_impossible_spells_are_refused(entry, last, event):
    with pytest.raises(ValueError, match="spell"):
        life_table(entry, last, event)


@pytest.mark.parametrize("cell", [(0, 5, 1, 1), (1, 5, 4, 2), (1, -5, 0, 0)])
def test_impossible_cells_are_refused(cell):
    with pytest.raises(ValueError, match=r"year|at risk"):
        life_table_from_cells(*([value] for value in cell))
