"""Person-years of some people as columns in small types: worked out, put together, and taken apart again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
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


OF_WHOM = ("teacher", "short_teacher")  # places in the list of people


def whose(name: str) -> str:
    """The first column of those that are as long as this one."""
    return next(names[0] for names in (OF_PERSON, OF_ROW, OF_SHORT_SPELL) if name in names)


@dataclass(frozen=True, eq=False, slots=True)
class Part:
    """Columns by name. `teacher` and `short_teacher` are places in `people`, which ascend; rows go by person and year.

    Columns that were not asked for are not there.
    """

    subjects: tuple[str, ...]
    columns: Mapping[str, Column]

    def __getitem__(self, name: str) -> Column:
        return self.columns[name]

    def only(self, names: Collection[str]) -> Part:
        return Part(self.subjects, {name: self.columns[name] for name in names})


@dataclass(frozen=True, slots=True)
class Room:
    """How long the columns of some parts together may be, by the first of those as long, and their types."""

    sizes: Mapping[str, int]
    kinds: Mapping[str, np.dtype[Any]]

    def __add__(self, other: Room) -> Room:
        sizes = {name: size + other.sizes[name] for name, size in self.sizes.items()}
        kinds = {name: np.promote_types(kind, other.kinds[name]) for name, kind in self.kinds.items()}
        return Room(sizes, kinds)

    def only(self, names: Collection[str]) -> Room:
        return Room(self.sizes, {name: self.kinds[name] for name in names})


def room_of(part: Part) -> Room:
    """Places of people and subjects get more when parts are joined."""
    kinds = {name: column.dtype for name, column in part.columns.items()}
    kinds |= {name: np.dtype(np.int32) for name in (*OF_WHOM, "subject") if name in kinds}
    return Room({name: len(part[name]) for name in ("people", *OF_WHOM)}, kinds)


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
    kept = _of(part, stays)
    return in_order(joined([kept, fresh], room_of(kept) + room_of(fresh)))


def of_people(part: Part, people: Ints) -> Part:
    return _of(part, np.isin(part["people"], people))


def without(part: Part, people: Ints) -> Part:
    return _of(part, ~np.isin(part["people"], people))


def _of(part: Part, stays: NDArray[np.bool_]) -> Part:
    number = (np.cumsum(stays) - 1).astype(np.int64)
    columns = {name: part[name][stays] for name in OF_PERSON}
    for names, whose in ((OF_ROW, "teacher"), (OF_SHORT_SPELL, "short_teacher")):
        kept = stays[part[whose]]
        columns |= {name: column[kept] for name, column in part.columns.items() if name in names}
        columns[whose] = number[columns[whose]]
    return Part(part.subjects, columns)


def joined(parts: Iterable[Part], room: Room) -> Part:
    """All of them, one after the other. Each is let go of once it is in its place, so that none is held twice."""
    columns = {name: np.empty(room.sizes[whose(name)], kind) for name, kind in room.kinds.items()}
    filled = dict.fromkeys(room.sizes, 0)
    place: dict[str, int] = {}
    for part in parts:
        before = dict(filled)
        for name, column in columns.items():
            piece = _renumbered(part, place) if name == "subject" else part[name]
            begin = before[whose(name)]
            filled[whose(name)] = end = begin + len(piece)
            column[begin:end] = piece
            if name in OF_WHOM:
                column[begin:end] += before["people"]
    columns = {name: column[: filled[whose(name)]] for name, column in columns.items()}
    subjects = sorted(place)
    if "subject" in columns and subjects:
        by_name = np.argsort([place[name] for name in subjects]).astype(np.int32)
        columns["subject"] = by_name[columns["subject"]]
    return Part(tuple(subjects), columns)


def _renumbered(part: Part, place: dict[str, int]) -> Column:
    places = [place.setdefault(name, len(place)) for name in part.subjects]
    return np.array(places, dtype=np.int32)[part["subject"]] if places else part["subject"]


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
