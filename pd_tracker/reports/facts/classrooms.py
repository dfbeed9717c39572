"""Classroom figures of a district, as columns."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from django.db.models import Count, FloatField, Q, QuerySet
from django.db.models.functions import Cast

from pd_tracker.access import Reader
from pd_tracker.reports.estimators.groups import Floats, Ints, group_codes
from pd_tracker.reports.facts.calendar import district_of
from pd_tracker.reports.recorded import Flags
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
    higher_is_better: bool = True


@dataclass(frozen=True, eq=False, slots=True)
class Classrooms:
    """One row per classroom result of one term. `students` and `student_sd` are NaN and `school_id` -1 where unknown.

    `classroom` numbers the combinations of teacher, year and class, `scale` those of year, subject and grades on which
    results are comparable. `group` names the students: "all", or a group among them.
    """

    teacher_id: Ints
    year: Ints
    school_id: Ints
    value: Floats
    students: Floats
    student_sd: Floats
    scale: Ints
    classroom: Ints
    group: np.ndarray[Any, np.dtype[np.object_]]
    term: Term

    def only(self, rows: Flags) -> Classrooms:
        columns: dict[str, Any] = {field.name: getattr(self, field.name) for field in fields(self)}
        return replace(self, **{name: part[rows] for name, part in columns.items() if name != "term"})

    @property
    def of_everybody(self) -> Flags:
        chosen: Flags = self.group == ALL_STUDENTS
        return chosen


def kpi_options(reader: Reader) -> list[tuple[str, str]]:
    return list(Kpi.objects.visible_to(reader).values_list("code", "name"))


def student_group_options(reader: Reader) -> list[tuple[str, str]]:
    """The groups of students of whom the district has classroom figures."""
    found = _of_classrooms(reader).exclude(student_group=ALL_STUDENTS).order_by("student_group")
    names = found.values_list("student_group", flat=True).distinct()
    return [(name, name.replace("_", " ")) for name in names]


def kpis(reader: Reader) -> list[KpiFact]:
    """Every figure in the catalogue with its count of classroom values."""
    ours = Q(values__level=KpiLevel.CLASSROOM.value, values__student_group=ALL_STUDENTS, values__value__isnull=False)
    ours &= Q(values__district=district_of(reader))
    counted = Kpi.objects.visible_to(reader).annotate(found=Count("values", filter=ours))
    rows = counted.order_by("pk").values_list("code", "name", "unit", "found", "better")
    return [
        KpiFact(code, name, unit, found, higher_is_better=better == Kpi.Better.HIGHER)
        for code, name, unit, found, better in rows
    ]


def classrooms(reader: Reader, code: str, *, groups: bool = False) -> Classrooms:
    """Results of one figure; whose of them may be counted is for the person-years to say.

    Of all students only, unless results of groups of students are asked for as well.
    """
    found = _of_classrooms(reader).filter(kpi__code=code)
    found = found if groups else found.filter(student_group=ALL_STUDENTS)
    term = _term(found)
    columns = ("teacher", "school_year__census_on", "school", "number", "n", "subject", "grades", "section")
    numbered = found.filter(term=term.value).annotate(
        number=Cast("value", FloatField()), spread=Cast("sd", FloatField())
    )
    rows = list(numbered.order_by("pk").values_list(*columns, "student_group", "spread"))
    teachers = np.fromiter((row[0] for row in rows), dtype=np.int64)
    years = np.fromiter((year_of(row[1]).start for row in rows), dtype=np.int64)
    schools = np.fromiter((-1 if row[2] is None else row[2] for row in rows), dtype=np.int64)
    subject, grades, section, group = (np.array([row[place] for row in rows], dtype=object) for place in (5, 6, 7, 8))
    return Classrooms(
        teacher_id=teachers,
        year=years,
        school_id=schools,
        value=np.fromiter((row[3] for row in rows), dtype=np.float64),
        students=np.fromiter((np.nan if row[4] is None else row[4] for row in rows), dtype=np.float64),
        student_sd=np.fromiter((row[9] or np.nan for row in rows), dtype=np.float64),
        scale=group_codes(years, subject, grades)[0],
        classroom=group_codes(teachers, years, schools, subject, grades, section)[0],
        group=group,
        term=term,
    )


def _of_classrooms(reader: Reader) -> QuerySet[KpiValue]:
    return KpiValue.objects.filter(district=district_of(reader), level=KpiLevel.CLASSROOM.value, value__isnull=False)


def _term(values: QuerySet[KpiValue]) -> Term:
    present = set(values.order_by().values_list("term", flat=True).distinct())
    return next((term for term in TERMS if term.value in present), Term.YEAR)
