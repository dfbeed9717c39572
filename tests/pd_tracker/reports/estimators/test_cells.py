"""Counting person-years into cells loses nobody, whatever the columns look like."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pd_tracker.reports.estimators.cells import UNKNOWN, Factor, grouped, person_year_cells

rows = st.lists(
    st.tuples(st.integers(-1, 2), st.integers(-1, 3), st.integers(0, 4), st.booleans(), st.integers(0, 120)),
    max_size=80,
)


def factor(name, codes, levels=4, ordered=False):
    return Factor(name, tuple(f"{name}{code}" for code in range(levels)), np.array(codes, dtype=np.int64), ordered)


def columns(data):
    return (np.array([row[place] for row in data], dtype=np.int64) for place in range(5))


def counted(cells):
    """Person-years, leavers and hours by names instead of codes."""
    found = {}
    for place, (pattern, school) in enumerate(zip(cells.pattern, cells.school, strict=True)):
        key = (*(one.levels[one.codes[pattern]] for one in cells.factors), int(school))
        assert key not in found
        found[key] = (int(cells.n[place]), int(cells.left[place]), float(cells.hours[place]))
    return found


@given(rows)
def test_cells_hold_what_counting_by_hand_gives(data):
    dose, tenure, school, left, hours = columns(data)
    cells = person_year_cells(factor("d", dose, 3), [factor("t", tenure)], school, left, hours=hours)
    places = {label: place for place, label in enumerate(sorted(set(school[dose >= 0])))}
    expected = {}
    for one in data:
        if one[0] >= 0:
            key = (f"t{one[1]}" if one[1] >= 0 else UNKNOWN, f"d{one[0]}", places[one[2]])
            n, gone, time = expected.get(key, (0, 0, 0))
            expected[key] = (n + 1, gone + one[3], time + min(one[4], 100))
    assert counted(cells) == expected
    assert cells.excluded == sum(one[0] < 0 for one in data)
    assert cells.schools == len(places)


@given(rows)
def test_cells_of_cells_are_the_same_cells(data):
    dose, tenure, school, left, hours = columns(data)
    once = person_year_cells(factor("d", dose, 3), [factor("t", tenure)], school, left, hours=hours)
    again = person_year_cells(
        replace(once.dose, codes=once.dose.codes[once.pattern]),
        [replace(one, codes=one.codes[once.pattern]) for one in once.covariates],
        once.school,
        once.left,
        n=once.n,
        hours=once.hours / once.n,
    )
    assert counted(again).keys() == counted(once).keys()
    for key, numbers in counted(again).items():
        assert numbers == pytest.approx(counted(once)[key])


def test_shuffled_rows_give_the_same_cells(person_years):
    rows = person_years(1)
    shuffled = rows.only(np.random.default_rng(1).permutation(len(rows.dose)))
    assert counted(rows.cells()) == counted(shuffled.cells())


def test_many_narrow_columns_do_not_overflow():
    random = np.random.default_rng(2)
    codes = random.integers(0, 100, (12, 500)).astype(np.int8)
    factors = [Factor(f"f{place}", tuple(map(str, range(100))), column) for place, column in enumerate(codes)]
    cells = person_year_cells(factors[0], factors[1:], np.zeros(500, dtype=np.int8), np.ones(500, dtype=np.int8))
    assert (len(cells.n), cells.n.sum(), cells.left.sum()) == (500, 500, 500)
    assert all(one.codes.dtype == np.int64 for one in cells.factors)
    assert {tuple(row) for row in np.array([one.codes for one in cells.factors]).T} == {
        (*row[1:], row[0]) for row in codes.T.astype(np.int64).tolist()
    }


def test_cells_of_nobody_are_left_out():
    cells = person_year_cells(factor("d", [0, 1, -1]), [], ["a", "b", "c"], [2, 0, 1], n=[5, 0, 3])
    assert (cells.n.tolist(), cells.left.tolist(), cells.excluded, cells.schools) == ([5], [2], 3, 1)
    assert cells.hours is None


def test_nothing_gives_no_cells():
    cells = person_year_cells(factor("d", []), [factor("t", [])], [], [])
    assert (len(cells.n), cells.schools, cells.excluded) == (0, 0, 0)
    assert len(grouped(cells).dose.codes) == 0


def test_a_factor_is_found_by_name(person_years):
    cells = person_years(1).cells()
    assert cells.factor("dose") is cells.dose
    assert cells.factor("year") is cells.covariates[1]
    with pytest.raises(KeyError, match="nothing"):
        cells.factor("nothing")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"school": ["a"]}, "length"),
        ({"hours": [1, 2, 3]}, "length"),
        ({"left": [3, 0]}, "more leavers"),
        ({"left": [0.5, 0]}, "whole"),
        ({"n": [1.5, 1]}, "whole"),
        ({"hours": [1, np.nan]}, "known"),
        ({"dose": factor("d", [0, 4])}, "not a place"),
        ({"covariates": [factor("d", [0, 0])]}, "name of its own"),
    ],
)
def test_impossible_rows_are_refused(change, message):
    data = {"dose": factor("d", [0, 1]), "covariates": [], "school": ["a", "b"], "left": [1, 0]} | change
    with pytest.raises(ValueError, match=message):
        person_year_cells(**data)
