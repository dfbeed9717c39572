"""Person-years counted by what they have in common: the form in which models of leaving are fitted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csc_array

from pd_tracker.reports.estimators.groups import DENSE, Codes, Floats, Ints, group_codes, sum_by

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
    codes: Codes
    ordered: bool = False


@dataclass(frozen=True, eq=False)
class Cells:
    """Person-years per pattern of levels and school.

    `dose` and `covariates` hold one code per pattern. `pattern`, `school`, `n`, `left` and `hours` have one entry per
    cell, in the order of the patterns: places of pattern and school, person-years, how many of them ended in leaving,
    and the sum of their hours (None when hours were not given). `excluded` counts person-years without a known dose,
    which stand in no cell.
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

    @cached_property
    def people_of_pattern(self) -> Floats:
        return self.by_pattern(self.n)

    @cached_property
    def left_of_pattern(self) -> Floats:
        return self.by_pattern(self.left)

    def by_school(self, columns: Floats, values: ArrayLike) -> Floats:
        """Sums of cell values times each column of patterns, shape (schools, columns)."""
        return self.by_group(self.school, self.schools, columns, values)

    def by_group(self, group: Ints, groups: int, columns: Floats, values: ArrayLike) -> Floats:
        """The same by any number that each cell has; the table of cells and columns is never made."""
        weights = np.asarray(values, dtype=np.float64)
        begins = np.searchsorted(self.pattern, np.arange(len(columns) + 1))
        table = csc_array((weights, group.astype(np.int32), begins.astype(np.int32)), shape=(groups, len(columns)))
        sums: Floats = table @ columns
        return sums

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
    rows: Ints | None = None,
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
    rows
        Places of these rows in the columns of the covariates, which then hold more; of millions none is cut beforehand.

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
    Codes may come in the narrow type of a column (int8 for a band); they are put together as int64, since they would
    overflow into each other without any error. Those of the cells are int64.
    """
    people, leavers = None if n is None else _counts(n), _counts(left)
    time = None if hours is None else np.asarray(hours, dtype=np.float64)
    if time is not None and time.max(initial=0) > MOST_HOURS:
        time = np.minimum(time, MOST_HOURS)
    schools = _schools(school)
    lengths = {len(dose.codes), len(schools), len(leavers), *(len(each) for each in (people, time) if each is not None)}
    lengths |= {len(factor.codes) for factor in covariates} if rows is None else {len(rows)}
    if len(lengths) > 1:
        raise ValueError("Columns of person-years differ in length.")
    _check((dose, *covariates), people, leavers, time)
    used = dose.codes >= 0 if people is None else (dose.codes >= 0) & (people > 0)
    excluded = np.count_nonzero(dose.codes < 0) if people is None else people[dose.codes < 0].sum()
    kept = None if used.all() else np.flatnonzero(used)
    if kept is not None:
        schools, leavers = schools[kept], leavers[kept]
        people, time = None if people is None else people[kept], None if time is None else time[kept]
    alike = kept if rows is None else rows if kept is None else rows[kept]
    factors = [(dose, kept), *((factor, alike) for factor in covariates)]
    return _counted(factors, schools, people, leavers, time, int(excluded))


def _counted(
    factors: Sequence[tuple[Factor, Ints | None]],
    school: Ints,
    people: Ints | None,
    left: Ints,
    hours: Floats | None,
    excluded: int,
) -> Cells:
    """Rows that belong together are put side by side once; everything else is read off their order."""
    schools = int(school.max(initial=-1)) + 1
    number, combinations = _numbers((_with_unknown(_only(*each)) for each in factors), len(school))
    if combinations * max(schools, 1) >= LARGEST:
        number = group_codes(number)[0]
    number *= schools
    number += school
    number, one, n, gone, spent = _summed(number, max(schools, 1), people, left, hours)
    first_of_pattern = _firsts(number // max(schools, 1))
    found = [_with_unknown(_whole(factor, one if places is None else places[one])) for factor, places in factors]
    return Cells(
        dose=found[0],
        covariates=tuple(found[1:]),
        pattern=np.repeat(np.arange(len(one)), np.diff(first_of_pattern, append=len(number))),
        school=group_codes(number % max(schools, 1))[0],
        n=n,
        left=gone,
        hours=spent,
        excluded=excluded,
    )


def _summed(
    number: Ints, schools: int, people: Ints | None, left: Ints, hours: Floats | None
) -> tuple[Ints, Ints, Ints, Ints, Floats | None]:
    """The numbers that occur, a row of each pattern among them, and what the rows of each number add up to."""
    order = np.argsort(number)
    number = number[order]
    first = _firsts(number)
    number = number[first]
    one = order[first[_firsts(number // schools)]]
    hours = hours if hours is None or people is None else hours * people
    n = np.diff(first, append=len(order)) if people is None else _side_by_side(people, order, first)
    gone = _side_by_side(left, order, first)
    return number, one, n, gone, None if hours is None else _side_by_side(hours, order, first)


def _firsts(ordered: Ints) -> Ints:
    """Places at which another number begins."""
    begins = np.ones(len(ordered), dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=begins[1:])
    return np.flatnonzero(begins)


def _side_by_side(values: NDArray[Any], order: Ints, first: Ints) -> NDArray[Any]:
    """Sums over the rows of each cell, which lie side by side in that order; whole numbers are checked."""
    kind = np.float64 if values.dtype.kind == "f" else np.int64
    if not len(first):
        return np.zeros(0, dtype=kind)
    sums: NDArray[Any] = np.add.reduceat(values[order], first, dtype=kind)
    if kind is np.int64 and int(sums.sum()) != int(values.sum()):
        raise ArithmeticError("Cells do not add up to their rows.")
    return sums


def _schools(labels: ArrayLike) -> Ints:
    """Numbers of schools as they are where few are left out, else places among the labels."""
    column = np.asarray(labels)
    numbers = column.ndim == 1 and column.dtype.kind in "iu" and len(column) > 0
    return column if numbers and column.min() >= 0 and column.max() < DENSE * len(column) else group_codes(column)[0]


def grouped(cells: Cells) -> Cells:
    """The same person-years with equal patterns made one, and cells of one pattern and school added up."""
    of_pattern, patterns = group_codes(_numbers(cells.factors, len(cells.dose.codes))[0])
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


def _numbers(factors: Iterable[Factor], count: int) -> tuple[Ints, int]:
    """One number per combination of levels: the codes are its digits. And how many numbers there could be."""
    number, combinations = np.zeros(count, dtype=np.int64), 1
    for factor in factors:
        if combinations * len(factor.levels) >= LARGEST:
            number, combinations = group_codes(number)
        number *= len(factor.levels)
        number += factor.codes
        combinations *= len(factor.levels)
    return number, combinations


def _one_of(codes: Ints, count: int) -> Ints:
    """A row in which each code occurs."""
    place = np.zeros(count, dtype=np.int64)
    place[codes] = np.arange(len(codes))
    return place


def _only(factor: Factor, rows: Ints | None) -> Factor:
    return factor if rows is None else replace(factor, codes=factor.codes[rows])


def _whole(factor: Factor, rows: Ints) -> Factor:
    return replace(factor, codes=factor.codes[rows].astype(np.int64))


def _with_unknown(factor: Factor) -> Factor:
    missing = factor.codes < 0
    if not missing.any():
        return factor
    kind = np.promote_types(factor.codes.dtype, np.min_scalar_type(-len(factor.levels) - 1))
    codes = np.where(missing, kind.type(len(factor.levels)), factor.codes)
    return replace(factor, levels=(*factor.levels, UNKNOWN), codes=codes)


def _whole_sums(codes: Ints, values: Ints, count: int) -> Ints:
    sums = sum_by(codes, values, count).astype(np.int64)
    if int(sums.sum()) != int(values.sum()):
        raise ArithmeticError("Cells do not add up to their rows.")
    return sums


def _counts(column: ArrayLike) -> Ints:
    numbers = np.asarray(column)
    if numbers.dtype == np.bool_:
        return numbers
    whole = numbers.astype(np.int64)
    if (whole != numbers).any():
        raise ValueError("Person-years and leavers are whole numbers.")
    return whole


def _check(factors: Sequence[Factor], people: Ints | None, leavers: Ints, hours: Floats | None) -> None:
    if len({factor.name for factor in factors}) < len(factors):
        raise ValueError("Every factor needs a name of its own.")
    for factor in factors:
        if factor.codes.min(initial=-1) < -1 or factor.codes.max(initial=-1) >= len(factor.levels):
            raise ValueError(f"A code of {factor.name} is not a place in its levels.")
    if leavers.min(initial=0) < 0 or np.any(leavers > (1 if people is None else people)):
        raise ValueError("A cell has more leavers than people.")
    if hours is not None and not np.isfinite(hours if people is None else hours[people > 0]).all():
        raise ValueError("Hours must be known and finite.")
