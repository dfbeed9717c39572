"""Person-years of some people as columns in small types: worked out, put together, and taken apart again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from django.db.models import QuerySet
from numpy.typing import NDArray

from pd_tracker.reports.estimators.groups import Ints
from pd_tracker.reports.facts.first_years import minutes_until_december
from pd_tracker.reports.facts.records import SchoolFact, read_records
from pd_tracker.reports.snapshots import as_it_was_then, first_census, short_spells, snapshots
from teachers.models import District, Teacher
from teachers.rules.periods import year_of

Column = NDArray[Any]
OF_PERSON = ("people", "born", "experience", "first_census")
OF_ROW = (
    "teacher", "year", "school", "subject", "thousandths", "tenure", "status", "completions",
    "minutes", "minutes_before", "minutes_two_before", "first_minutes", "until_december",
)  # fmt: skip
OF_TRAINING = frozenset(OF_ROW[7:])
OF_SHORT_SPELL = ("short_teacher", "short_year", "short_school")
COLUMNS = (*OF_PERSON, *OF_ROW, *OF_SHORT_SPELL)


@dataclass(frozen=True, eq=False, slots=True)
class Part:
    """Columns by name. `teacher` and `short_teacher` are places in `people`, which ascend; rows go by person and year.

    Columns that were not asked for are not there.
    """

    subjects: tuple[str, ...]
    columns: Mapping[str, Column]

    def __getitem__(self, name: str) -> Column:
        return self.columns[name]


def work_out(district: District, as_of: date, people: QuerySet[Teacher], schools: Sequence[SchoolFact]) -> Part:
    """From the facts as they stand."""
    records, subjects = read_records(district, as_of, people, schools, training=True, training_in=None)
    records = as_it_was_then(records)
    rows, short = snapshots(records), short_spells(records)
    years = np.append(records.years, year_of(as_of).start + 1)  # of those whom no census has seen yet
    new = np.flatnonzero(rows.tenure == 1)
    until_december = np.full(len(rows), -1, dtype=np.int64)
    census = dict(zip(records.years.tolist(), map(date.fromordinal, records.days.tolist()), strict=True))
    teachers = records.people[rows.teacher[new]]
    until_december[new] = minutes_until_december(people, teachers, rows.year[new], census)
    found = {
        "people": records.people,
        "born": records.born,
        "experience": records.experience,
        "first_census": years[np.minimum(first_census(records), len(records.years))],
        "thousandths": np.rint(rows.fte * 1000).astype(np.int64),
        "until_december": until_december,
        "short_teacher": short.teacher,
        "short_year": short.year,
        "short_school": short.school,
    }
    found |= {name: getattr(rows, name) for name in OF_ROW if name not in found}
    return Part(subjects, {name: narrow(found[name]) for name in COLUMNS})


def narrow(column: Column) -> Column:
    """Whole numbers in the smallest signed type that holds them all."""
    if column.dtype.kind == "f" or not len(column):
        return column
    lowest, highest = int(column.min()), int(column.max())
    for kind in (np.int8, np.int16, np.int32):
        limits = np.iinfo(kind)
        if limits.min <= lowest and highest <= limits.max:
            return column.astype(kind)
    return column


def replaced(part: Part, people: Ints, fresh: Part) -> Part:
    """The part with what was found anew of some people in place of what it says of them."""
    stays = ~np.isin(part["people"], people)
    if stays.all() and not len(fresh["people"]):
        return part
    return in_order(joined([_of(part, stays), fresh]))


def of_people(part: Part, people: Ints) -> Part:
    return _of(part, np.isin(part["people"], people))


def _of(part: Part, stays: NDArray[np.bool_]) -> Part:
    number = (np.cumsum(stays) - 1).astype(np.int64)
    columns = {name: part[name][stays] for name in OF_PERSON}
    for names, whose in ((OF_ROW, "teacher"), (OF_SHORT_SPELL, "short_teacher")):
        kept = stays[part[whose]]
        columns |= {name: column[kept] for name, column in part.columns.items() if name in names}
        columns[whose] = number[columns[whose]]
    return Part(part.subjects, columns)


def joined(parts: Sequence[Part]) -> Part:
    """All of them, one after the other."""
    subjects = tuple(sorted(set().union(*(part.subjects for part in parts))))
    place = {name: number for number, name in enumerate(subjects)}
    sizes = [len(part["people"]) for part in parts]
    before = np.cumsum([0, *sizes[:-1]])
    kind = np.int32 if sum(sizes) < np.iinfo(np.int32).max else np.int64
    columns: dict[str, Column] = {}
    for name in parts[0].columns:
        pieces = [part[name] for part in parts]
        if name in {"teacher", "short_teacher"}:
            pieces = [piece.astype(kind) + kind(first) for piece, first in zip(pieces, before.tolist(), strict=True)]
        elif name == "subject":
            pieces = [_renumbered(part, place) for part in parts]
        columns[name] = np.concatenate(pieces)
    return Part(subjects, columns)


def _renumbered(part: Part, place: Mapping[str, int]) -> Column:
    places = np.array([place[name] for name in part.subjects], dtype=np.int32)
    return narrow(places[part["subject"]]) if len(places) else part["subject"]


def in_order(part: Part) -> Part:
    order = np.argsort(part["people"], kind="stable")
    number = np.empty(len(order), dtype=np.int32)
    number[order] = np.arange(len(order))
    columns = {name: part[name][order] for name in OF_PERSON}
    for names, whose in ((OF_ROW, "teacher"), (OF_SHORT_SPELL, "short_teacher")):
        person = number[part[whose]]
        sequence = np.argsort(person, kind="stable")
        columns |= {name: column[sequence] for name, column in part.columns.items() if name in names}
        columns[whose] = person[sequence]
    return Part(part.subjects, columns)
