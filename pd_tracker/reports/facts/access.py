"""What training cost, who waited for a seat, and the need of schools, in one school year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from django.db.models import Count, FloatField, Q, Sum
from django.db.models.functions import Cast

from learning_plans.models import Completion, Enrollment
from learning_plans.rules.choices import EnrollmentState
from pd_tracker.access import Reader
from pd_tracker.reports.estimators.groups import Floats, Ints
from pd_tracker.reports.facts.calendar import district_of, school_days
from pd_tracker.reports.facts.person_years import PersonYears
from teachers.models import SchoolYearProfile
from teachers.rules.periods import SchoolDays, year_of


@dataclass(frozen=True, eq=False, slots=True)
class Access:
    """One entry per row of the person-years asked about.

    `cost` adds the prices of the `priced` completions; the others have no price on record. `asked` counts seats and
    places on waiting lists of sessions of the year that were not given back, `waiting` those that stayed without a
    seat. `meals` is the percentage of students at the main school with free or reduced-price meals, NaN if unknown.
    """

    completions: Ints
    priced: Ints
    cost: Floats
    asked: Ints
    waiting: Ints
    meals: Floats


def access_in(reader: Reader, facts: PersonYears, year: int) -> Access:
    """For person-years of that one school year, which are already cut to the reader's reach."""
    days = _days(reader, facts, year)
    teachers = facts.teacher_ids[facts.rows.teacher]
    spent, seats = _spent(reader, days), _seats(reader, days)
    completions, priced, cost = _columns(spent, teachers, 3)
    asked, waiting = _columns(seats, teachers, 2)
    return Access(
        completions=completions.astype(np.int64),
        priced=priced.astype(np.int64),
        cost=cost,
        asked=asked.astype(np.int64),
        waiting=waiting.astype(np.int64),
        meals=_meals(facts, year)[facts.rows.school],
    )


def _days(reader: Reader, facts: PersonYears, year: int) -> SchoolDays:
    census = facts.census_on(year)
    return next(days for days in school_days(district_of(reader), census, census) if days.year.start == year)


def _spent(reader: Reader, days: SchoolDays) -> dict[int, tuple[float, ...]]:
    counted = Completion.objects.counted().filter(teacher__district=district_of(reader))
    by_teacher = counted.dated(days.starts_on, days.ends_on).order_by().values_list("teacher")
    prices = Cast(Sum("course__cost"), FloatField())
    found = by_teacher.annotate(completions=Count("pk"), priced=Count("course__cost"), cost=prices)
    return {teacher: (completions, priced, cost or 0) for teacher, completions, priced, cost in found}


def _seats(reader: Reader, days: SchoolDays) -> dict[int, tuple[float, ...]]:
    """A session that was canceled gave nobody a seat and kept nobody waiting."""
    wanted = Enrollment.objects.filter(
        teacher__district=district_of(reader),
        session__is_canceled=False,
        session__starts_at__date__range=(days.starts_on, days.ends_on),
    ).exclude(state__in=(EnrollmentState.WITHDRAWN.value, EnrollmentState.IN_DRAW.value))
    waits = Count("pk", filter=Q(state=EnrollmentState.WAITLISTED.value))
    found = wanted.order_by().values_list("teacher").annotate(asked=Count("pk"), waiting=waits)
    return {teacher: numbers for teacher, *numbers in found}


def _columns(found: dict[int, tuple[float, ...]], teachers: Ints, width: int) -> Floats:
    nothing = (0.0,) * width
    rows = [found.get(teacher, nothing) for teacher in teachers.tolist()]
    return np.array(rows, dtype=np.float64).reshape(len(rows), width).T


def _meals(facts: PersonYears, year: int) -> Floats:
    """Percentage per school in the order of the person-years' schools."""
    own = {school.pk: place for place, school in enumerate(facts.schools)}
    percents = np.full(len(own), np.nan)
    known = SchoolYearProfile.objects.filter(school__in=own, frpm_percent__isnull=False)
    for school, census_on, percent in known.values_list("school", "school_year__census_on", "frpm_percent"):
        if year_of(census_on).start == year:
            percents[own[school]] = float(percent)
    return percents
