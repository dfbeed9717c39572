"""Many classrooms with results and training, in few statements."""

from __future__ import annotations

import numpy as np

from teachers.models import KpiValue
from tests.factories import SchoolFactory
from tests.pd_tracker.reports.conftest import SINCE, hired, roster


def measure(people, values, kpi, year, **fields):
    KpiValue.objects.bulk_create(
        KpiValue(
            district=person.district,
            kpi=kpi,
            school_year=year,
            teacher=person,
            value=round(float(value), 6),
            **{"level": "classroom", "n": 25, "subject": "Mathematics", "grades": "4", **fields},
        )
        for person, value in zip(people, values, strict=True)
    )


def staff(district, *, schools, each):
    """Teachers of as many schools with a roster, school by school, and the number of everybody's school."""
    roster(district)
    people = [
        person
        for number in range(schools)
        for person in hired(district, each, since=SINCE, school=SchoolFactory(district=district), prefix=f"c{number}")
    ]
    return people, np.repeat(np.arange(schools), each)


def measure_years(people, values, kpi, district, *, first=2020, **fields):
    """Results in consecutive school years, a column each."""
    years = {year.starts_on.year: year for year in district.school_years.all()}
    for place, column in enumerate(np.asarray(values).T):
        measure(people, column, kpi, years[first + place], **fields)


def chosen(people, flags):
    return [person for person, flag in zip(people, flags, strict=True) if flag]
