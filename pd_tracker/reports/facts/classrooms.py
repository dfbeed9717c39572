"""Classroom figures of a district, as columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from django.db.models import Count, FloatField, Q, QuerySet
from django.db.models.functions import Cast

from pd_tracker.access import Reader
from pd_tracker.reports.estimators.groups import Floats, Ints, group_codes
from pd_tracker.reports.facts.calendar import district_of
from teachers.models import Kpi, KpiValue
from teachers.rules.choices import KpiLevel, Term
from teachers.rules.periods import year_of

ALL_STUDENTS = "all"
TERMS = (Term.YEAR, Term.SPRING, Term.WINTER, Term.FALL)  # the first that has figures is compared


@dataclass(frozen=True, slots=True)
class KpiFact:
    code: str
    name: str
    unit: str
    values: int


@dataclass(frozen=True, eq=False, slots=True)
class Classrooms:
    """One row per classroom result: all students, one term. `students` is NaN where unknown.

    `scale` numbers the combinations of year, subject and grades on which results are comparable.
    """

    teacher_id: Ints
    year: Ints
    value: Floats
    students: Floats
    scale: Ints
    term: Term


def kpi_options(reader: Reader) -> list[tuple[str, str]]:
    return list(Kpi.objects.visible_to(reader).values_list("code", "name"))


def kpis(reader: Reader) -> list[KpiFact]:
    """Every figure in the catalogue with its count of classroom values."""
    ours = Q(values__level=KpiLevel.CLASSROOM.value, values__student_group=ALL_STUDENTS, values__value__isnull=False)
    ours &= Q(values__district=district_of(reader))
    counted = Kpi.objects.visible_to(reader).annotate(found=Count("values", filter=ours))
    return [KpiFact(*row) for row in counted.order_by("pk").values_list("code", "name", "unit", "found")]


def classrooms(reader: Reader, code: str) -> Classrooms:
    """Results of one figure; whose of them may be counted is for the person-years to say."""
    found = KpiValue.objects.filter(
        district=district_of(reader),
        kpi__code=code,
        level=KpiLevel.CLASSROOM.value,
        student_group=ALL_STUDENTS,
        value__isnull=False,
    )
    term = _term(found)
    rows = list(
        found.filter(term=term.value)
        .annotate(number=Cast("value", FloatField()))
        .order_by("pk")
        .values_list("teacher", "school_year__census_on", "number", "n", "subject", "grades")
    )
    years = np.fromiter((year_of(row[1]).start for row in rows), dtype=np.int64)
    text = [np.array([row[place] for row in rows], dtype=object) for place in (4, 5)]
    return Classrooms(
        teacher_id=np.fromiter((row[0] for row in rows), dtype=np.int64),
        year=years,
        value=np.fromiter((row[2] for row in rows), dtype=np.float64),
        students=np.fromiter((np.nan if row[3] is None else row[3] for row in rows), dtype=np.float64),
        scale=group_codes(years, *text)[0],
        term=term,
    )


def _term(values: QuerySet[KpiValue]) -> Term:
    present = set(values.order_by().values_list("term", flat=True).distinct())
    return next((term for term in TERMS if term.value in present), Term.YEAR)
