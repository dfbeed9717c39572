"""Thin levels are joined to a neighbour, and said to be."""

import numpy as np
import pytest

from pd_tracker.reports.estimators.cells import UNKNOWN, Factor, person_year_cells
from pd_tracker.reports.estimators.levels import Merged, merge_thin, merged_name

LEVELS = ("a", "b", "c", "d")


def spread_over(sizes, *, ordered, schools=5, levels=LEVELS):
    """Cells with so many person-years per level, spread over schools."""
    codes = np.repeat(np.arange(len(sizes)), sizes)
    codes = np.where(codes >= len(levels), -1, codes)
    tested = Factor("tested", levels, codes, ordered)
    school = np.concatenate([np.arange(size) % schools for size in sizes])
    dose = Factor("dose", ("low", "high"), np.arange(len(codes)) // schools % 2)
    return person_year_cells(dose, [tested], school, np.zeros(len(codes)))


@pytest.mark.parametrize(
    ("sizes", "ordered", "joined"),
    [
        ((40, 30, 20, 10), True, ()),
        ((40, 30, 20, 9), True, (("c", "d"),)),
        ((9, 30, 20, 20), True, (("a", "b"),)),
        ((40, 9, 20, 50), True, (("b", "c"),)),
        ((40, 9, 20, 15), False, (("b", "d"),)),
        ((40, 4, 3, 50), False, (("a", "b", "c"),)),
        ((4, 3, 5, 2), True, (LEVELS,)),
        ((40, 0, 5, 50), True, (("a", "c"),)),
        ((40, 0, 20, 50), True, ()),
        ((40, 60, 20, 20, 5), True, (("b", UNKNOWN),)),
        ((40, 60, 20, 15, 5), False, (("d", UNKNOWN),)),
        ((40, 60, 20, 5, 12), True, (("c", "d"),)),
        ((5, 0, 0, 0, 12), True, (("a", UNKNOWN),)),
    ],
)
def test_few_people(sizes, ordered, joined):
    cells, merged = merge_thin(spread_over(sizes, ordered=ordered))
    assert tuple(one.levels for one in merged if one.factor == "tested") == joined
    assert cells.n.sum() == sum(sizes)
    assert all(" / ".join(names) in cells.factor("tested").levels for names in joined)


def test_few_schools():
    cells = spread_over((40, 30, 20, 20), ordered=True)
    two_schools = np.isin(cells.factor("tested").codes[cells.pattern], [0, 1, 2]) | (cells.school < 2)
    n = np.where(two_schools, cells.n * 5, 0)
    kept = person_year_cells(
        Factor("dose", ("low", "high"), cells.dose.codes[cells.pattern]),
        [Factor("tested", LEVELS, cells.factor("tested").codes[cells.pattern], ordered=True)],
        cells.school,
        np.zeros(len(n)),
        n=n,
    )
    assert merge_thin(kept)[1] == (Merged("tested", ("c", "d")),)


def test_levels_of_the_dose_are_joined_too_and_the_reference_found_again():
    codes = np.repeat([0, 1, 2], [50, 6, 30])
    dose = Factor("dose", ("0", "1-14", "15+"), codes, ordered=True)
    cells, merged = merge_thin(person_year_cells(dose, [], np.arange(86) % 4, codes == 0))
    assert cells.dose.levels == ("0", "1-14 / 15+")
    assert cells.by_pattern(cells.n).tolist() == [50, 36]
    assert merged_name(merged, "dose", "1-14") == "1-14 / 15+"
    assert merged_name(merged, "dose", "0") == "0"


def test_merging_again_changes_nothing(person_years):
    cells, merged = merge_thin(person_years(3, size=150).cells())
    again, nothing = merge_thin(cells)
    assert merged
    assert nothing == ()
    assert again.n.tolist() == cells.n.tolist()


def test_nobody():
    cells, merged = merge_thin(spread_over((0, 0, 0, 0), ordered=True))
    assert (len(cells.n), merged, cells.dose.levels) == (0, (), ())
