"""Whether the stored person-years say what the facts say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pd_tracker.reports.estimators.groups import Ints
from pd_tracker.reports.facts.calendar import newest_roster
from pd_tracker.reports.facts.parts import COLUMNS, OF_PERSON, OF_ROW, OF_SHORT_SPELL, Part, without, work_out
from pd_tracker.reports.facts.records import SchoolFact, schools_of
from pd_tracker.reports.facts.stored import agrees, changed_people, people_between, read_parts
from pd_tracker.reports.models import PersonYearStore
from teachers.models import District, Teacher

LAST = 2**63 - 1
Said = dict[str, Any]
Key = tuple[int, int, int]  # a teacher, a school year or 0, and which of several


@dataclass(frozen=True, slots=True)
class Difference:
    """What is stored of a teacher's year beside what the facts say, as far as it differs; None where there is nothing.

    Year 0 stands for what holds in every year.
    """

    staff_id: str
    year: int
    stored: Said | None
    facts: Said | None


def readable(district: District) -> PersonYearStore | None:
    """The stored person-years, if reports read them: not where something that holds for everybody changed since."""
    store, as_of = PersonYearStore.objects.filter(district=district).first(), newest_roster(district)
    if store is None or as_of is None or not agrees(store, district, as_of, schools_of(district)):
        return None
    return None if changed_people(store.made_at) is None else store


def differences(district: District, store: PersonYearStore) -> Iterator[list[Difference]]:
    """Part by part. People whose records changed since are left out: of these nothing stored is read."""
    schools, firsts = schools_of(district), store.contents["firsts"]
    begins, ends = [0, *firsts[1:]], [*(first - 1 for first in firsts[1:]), LAST]
    for part, begin, end in zip(read_parts(store, schools, COLUMNS), begins, ends, strict=True):
        fresh = work_out(district, store.as_of, people_between(district, begin, end), schools)
        changed = changed_people(store.made_at)
        if changed is not None:
            yield different(without(part, changed), without(fresh, changed), schools)


def different(stored: Part, facts: Part, schools: Sequence[SchoolFact]) -> list[Difference]:
    same = stored.subjects == facts.subjects
    if same and all(np.array_equal(stored[name], facts[name], equal_nan=True) for name in COLUMNS):
        return []
    was, now = said(stored, schools), said(facts, schools)
    keys = sorted(key for key in was.keys() | now.keys() if was.get(key) != now.get(key))
    names = dict(Teacher.objects.filter(pk__in={key[0] for key in keys}).values_list("pk", "staff_id"))
    return [
        Difference(names.get(key[0], str(key[0])), key[1], *_apart(was.get(key), now.get(key))) for key in keys
    ]  # fmt: skip


def _apart(was: Said | None, now: Said | None) -> tuple[Said | None, Said | None]:
    if was is None or now is None:
        return was, now
    names = [name for name in was if was[name] != now[name]]
    return {name: was[name] for name in names}, {name: now[name] for name in names}


def said(part: Part, schools: Sequence[SchoolFact]) -> dict[Key, Said]:
    """The columns as words and numbers that mean the same in every part."""
    school = np.array([*(each.school_id for each in schools), ""])
    shown: dict[str, list[Any]] = {name: part[name].tolist() for name in COLUMNS}
    shown |= {name: school[part[name]].tolist() for name in ("school", "short_school")}
    shown["subject"] = [part.subjects[place] for place in shown["subject"]]
    shown["experience"] = [None if np.isnan(years) else years for years in shown["experience"]]
    people: Ints = part["people"]
    found: dict[Key, Said] = {}
    times: defaultdict[tuple[int, int], int] = defaultdict(int)
    for names, teachers, years in (
        (OF_PERSON[1:], people, np.zeros(len(people), dtype=np.int64)),
        (OF_ROW[2:], people[part["teacher"]], part["year"]),
        (OF_SHORT_SPELL[2:], people[part["short_teacher"]], part["short_year"]),
    ):
        for teacher, year, values in zip(
            teachers.tolist(), years.tolist(), zip(*map(shown.get, names), strict=True), strict=True
        ):
            times[teacher, year] += 1
            found[teacher, year, times[teacher, year]] = dict(zip(names, values, strict=True))
    return found
