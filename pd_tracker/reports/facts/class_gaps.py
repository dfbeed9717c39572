"""Results of groups of students beside those of the other students of the same classes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pd_tracker.reports.estimators.gaps import GroupMeans
from pd_tracker.reports.estimators.groups import Floats, Ints, sum_by
from pd_tracker.reports.facts.classroom_years import COVARIATES, YEARS_APART, keys, keys_of, places
from pd_tracker.reports.facts.classrooms import Classrooms
from pd_tracker.reports.facts.person_years import PersonYears
from pd_tracker.reports.grouping import groups
from pd_tracker.reports.recorded import Flags


@dataclass(frozen=True, eq=False, slots=True)
class GroupYears:
    """One row per teacher of a snapshot and school year with students of the group and others in the same classes.

    `minutes` is training dated in the school year before, -1 where it cannot be known.
    """

    group: str
    year: Ints
    school: Ints
    minutes: Ints
    focal: tuple[Floats, Floats, Floats]
    other: tuple[Floats, Floats, Floats]
    covariates: dict[str, Ints]

    def means(self, rows: Flags, *, sign: int) -> tuple[GroupMeans, GroupMeans]:
        """Both groups; sign -1 turns results of which less is better, so that ahead means higher."""
        focal, other = (
            GroupMeans(sign * mean[rows], students[rows], sign * prior[rows])
            for mean, students, prior in (self.focal, self.other)
        )
        return focal, other


def group_years(facts: PersonYears, results: Classrooms, value: Floats) -> list[GroupYears]:
    """All groups of whom there are results, in the order of their names; `value` is the result on its scale."""
    names = sorted(set(results.group[~results.of_everybody].tolist()))
    return [_group_years(facts, results, value, name) for name in names]


def _group_years(facts: PersonYears, results: Classrooms, value: Floats, name: str) -> GroupYears:
    rows = np.flatnonzero((results.group == name) & ~np.isnan(value) & (results.students > 0))
    whole = np.flatnonzero(results.of_everybody & ~np.isnan(value) & (results.students > 0))
    place = places(results.classroom[whole], results.classroom[rows])
    rows, whole = rows[place >= 0], whole[place[place >= 0]]
    mine, all_of_them = results.students[rows], results.students[whole]
    left = all_of_them > mine
    rows, whole, mine, others = rows[left], whole[left], mine[left], (all_of_them - mine)[left]
    rest = (value[whole] * (mine + others) - value[rows] * mine) / others
    found, code = np.unique(keys_of(results)[rows], return_inverse=True)
    focal, other = _mean(code, value[rows], mine, found), _mean(code, rest, others, found)
    person = places(keys(facts.teacher_ids[facts.rows.teacher], facts.rows.year), found)
    known = person >= 0
    person = person[known]
    return GroupYears(
        group=name,
        year=found[known] % YEARS_APART,
        school=facts.rows.school[person],
        minutes=facts.rows.minutes_before[person],
        focal=(focal[0][known], focal[1][known], focal[2][known]),
        other=(other[0][known], other[1][known], other[2][known]),
        covariates={covariate: groups(facts, covariate).codes[person] for covariate in COVARIATES},
    )


def _mean(code: Ints, value: Floats, students: Floats, found: Ints) -> tuple[Floats, Floats, Floats]:
    """Mean over sections, students, and the mean of the year before, per teacher and year."""
    total = sum_by(code, students, len(found))
    mean = sum_by(code, students * value, len(found)) / total
    before = places(found, found - 1)
    return mean, total, np.where(before >= 0, np.append(mean, np.nan)[before], np.nan)
