"""Person-years that are kept: when they may be read, what changed since they were made, and making them anew.

No writer marks anything. A reader asks the history whose records changed since the columns were made, works these
people out again and puts them in place. Where what holds for everybody is other now, nothing stored is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import reduce
from hashlib import sha256
from itertools import pairwise
from operator import add
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Min, QuerySet

from learning_plans.models import Completion
from pd_tracker.audit.since import changed_since
from pd_tracker.reports.estimators.groups import Ints
from pd_tracker.reports.facts.calendar import all_districts, newest_roster
from pd_tracker.reports.facts.columns import packed, unpacked
from pd_tracker.reports.facts.parts import (
    COLUMNS,
    OF_PERSON,
    OF_SHORT_SPELL,
    Part,
    Room,
    joined,
    of_people,
    replaced,
    room_of,
    work_out,
)
from pd_tracker.reports.facts.records import SchoolFact, schools_of
from pd_tracker.reports.models import PersonYearPart, PersonYearStore
from teachers.models import Assignment, District, Employment, Leave, SchoolYear, Teacher
from teachers.rules.periods import year_of

PART = 20_000  # people whose person-years are worked out and stored together
MOST_CHANGED = 10_000  # people; with more it is as quick to work out everybody
ABOUT_PEOPLE = ((Teacher, "id"), *((model, "teacher_id") for model in (Employment, Assignment, Leave, Completion)))


def as_stored(
    district: District, as_of: date, schools: Sequence[SchoolFact], columns: Sequence[str] = COLUMNS
) -> Part | None:
    """Person-years as they are now, from the stored columns; None where everything must be worked out."""
    store = PersonYearStore.objects.filter(district=district).first()
    if store is None or not agrees(store, district, as_of, schools):
        return None
    changed = changed_people(store.made_at)
    if changed is None:
        return None
    names = list(dict.fromkeys((*OF_PERSON, "teacher", *columns, *OF_SHORT_SPELL)))
    room = Room(store.contents["sizes"], as_kinds(store.contents["kinds"])).only(names)
    kept: Iterator[Part] = read_parts(store, schools, names)
    if len(changed):
        people = Teacher.objects.filter(district=district, pk__in=changed.tolist())
        fresh = work_out(district, as_of, people, schools).only(names)
        kept, room = renewed(kept, store.contents["firsts"], changed, fresh), room + room_of(fresh)
    try:
        return joined(kept, room)
    except MadeAnew:
        return None


class MadeAnew(Exception):
    """The parts that were being read are gone, since others took their place."""


def agrees(store: PersonYearStore, district: District, as_of: date, schools: Sequence[SchoolFact]) -> bool:
    """Whether what holds for everybody is still what it was: roster, school years, and the schools known then."""
    known = set(unpacked(store.schools).tolist())
    return (
        (store.as_of, store.records_begin_on) == (as_of, district.records_begin_on)
        and digest([school for school in schools if school.pk in known]) == store.schools_digest
        and days_as_stored(district, store.school_years[0][0], as_of) == store.school_years
    )


def digest(schools: Sequence[SchoolFact]) -> str:
    """Of all that decides about statuses; names and levels are looked up when a report is read."""
    said = [(school.pk, school.is_own, school.successor, school.closed_on) for school in schools]
    return sha256(repr(said).encode()).hexdigest()


def days_as_stored(district: District, first: int, as_of: date) -> list[list[object]]:
    found = SchoolYear.objects.days_of(district.pk, first, year_of(as_of).start)
    days = [day for day in found if day.census_on <= as_of]
    return [[day.year.start, *map(date.isoformat, (day.starts_on, day.ends_on, day.census_on))] for day in days]


def changed_people(since: datetime) -> Ints | None:
    """Everybody with a record that was added, changed or taken out; None when these are too many."""
    found: set[int] = set()
    for model, field in ABOUT_PEOPLE:
        found.update(changed_since(model, field, since)[: MOST_CHANGED + 1])
        if len(found) > MOST_CHANGED:
            return None
    return np.array(sorted(found), dtype=np.int64)


def read_parts(store: PersonYearStore, schools: Sequence[SchoolFact], names: Sequence[str]) -> Iterator[Part]:
    place = {school.pk: number for number, school in enumerate(schools)}
    now = np.array([*(place[pk] for pk in unpacked(store.schools).tolist()), -1], dtype=np.int32)
    moved = not np.array_equal(now[:-1], np.arange(len(now) - 1))
    seen = 0
    rows = store.parts.order_by("place").values_list("subjects", *names)
    for subjects, *stored in rows.iterator(chunk_size=1):  # more at once would take twice the memory
        seen += 1
        found = dict(zip(names, map(unpacked, stored), strict=True))
        if moved:
            found |= {name: now[found[name]] for name in ("school", "short_school") if name in found}
        yield Part(tuple(subjects), found)
    if seen != len(store.contents["firsts"]):
        raise MadeAnew


def renewed(parts: Iterable[Part], firsts: Sequence[int], changed: Ints, fresh: Part) -> Iterator[Part]:
    """Every part with the changed people of its stretch of numbers in place."""
    ends = [0, *np.searchsorted(changed, firsts[1:]).tolist(), len(changed)]
    for part, (begin, end) in zip(parts, pairwise(ends), strict=True):
        people = changed[begin:end]
        yield replaced(part, people, of_people(fresh, people)) if len(people) else part


def as_kinds(stored: Mapping[str, str]) -> dict[str, np.dtype[Any]]:
    return {name: np.dtype(kind) for name, kind in stored.items()}


# --- Making them ------------------------------------------------------------------------------------------------


def keep_person_years(district: District, *, at: datetime, told: Callable[[int], None] = lambda done: None) -> int:
    """Works out everybody and stores it; answers with how many person-years there are. `at` lies before the reading.

    It may run at any time and twice at once: a reader finds the old columns or the new ones.
    """
    as_of, schools = newest_roster(district), schools_of(district)
    if as_of is None:
        PersonYearStore.objects.filter(district=district).delete()
        return 0
    school_years = days_as_stored(district, first_year(district, as_of), as_of)
    parts, rooms, bounds = [], [], stretches(district)
    for number, (first, last) in enumerate(bounds, 1):
        found = work_out(district, as_of, people_between(district, first, last), schools)
        rooms.append(room_of(found))
        columns = {name: packed(found[name]) for name in COLUMNS}
        parts.append(PersonYearPart(place=number, subjects=found.subjects, **columns))
        told(number * PART)
    whole = reduce(add, rooms)
    store = PersonYearStore(
        district=district,
        made_at=at,
        as_of=as_of,
        records_begin_on=district.records_begin_on,
        school_years=school_years,
        schools=packed(np.array([school.pk for school in schools], dtype=np.int64)),
        schools_digest=digest(schools),
        contents={
            "firsts": [first for first, _last in bounds],
            "sizes": dict(whole.sizes),
            "kinds": {name: kind.str for name, kind in whole.kinds.items()},
        },
    )
    put_in_place(store, parts)
    return whole.sizes["teacher"]


def keep_all(*, at: datetime, told: Callable[[int], None] = lambda done: None) -> int:
    return sum(keep_person_years(district, at=at, told=told) for district in all_districts())


@transaction.atomic
def put_in_place(store: PersonYearStore, parts: Sequence[PersonYearPart]) -> None:
    District.objects.select_for_update(no_key=True).get(pk=store.district_id)  # whoever does the same waits
    PersonYearPart.objects.filter(store__district=store.district_id).delete()
    PersonYearStore.objects.filter(district=store.district_id).delete()
    store.save()
    for part in parts:
        part.store = store
        part.save()


def first_year(district: District, as_of: date) -> int:
    """The calendar year in which the school year before the first employment or post starts."""
    firsts = [
        model._default_manager.filter(teacher__district=district).aggregate(first=Min("started_on"))["first"]
        for model in (Employment, Assignment)
    ]
    return year_of(min((day for day in firsts if day), default=as_of)).start - 1


def stretches(district: District) -> list[tuple[int, int]]:
    """First and last numbers of some thousand people each; there is always one, if only of nobody."""
    keys = list(Teacher.objects.filter(district=district).order_by("pk").values_list("pk", flat=True))
    found = [keys[begin : begin + PART] for begin in range(0, len(keys), PART)]
    return [(part[0], part[-1]) for part in found] or [(0, 0)]


def people_between(district: District, first: int, last: int) -> QuerySet[Teacher]:
    return Teacher.objects.filter(district=district, pk__range=(first, last))
