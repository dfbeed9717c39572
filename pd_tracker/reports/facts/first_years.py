"""New teachers in their first snapshot: who was still in service on December 31, and their training until then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
from django.db.models import Case, DateField, F, Q, QuerySet, Sum, Value, When

from learning_plans.models import Completion
from pd_tracker.access import Reader
from pd_tracker.reports.estimators.groups import Ints
from pd_tracker.reports.facts.calendar import district_of
from teachers.models import Employment, Teacher
from teachers.rules.periods import Year

if TYPE_CHECKING:
    from pd_tracker.reports.facts.person_years import PersonYears

Hired = dict[int, tuple[date, date]]


def first_year_minutes(reader: Reader, facts: PersonYears) -> Ints:
    """Minutes dated from the hire to December 31 of the first snapshot's year.

    -1 for rows that are no first year, and for people who were not employed on that day.
    """
    if facts.until_december is not None:
        return facts.until_december
    minutes = np.full(len(facts.rows), -1, dtype=np.int64)
    new = np.flatnonzero(facts.rows.tenure == 1)
    people = Teacher.objects.filter(district=district_of(reader))
    teachers = facts.teacher_ids[facts.rows.teacher[new]]
    minutes[new] = minutes_until_december(people, teachers, facts.rows.year[new], facts.census_days)
    return minutes


def minutes_until_december(
    people: QuerySet[Teacher], teachers: Ints, first_years: Ints, census_days: Mapping[int, date]
) -> Ints:
    """By teacher and the year of their first snapshot; -1 for those who were not employed on December 31."""
    years = np.unique(first_years).tolist()
    if not years:
        return np.zeros(0, dtype=np.int64)
    census = {year: census_days.get(year) or Year(year).census_on for year in (*years, *(year - 1 for year in years))}
    hired = {year: (census[year - 1] + timedelta(days=1), census[year]) for year in years}
    served, spent = _served(people, years), _spent(people, hired)
    found = (
        spent.get(row, 0) if any(_covers(span, row[1]) for span in served[row[0]]) else -1
        for row in zip(teachers.tolist(), first_years.tolist(), strict=True)
    )
    return np.fromiter(found, dtype=np.int64, count=len(teachers))


def _covers(span: tuple[date, date | None], year: int) -> bool:
    return span[0] <= date(year, 12, 31) <= (span[1] or date.max)


def _served(people: QuerySet[Teacher], years: list[int]) -> dict[int, list[tuple[date, date | None]]]:
    first, last = date(years[0], 12, 31), date(years[-1], 12, 31)
    spells = Employment.objects.filter(Q(ended_on=None) | Q(ended_on__gte=first), teacher__in=people)
    found = defaultdict(list)
    rows = spells.filter(started_on__lte=last).order_by().values_list("teacher", "started_on", "ended_on")
    for teacher, started_on, ended_on in rows:
        found[teacher].append((started_on, ended_on))
    return found


def _spent(people: QuerySet[Teacher], hired: Hired) -> dict[tuple[int, int], int]:
    """By person and year of the first census; of several spells begun before it, the first holds the others' too."""
    day = "teacher__employments__started_on"
    until = Case(
        *(When(**{f"{day}__range": days}, then=Value(date(year, 12, 31))) for year, days in hired.items()),
        output_field=DateField(),
    )
    dated = Completion.objects.counted().filter(teacher__in=people, completed_on__gte=F(day), completed_on__lte=until)
    found: dict[tuple[int, int], int] = {}
    sums = dated.order_by().annotate(until=until).values_list("teacher", "until", day).annotate(spent=Sum("minutes"))
    for teacher, last, _started_on, spent in sums:
        found[teacher, last.year] = max(spent, found.get((teacher, last.year), 0))
    return found
