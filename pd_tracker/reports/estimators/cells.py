"""Person-years counted by what they have in common: the form in which models of leaving are fitted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pd_tracker.reports.estimators.groups import Floats, Ints, group_codes, sum_by

UNKNOWN = "unknown"
LARGEST = 2**62
MOST_HOURS = 100.0  # more hours than that say more about record keeping than about training


@dataclass(frozen=True, eq=False, slots=True)
class Factor:
    """A categorical column: one code per row, a place in `levels`, or -1 where nothing is recorded.

    `ordered` says that neighbouring levels resemble each other (bands of hours or years).
    """

    name: str
    levels: tuple[str, ...]
    codes: Ints
    ordered: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class Cells:
    """Person-years per pattern of levels and school.

    `dose` and `covariates` hold one code per pattern. `pattern`, `school`, `n`, `left` and `hours` have one entry per
    cell: places of pattern and school, person-years, how many of them ended in leaving, and the sum of their hours
    (None when hours were not given). `excluded` counts person-years without a known dose, which stand in no cell.
    """

    dose: Factor
    covariates: tuple[Factor, ...]
    pattern: Ints
    school: Ints
    n: Ints
    left: Ints
    hours: Floats | None
    excluded: int

    @property
    def factors(self) -> tuple[Factor, ...]:
        return (*self.covariates, self.dose)

    @property
    def schools(self) -> int:
        return int(self.school.max(initial=-1)) + 1

    def by_pattern(self, values: ArrayLike) -> Floats:
        """Sums over the cells of each pattern."""
        return sum_by(self.pattern, values, len(self.dose.codes))

    def by_school(self, columns: Floats, values: ArrayLike) -> Floats:
        """Sums of cell values times each column of patterns, shape (schools, columns)."""
        rows = np.ascontiguousarray(columns.T)
        sums = [sum_by(self.school, values * column[self.pattern], self.schools) for column in rows]
        return np.column_stack(sums)

    def factor(self, name: str) -> Factor:
        """The covariate or dose of that name; KeyError when there is none."""
        return {factor.name: factor for factor in self.factors}[name]


def person_year_cells(
    dose: Factor,
    covariates: Sequence[Factor],
    school: ArrayLike,
    left: ArrayLike,
    *,
    n: ArrayLike | None = None,
    hours: ArrayLike | None = None,
) -> Cells:
    """Count person-years, or cells of them as a SQL group-by returns them, by pattern of levels and school.

    Parameters
    ----------
    dose
        Band of training before the outcome; rows with code -1 are left out and counted.
    covariates
        What the bands are adjusted for; code -1 becomes a level of its own, "unknown".
    school
        Label of the school of each row.
    left
        Person-years of the row that ended in leaving: True or False, or a count.
    n
        Person-years of the row; None for 1 each. Rows of none are ignored.
    hours
        Mean hours of the row behind its dose band, cut at 100 before they were averaged; needed for a slope only.

    Returns
    -------
    Cells
        Patterns, schools and cells are numbered in an order that depends on the labels alone for columns of numbers
        or of text; estimates never depend on it.

    Raises
    ------
    ValueError
        When columns differ in length, a name occurs twice, a code is not a place in its levels, more people left
        than were there, or a count is not a whole number.
    ArithmeticError
        When cells do not add up to their rows.

    Notes
    -----
    All codes are int64: codes made in the narrow type of a column (int8 for a band) overflow into each other without
    any error, and give wrong estimates.
    """
    schools, people, leavers = group_codes(school)[0], None if n is None else _counts(n), _counts(left)
    people = np.ones(len(leavers), dtype=np.int64) if people is None else people
    time = None if hours is None else np.minimum(np.asarray(hours, dtype=np.float64), MOST_HOURS)
    _check((dose, *covariates), schools, people, leavers, time)
    used = (dose.codes >= 0) & (people > 0)
    factors = [_only(factor, used) for factor in (dose, *covariates)]
    rows = Cells(
        dose=factors[0],
        covariates=tuple(map(_with_unknown, factors[1:])),
        pattern=np.arange(int(used.sum()), dtype=np.int64),
        school=schools[used],
        n=people[used],
        left=leavers[used],
        hours=None if time is None else time[used] * people[used],
        excluded=int(people[dose.codes < 0].sum()),
    )
    return grouped(rows)


def grouped(cells: Cells) -> Cells:
    """The same person-years with equal patterns made one, and cells of one pattern and school added up."""
    of_pattern, patterns = group_codes(_numbers(cells.factors))
    one = _one_of(of_pattern, patterns)
    school, schools = group_codes(cells.school)
    code, count = group_codes(of_pattern[cells.pattern] * schools + school)
    place = _one_of(code, count)
    return replace(
        cells,
        dose=_only(cells.dose, one),
        covariates=tuple(_only(factor, one) for factor in cells.covariates),
        pattern=of_pattern[cells.pattern][place],
        school=school[place],
        n=_whole_sums(code, cells.n, count),
        left=_whole_sums(code, cells.left, count),
        hours=None if cells.hours is None else sum_by(code, cells.hours, count),
    )


def _numbers(factors: Sequence[Factor]) -> Ints:
    """One number per combination of levels: the codes are its digits."""
    number, combinations = np.zeros_like(factors[0].codes), 1
    for factor in factors:
        if combinations * len(factor.levels) >= LARGEST:
            number, combinations = group_codes(number)
        number = number * len(factor.levels) + factor.codes
        combinations *= len(factor.levels)
    return number


def _one_of(codes: Ints, count: int) -> Ints:
    """A row in which each code occurs."""
    place = np.zeros(count, dtype=np.int64)
    place[codes] = np.arange(len(codes))
    return place


def _only(factor: Factor, rows: NDArray[np.bool_] | Ints) -> Factor:
    return replace(factor, codes=np.asarray(factor.codes, dtype=np.int64)[rows])


def _with_unknown(factor: Factor) -> Factor:
    missing = factor.codes < 0
    if not missing.any():
        return factor
    codes = np.where(missing, len(factor.levels), factor.codes)
    return replace(factor, levels=(*factor.levels, UNKNOWN), codes=codes)


def _whole_sums(codes: Ints, values: Ints, count: int) -> Ints:
    sums = sum_by(codes, values, count).astype(np.int64)
    if int(sums.sum()) != int(values.sum()):
        raise ArithmeticError("Cells do not add up to their rows.")
    return sums


def _counts(column: ArrayLike) -> Ints:
    numbers = np.asarray(column)
    whole = numbers.astype(np.int64)
    if (whole != numbers).any():
        raise ValueError("Person-years and leavers are whole numbers.")
    return whole


def _check(factors: Sequence[Factor], schools: Ints, people: Ints, leavers: Ints, hours: Floats | None) -> None:
    columns = (schools, people, leavers, *(factor.codes for factor in factors), *([] if hours is None else [hours]))
    if len({len(column) for column in columns}) > 1:
        raise ValueError("Columns of person-years differ in length.")
    if len({factor.name for factor in factors}) < len(factors):
        raise ValueError("Every factor needs a name of its own.")
    for factor in factors:
        if ((factor.codes < -1) | (factor.codes >= len(factor.levels))).any():
            raise ValueError(f"A code of {factor.name} is not a place in its levels.")
    if ((leavers < 0) | (leavers > people)).any():
        raise ValueError("A cell has more leavers than people.")
    if hours is not None and not np.isfinite(hours[people > 0]).all():
        raise ValueError("Hours must be known and finite.")
