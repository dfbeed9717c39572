"""People, posts, leaves and training of a district as columns, read in one query each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
from django.db.models import Exists, OuterRef, QuerySet

from learning_plans.models import Completion, TrainingDays, TrainingYear
from pd_tracker.access import Reach
from pd_tracker.reports.estimators.groups import Ints
from pd_tracker.reports.facts.calendar import school_days
from pd_tracker.reports.facts.numbers import columns
from pd_tracker.reports.recorded import OPEN, Flags, Records, Spans
from teachers.models import Assignment, District, Employment, Leave, School, SchoolYear, SchoolYearProfile, Teacher
from teachers.models.choices import SchoolLevelName
from teachers.rules.choices import Position
from teachers.rules.periods import SchoolDays, Year, year_of


@dataclass(frozen=True, slots=True)
class SchoolFact:
    pk: int
    school_id: str
    name: str
    level: str
    is_own: bool
    successor: int | None
    closed_on: date | None

    @property
    def level_name(self) -> str:
        return str(SchoolLevelName(self.level).label) if self.level else ""


def schools_of(district: District | None) -> tuple[SchoolFact, ...]:
    """The district's schools in order of their ids, and after them those of other districts."""
    rows = School.objects.values_list("pk", "school_id", "name", "level", "district", "successor", "closed_on")
    own = district.pk if district else None
    facts = (SchoolFact(*row[:4], row[4] == own, *row[5:]) for row in rows)
    return tuple(sorted(facts, key=lambda school: (not school.is_own, school.school_id, school.pk)))


def read_records(
    district: District | None,
    as_of: date | None,
    people: QuerySet[Teacher],
    schools: Sequence[SchoolFact],
    *,
    training: bool,
    training_in: Year | None,
) -> tuple[Records, tuple[str, ...]]:
    """All that snapshots need of these people, and the subjects in the order of their numbers.

    What is not read of training is 0.
    """
    people = people if as_of else Teacher.objects.none()
    named = list(people.order_by("pk").values_list("pk", "experience_years", "birth_year"))
    number = {pk: place for place, (pk, *_) in enumerate(named)}
    keys = _integers(number)
    employments = _rows(Employment, people, "position", "fte")
    assignments = _rows(Assignment, people, "position", "fte", "school", "subject")
    leaves = _rows(Leave, people, "right_of_return")
    first = min((row[1] for row in employments + assignments), default=as_of)
    days = school_days(district, first, as_of) if first and as_of else []
    asked = [day for day in days if training and training_in in (None, day.year)]
    place: dict[int | None, int] = {school.pk: number for number, school in enumerate(schools)}
    subject = {name: place for place, name in enumerate(sorted({row[6] for row in assignments}))}
    minutes, completions = _training(district, people, keys, days, asked)
    begins = district.records_begin_on if district else None
    return Records(
        days=_integers(day.census_on.toordinal() for day in days),
        years=_integers(day.year.start for day in days),
        as_of=as_of.toordinal() if as_of else 0,
        begins=begins.toordinal() if begins else 0,
        people=keys,
        experience=np.array([np.nan if years is None else float(years) for _, years, _ in named], dtype=np.float64),
        born=_integers(year or 0 for *_, year in named),
        employments=_spans(employments, number),
        employed_to_teach=_flags(row[3] == Position.CLASSROOM_TEACHER for row in employments),
        employed_thousandths=_thousandths(row[4] for row in employments),
        assignments=_spans(assignments, number),
        school=_integers(place[row[5]] for row in assignments),
        subject=_integers(subject[row[6]] for row in assignments),
        thousandths=_thousandths(row[4] for row in assignments),
        teaching=_flags(row[3] == Position.CLASSROOM_TEACHER and row[4] > 0 for row in assignments),
        leaves=_spans(leaves, number),
        may_return=_flags(row[3] for row in leaves),
        own_school=_flags(school.is_own for school in schools),
        successor=_integers(place.get(school.successor, -1) for school in schools),
        closed=_integers(school.closed_on.toordinal() if school.closed_on else 0 for school in schools),
        minutes=minutes,
        completions=completions,
        title_i=title_i_of(place, days),
    ), tuple(subject)


def people_in(district: District | None, reach: Reach) -> QuerySet[Teacher]:
    """Everybody of the district, or everybody who ever taught in the reader's schools."""
    people = Teacher.objects.filter(district=district)
    if reach.everything or (district is not None and district.pk in reach.district_ids):
        return people
    ever = Assignment.objects.filter(teacher=OuterRef("pk"), school__in=reach.school_ids)
    return people.filter(Exists(ever))


def _rows(model: Any, people: QuerySet[Teacher], *more: str) -> list[tuple[Any, ...]]:
    rows = model.objects.filter(teacher__in=people).order_by("pk")
    return list(rows.values_list("teacher", "started_on", "ended_on", *more))


def _spans(rows: Sequence[tuple[Any, ...]], number: dict[int, int]) -> Spans:
    return Spans(
        _integers(number[row[0]] for row in rows),
        _integers(row[1].toordinal() for row in rows),
        _integers(row[2].toordinal() if row[2] else OPEN for row in rows),
    )


def _training(
    district: District | None,
    people: QuerySet[Teacher],
    keys: Ints,
    days: Sequence[SchoolDays],
    asked: Sequence[SchoolDays],
) -> tuple[Ints, Ints]:
    """Minutes and count of approved completions per person and school year."""
    minutes, completions = np.zeros((2, len(keys), len(days)), dtype=np.int64)
    if asked:
        teacher, year, spent, count = columns(_sums(district, people, asked), 4)
        place = np.searchsorted(keys, teacher), year - days[0].year.start
        minutes[place], completions[place] = spent, count
    return minutes, completions


def _sums(district: District | None, people: QuerySet[Teacher], days: Sequence[SchoolDays]) -> QuerySet[Any]:
    """As they were kept; where a school year got other days since then, from the completions."""
    if TrainingDays.objects.filter(district=district).agree_with(days):
        return TrainingYear.objects.filter(teacher__in=people).totals([day.year.start for day in days])
    counted = Completion.objects.counted().filter(teacher__in=people)
    return counted.by_school_year(days, "teacher", "year")


def title_i_of(place: Mapping[int | None, int], days: Sequence[SchoolDays]) -> Ints:
    flags = np.full((len(place), len(days)), -1, dtype=np.int64)
    column = {day.year: number for number, day in enumerate(days)}
    census = dict(SchoolYear.objects.values_list("pk", "census_on"))
    asked = [pk for pk, census_on in census.items() if year_of(census_on) in column]
    profiles = SchoolYearProfile.objects.filter(title_i__isnull=False, school_year__in=asked)
    school, year, title_i = columns(profiles.values_list("school", "school_year", "title_i"), 3)
    if len(school):
        column_of_year = np.zeros(max(asked) + 1, dtype=np.int64)
        column_of_year[asked] = [column[year_of(census[pk])] for pk in asked]
        known = [pk for pk in place if pk is not None]
        place_of_school = np.zeros(max(known) + 1, dtype=np.int64)
        place_of_school[known] = [place[pk] for pk in known]
        flags[place_of_school[school], column_of_year[year]] = title_i
    return flags


def _integers(values: Iterable[int]) -> Ints:
    return np.fromiter(values, dtype=np.int64)


def _thousandths(values: Iterable[Decimal]) -> Ints:
    return _integers(int(value * 1000) for value in values)


def _flags(values: Iterable[bool]) -> Flags:
    return np.fromiter(values, dtype=np.bool_)
