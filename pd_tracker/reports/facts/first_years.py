"""New teachers in their first snapshot: who was still in service on December 31, and their training until then."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

import numpy as np
from django.db.models import Case, DateField, F, Sum, Value, When

from learning_plans.models import Completion
from pd_tracker.access import Reader
from pd_tracker.reports.estimators.groups import Ints
from pd_tracker.reports.facts.calendar import district_of
from pd_tracker.reports.facts.person_years import PersonYears
from teachers.models import District, Employment

Hired = dict[int, tuple[date, date]]


def first_year_minutes(reader: Reader, facts: PersonYears) -> Ints:
    """Minutes dated from the hire to December 31 of the first snapshot's year.

    -1 for rows that are no first year, and for people who were not employed on that day.
    """
    minutes = np.full(len(facts.rows), -1, dtype=np.int64)
    first = np.flatnonzero(facts.rows.tenure == 1)
    years = np.unique(facts.rows.year[first]).tolist()
    if not years:
        return minutes
    hired = {year: (facts.census_on(year - 1) + timedelta(days=1), facts.census_on(year)) for year in years}
    district = district_of(reader)
    served, spent = _served(district, hired), _spent(district, hired)
    for row in first.tolist():
        person, year = int(facts.teacher_ids[facts.rows.teacher[row]]), int(facts.rows.year[row])
        if any(_covers(span, year) for span in served[person]):
            minutes[row] = spent.get((person, year), 0)
    return minutes


def _covers(span: tuple[date, date | None], year: int) -> bool:
    return span[0] <= date(year, 12, 31) <= (span[1] or date.max)


def _served(district: District | None, hired: Hired) -> dict[int, list[tuple[date, date | None]]]:
    since, last = min(hired.values())[0], date(max(hired), 12, 31)
    spells = Employment.objects.filter(teacher__district=district, started_on__range=(since, last)).order_by()
    found = defaultdict(list)
    for teacher, started_on, ended_on in spells.values_list("teacher", "started_on", "ended_on"):
        found[teacher].append((started_on, ended_on))
    return found


def _spent(district: District | None, hired: Hired) -> dict[tuple[int, int], int]:
    """By person and year of the first census; of several spells begun before it, the first holds the others' too."""
    day = "teacher__employments__started_on"
    until = Case(
        *(When(**{f"{day}__range": days}, then=Value(date(year, 12, 31))) for year, days in hired.items()),
        output_field=DateField(),
    )
    dated = Completion.objects.counted().filter(
        teacher__district=district, completed_on__gte=F(day), completed_on__lte=until
    )
    found: dict[tuple[int, int], int] = {}
    sums = dated.order_by().annotate(until=until).values_list("teacher", "until", day).annotate(spent=Sum("minutes"))
    for teacher, last, _started_on, spent in sums:
        found[teacher, last.year] = max(spent, found.get((teacher, last.year), 0))
    return found
