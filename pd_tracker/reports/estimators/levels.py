"""Levels with too few people or schools to stand alone are joined to a neighbour, and the joining is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pd_tracker.reports.estimators.cells import UNKNOWN, Cells, Factor, grouped
from pd_tracker.reports.estimators.groups import Floats, Ints, sum_by

MIN_PEOPLE, MIN_SCHOOLS = 10, 3
JOIN = " / "


@dataclass(frozen=True, slots=True)
class Merged:
    """Levels of a factor that were treated as one."""

    factor: str
    levels: tuple[str, ...]


def merge_thin(cells: Cells) -> tuple[Cells, tuple[Merged, ...]]:
    """Join levels with fewer than 10 person-years or in fewer than 3 schools to another level of their factor.

    Parameters
    ----------
    cells
        From `person_year_cells`.

    Returns
    -------
    cells, merged
        The cells with the fewer levels, named "a / b", and what was joined. Levels without anybody are gone. A factor
        of which one level is left changes nothing any more.

    Notes
    -----
    Ordered levels join the smaller of their neighbours, others the smallest other level, and "unknown" among ordered
    levels the largest, since it has no neighbours.
    """
    cells_of_pattern = np.bincount(cells.pattern, minlength=len(cells.dose.codes))
    found = [_merged(cells, factor, cells_of_pattern) for factor in cells.factors]
    factors = [factor for factor, _ in found]
    joined = tuple(notice for _, notices in found for notice in notices)
    smaller = replace(cells, covariates=tuple(factors[:-1]), dose=factors[-1])
    return grouped(smaller) if joined else smaller, joined


def merged_name(merged: Sequence[Merged], factor: str, level: str) -> str:
    """What a level is called after merging."""
    return next((JOIN.join(one.levels) for one in merged if one.factor == factor and level in one.levels), level)


def _merged(cells: Cells, factor: Factor, cells_of_pattern: Ints) -> tuple[Factor, list[Merged]]:
    people = sum_by(factor.codes, cells.people_of_pattern, len(factor.levels))
    seen = _seen(cells, factor, cells_of_pattern)
    parts = _parts(factor, people, seen)
    names = [tuple(factor.levels[place] for place in part) for part in parts]
    codes = np.zeros(len(factor.levels), dtype=np.int64)
    for place, part in enumerate(parts):
        codes[part] = place
    smaller = replace(factor, levels=tuple(map(JOIN.join, names)), codes=codes[factor.codes])
    return smaller, [Merged(factor.name, name) for name in names if len(name) > 1]


def _seen(cells: Cells, factor: Factor, cells_of_pattern: Ints) -> NDArray[np.bool_]:
    """Levels x schools: where there is anybody of the level, or in three schools where there are surely as many.

    A pattern has one cell in each of its schools.
    """
    levels = len(factor.levels)
    many = sum_by(factor.codes, cells_of_pattern, levels)
    patterns = np.bincount(factor.codes, minlength=levels)
    if (many[patterns > 0] > (MIN_SCHOOLS - 1) * patterns[patterns > 0]).all():
        return np.repeat((patterns > 0)[:, None], MIN_SCHOOLS, axis=1)
    seen = np.zeros((levels, cells.schools), dtype=bool)
    seen[factor.codes[cells.pattern], cells.school] = True
    return seen


def _parts(factor: Factor, people: Floats, seen: NDArray[np.bool_]) -> list[Ints]:
    parts: list[Ints] = [np.array([level]) for level in np.flatnonzero(people)]
    while len(parts) > 1:
        sizes = [float(people[part].sum()) for part in parts]
        thin = [
            place
            for place, part in enumerate(parts)
            if sizes[place] < MIN_PEOPLE or seen[part].any(axis=0).sum() < MIN_SCHOOLS
        ]
        if not thin:
            break
        place = min(thin, key=sizes.__getitem__)
        other = _partner(factor, parts, sizes, place)
        parts[min(place, other)] = np.sort(np.concatenate([parts[place], parts[other]]))
        del parts[max(place, other)]
    return parts


def _partner(factor: Factor, parts: list[Ints], sizes: list[float], place: int) -> int:
    others = [other for other in range(len(parts)) if other != place]
    if not factor.ordered:
        return min(others, key=sizes.__getitem__)
    nameless = [other for other, part in enumerate(parts) if [factor.levels[code] for code in part] == [UNKNOWN]]
    if place in nameless:
        return max(others, key=sizes.__getitem__)
    near = [other for other in (place - 1, place + 1) if other in others and other not in nameless]
    return min(near or others, key=sizes.__getitem__)
