"""Cumulative incidence against hand counts, lifelines, simulation and the life table."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines import AalenJohansenFitter
from lifelines.datasets import load_multicenter_aids_cohort_study

from pd_tracker.reports.estimators.competing_exits import competing_exits, competing_exits_from_cells
from pd_tracker.reports.estimators.life_table import life_table, life_table_from_cells

WAYS = ("move", "leave", "retire")

spells = st.lists(
    st.tuples(st.integers(0, 6), st.integers(1, 7), st.sampled_from([None, *WAYS]), st.integers(0, 13)),
    min_size=1,
    max_size=60,
)


def columns(rows):
    entry, length, way, school = zip(*rows, strict=True)
    return np.array(entry), np.array(entry) + np.array(length), way, np.array(school)


def as_cells(entry, last, way, school):
    """Person-years counted one by one, as a database would."""
    cells = {}
    for start, stop, out, place in zip(entry, last, way, school, strict=True):
        for year in range(start + 1, stop + 1):
            cell = cells.setdefault((year, place), dict.fromkeys(["n", None, *WAYS], 0))
            cell["n"] += 1
            cell[out] += year == stop
            cell[None] += 0
    year, place = zip(*cells, strict=True)
    counts = {name: [cell[name] for cell in cells.values()] for name in ["n", None, *WAYS]}
    return year, counts["n"], {way: counts[way] for way in WAYS}, counts[None], place


def lasting(seed, size, hazards, *, years=5, schools=1):
    """Spells with the same hazards every year; whoever lasts is seen to the end."""
    random = np.random.default_rng(seed)
    draws = random.choice(len(hazards) + 1, p=[*hazards, 1 - sum(hazards)], size=(size, years))
    out = draws < len(hazards)
    last = np.where(out.any(axis=1), out.argmax(axis=1), years - 1)
    way = [WAYS[code] if code < len(hazards) else None for code in draws[np.arange(size), last]]
    return np.zeros(size), last + 1, way, random.integers(0, schools, size)


def test_two_in_seven_leave_and_not_a_third():
    # Yearly hazards of 8% moving, 8% leaving and 2% retiring: after five years 28.0% have left; one minus the life
    # table of leaving, with other ways as ends of observation, says 34.1%.
    n, cells = 10**7, []
    for year in range(1, 6):
        out = [round(n * share) for share in (0.08, 0.08, 0.02)]
        cells.append((year, n, *out))
        n -= sum(out)
    year, at_risk, *out = np.array(cells).T
    found = competing_exits_from_cells(year, at_risk, dict(zip(WAYS, out, strict=True)), np.zeros(5))
    shares = {curve.way: curve.share[-1] for curve in found.ways}
    assert shares["leave"] == pytest.approx(0.280, abs=0.0005)
    alone = life_table_from_cells(year, at_risk, out[1], out[0] + out[2])
    assert 1 - alone.survival[-1] == pytest.approx(0.341, abs=0.0005)
    assert sum(shares.values()) + found.stayed.survival[-1] == pytest.approx(1, abs=1e-12)
    assert shares["move"] == pytest.approx(0.08 * (1 - 0.82**5) / 0.18, abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(spells)
def test_shares_and_those_still_here_add_to_one(rows):
    found = competing_exits(*columns(rows), ways=WAYS)
    np.testing.assert_allclose(sum(curve.share for curve in found.ways) + found.stayed.survival, 1, atol=1e-12)
    for curve in found.ways:
        assert (np.diff(curve.share) >= 0).all()
        assert ((curve.low <= curve.share + 1e-12) & (curve.share <= curve.high + 1e-12)).all()
        assert (curve.low >= 0).all()
        assert (curve.high <= 1).all()


@settings(max_examples=60, deadline=None)
@given(spells)
def test_spells_and_cells_agree(rows):
    data = columns(rows)
    one, other = competing_exits(*data, ways=WAYS), competing_exits_from_cells(*as_cells(*data))
    for mine, theirs in zip(one.ways, other.ways, strict=True):
        assert mine.way == theirs.way
        for name in ("exits", "hazard", "share", "se", "low", "high"):
            np.testing.assert_allclose(getattr(mine, name), getattr(theirs, name), atol=1e-12)


@settings(max_examples=60, deadline=None)
@given(spells)
def test_a_single_way_is_the_life_table(rows):
    entry, last, way, school = columns(rows)
    found = competing_exits(entry, last, [out and "out" for out in way], school, ways=["out"])
    table = life_table(entry, last, [out is not None for out in way], school)
    curve = found.ways[0]
    np.testing.assert_allclose(curve.share, 1 - table.survival, atol=1e-12)
    np.testing.assert_allclose(curve.low, 1 - table.high, atol=1e-9)
    np.testing.assert_allclose(curve.high, 1 - table.low, atol=1e-9)
    open_end = table.survival > 0
    np.testing.assert_allclose(curve.se[open_end], table.se[open_end], atol=1e-9)


@pytest.mark.parametrize("late", [False, True])
def test_agrees_with_lifelines(late):
    # Moves fall in odd years and departures in even ones, since lifelines cannot have both at once.
    random = np.random.default_rng(late)
    entry = random.choice([0, 1, 2, 5], size=500) if late else np.zeros(500, dtype=np.int64)
    last = entry + random.geometric(0.15, size=500)
    way = [None if open_end else WAYS[1 - t % 2] for open_end, t in zip(random.random(500) < 0.25, last, strict=True)]
    found = competing_exits(entry, last, way, ways=WAYS, max_t=20)
    codes = [WAYS.index(out) + 1 if out else 0 for out in way]
    for code, curve in enumerate(found.ways[:2], start=1):
        # Entries are half a year earlier, since lifelines has whoever enters at a time at risk at that very time.
        oracle = AalenJohansenFitter().fit(last, codes, code, entry=entry + 0.5 if late else None)
        seen = [year for year in found.stayed.year if year in oracle.cumulative_density_.index]
        places = np.array(seen) - 1
        np.testing.assert_allclose(curve.share[places], oracle.cumulative_density_.loc[seen].iloc[:, 0], atol=1e-12)
        np.testing.assert_allclose(np.square(curve.se[places]), oracle.variance_.loc[seen], atol=1e-12)
    assert found.ways[2].exits.sum() == 0
    assert found.stayed.variance == "Greenwood"


def test_without_ends_of_observation_shares_are_proportions():
    entry, last, way, _ = lasting(3, 400, (0.1, 0.1, 0.05))
    found = competing_exits(entry, last, way, ways=WAYS)
    for curve in found.ways:
        gone = np.array([out == curve.way for out in way])
        for year in range(1, 6):
            share = (gone & (last <= year)).mean()
            assert curve.share[year - 1] == pytest.approx(share, abs=1e-12)
            assert curve.se[year - 1] == pytest.approx(np.sqrt(share * (1 - share) / 400), abs=1e-12)


def test_clustered_error_is_that_of_school_means():
    entry, last, way, school = lasting(4, 40 * 50, (0.1, 0.1, 0.05))
    school = np.repeat(np.arange(40), 50)
    found = competing_exits(entry, last, way, school, ways=WAYS)
    for curve in found.ways:
        gone = np.array([out == curve.way for out in way])
        means = [(gone & (last <= 4))[school == one].mean() for one in range(40)]
        assert curve.se[3] == pytest.approx(np.std(means, ddof=1) / np.sqrt(40), rel=1e-9)
    assert (found.stayed.variance, found.stayed.clusters) == ("school-clustered", 40)


def test_clustered_error_is_that_of_setting_schools_aside():
    random = np.random.default_rng(5)
    entry = random.choice([0, 0, 1, 3], size=3000)
    last = entry + random.geometric(0.2, size=3000)
    way = [None if code == 3 else WAYS[code] for code in random.integers(0, 4, 3000)]
    school = random.integers(0, 60, 3000)
    found = competing_exits(entry, last, way, school, ways=WAYS, max_t=6).ways[1]
    others = []
    for one in range(60):
        kept = school != one
        rest = competing_exits(entry[kept], last[kept], np.array(way)[kept], ways=WAYS, max_t=6)
        others.append(rest.ways[1].share)
    jackknife = np.sqrt(59 / 60 * np.square(np.array(others) - np.mean(others, axis=0)).sum(axis=0))
    np.testing.assert_allclose(found.se, jackknife, rtol=0.03)


def test_one_school_per_person_turns_the_clustered_variance_into_the_other():
    entry, last, way, _ = lasting(6, 300, (0.15, 0.1, 0.05))
    alone = competing_exits(entry, last, way, np.arange(300), ways=WAYS)
    plain = competing_exits(entry, last, way, ways=WAYS)
    for one, other in zip(alone.ways, plain.ways, strict=True):
        np.testing.assert_allclose(one.se, other.se * np.sqrt(300 / 299), atol=1e-12)


def test_aids_cohort_as_lifelines_has_it():
    # Everybody has a day of their own, so nothing needs jitter: days are made whole and numbered.
    data = load_multicenter_aids_cohort_study()
    order = np.lexsort((data["D"], data["T"]))
    last = np.empty(len(data), dtype=np.int64)
    last[order] = np.arange(1, len(data) + 1)
    codes = np.where(data["D"] == 1, 1 + (data["AIDSY"] > data["AIDSY"].median()), 0)
    found = competing_exits(np.zeros(len(data)), last, [[None, *WAYS][code] for code in codes], ways=WAYS[:2])
    for code, curve in enumerate(found.ways, start=1):
        oracle = AalenJohansenFitter().fit(last, codes, code)
        np.testing.assert_allclose(curve.share, oracle.cumulative_density_.iloc[1:, 0], atol=1e-12)
        still = found.stayed.survival > 0
        np.testing.assert_allclose(np.square(curve.se)[still], oracle.variance_.iloc[1:][still], atol=1e-12)


@pytest.mark.parametrize("schools", [1, 12])
def test_nobody_left(schools):
    found = competing_exits(np.zeros(24), np.full(24, 3), [None] * 24, np.arange(24) % schools, ways=WAYS)
    for curve in found.ways:
        assert curve.share.tolist() == curve.low.tolist() == [0, 0, 0]
        np.testing.assert_allclose(curve.high, 1 - 0.025 ** (1 / 24))


@pytest.mark.parametrize("schools", [1, 12])
def test_everybody_left_in_one_way(schools):
    found = competing_exits(np.zeros(24), np.full(24, 1), ["move"] * 24, np.arange(24) % schools, ways=WAYS)
    move, leave, _ = found.ways
    assert (move.share.tolist(), move.high.tolist()) == ([1], [1])
    assert move.low[0] == pytest.approx(0.025 ** (1 / 24))
    assert leave.share.tolist() == [0]


def test_nobody_at_all():
    for found in (competing_exits([], [], [], ways=WAYS), competing_exits_from_cells([], [], {"move": []}, [])):
        assert len(found.stayed.year) == 0
        assert all(len(curve.share) == 0 for curve in found.while_at_risk().ways)


def test_curves_stop_where_few_are_at_risk():
    last = [1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3, 3]
    found = competing_exits(np.zeros(12), last, ["move", "leave"] * 6, ways=WAYS).while_at_risk(9)
    assert found.stayed.year.tolist() == [1, 2]
    assert [len(column) for column in (found.ways[0].share, found.ways[0].exits, found.ways[1].high)] == [2, 2, 2]


def test_unknown_ways_and_impossible_cells_are_refused():
    with pytest.raises(ValueError, match="sabbatical"):
        competing_exits([0], [1], ["sabbatical"], ways=WAYS)
    with pytest.raises(ValueError, match="at risk"):
        competing_exits_from_cells([1], [5], {"move": [3], "leave": [2]}, [1])
