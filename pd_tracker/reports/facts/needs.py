"""Figures of teachers beside comparable ones of the whole district, as finding needs asks for them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.db.models import FloatField, QuerySet
from django.db.models.functions import Cast

from learning_plans.rules.choices import NeedSource
from learning_plans.rules.needs import FEWEST_PEERS, Figure, Peers, Variation
from pd_tracker.access import Reader
from pd_tracker.reports.estimators.groups import Floats, Ints, group_codes, sum_by
from pd_tracker.reports.estimators.variation import parts
from pd_tracker.reports.estimators.weights import MIN_STUDENTS
from pd_tracker.reports.facts.classrooms import ALL_STUDENTS, TERMS
from pd_tracker.reports.recorded import Flags
from teachers.models import Kpi, KpiValue, Teacher
from teachers.rules.choices import KpiLevel
from teachers.rules.periods import Year, year_of

YEARS = 3
FEWEST_CLASSES = 30
OBSERVATION = "observation"  # KPIs whose code begins so are scores of visits, which no number of students stands behind
COLUMNS = ("pk", "teacher", "school_year__census_on", "school", "number", "n", "spread", "subject", "grades")


@dataclass(frozen=True, slots=True)
class Found:
    """Figures per teacher, and what is known about every KPI that can tell a teacher's results from luck."""

    figures: dict[int, list[Figure]] = field(default_factory=dict)
    variations: dict[str, Variation] = field(default_factory=dict)


@dataclass(frozen=True, eq=False, slots=True)
class Beside:
    """One row per figure of a KPI in the district with the mean, the spread and the number of comparable ones."""

    pk: Ints
    teacher: Ints
    year: Ints
    value: Floats
    students: Floats
    student_sd: Floats
    mean: Floats
    spread: Floats
    count: Ints

    @property
    def comparable(self) -> Flags:
        found: Flags = self.spread > 0
        return found


def figures(reader: Reader, *, teachers: Collection[int], until: Year, kpis: Collection[str]) -> Found:
    """Figures of three school years that the reader may see; what they are compared with is counted district-wide."""
    found = Found()
    for kpi in Kpi.objects.visible_to(reader).filter(code__in=kpis).order_by("pk"):
        values = _values(kpi, teachers, until)
        beside = _beside(values, is_observation=kpi.code.startswith(OBSERVATION))
        variation = _variation(kpi, beside)
        if variation is not None:
            found.variations[kpi.code] = variation
            visible = KpiValue.objects.visible_to(reader).filter(teacher__in=teachers)
            shown = np.isin(beside.pk, list(visible.filter(pk__in=values.values("pk")).values_list("pk", flat=True)))
            for teacher, figure in _named(kpi.code, beside, shown & beside.comparable):
                found.figures.setdefault(teacher, []).append(figure)
    return found


def _values(kpi: Kpi, teachers: Collection[int], until: Year) -> QuerySet[KpiValue]:
    days = Year(until.start - YEARS + 1).starts_on, until.ends_on
    districts = Teacher.objects.filter(pk__in=teachers).values("district")
    found = KpiValue.objects.filter(kpi=kpi, district__in=districts, teacher__isnull=False, value__isnull=False)
    found = found.filter(student_group=ALL_STUDENTS, school_year__census_on__range=days)
    level = KpiLevel.TEACHER if kpi.code.startswith(OBSERVATION) else KpiLevel.CLASSROOM
    found = found.filter(level=level.value)
    present = set(found.order_by().values_list("term", flat=True).distinct())
    return found.filter(term=next((term.value for term in TERMS if term.value in present), ""))


def _beside(values: QuerySet[KpiValue], *, is_observation: bool) -> Beside:
    numbered = values.annotate(number=Cast("value", FloatField()), spread=Cast("sd", FloatField()))
    rows = list(numbered.order_by("pk").values_list(*COLUMNS))
    years = _integers(year_of(row[2]).start for row in rows)
    value, students = _floats(row[4] for row in rows), _floats(row[5] for row in rows)
    subject, grades, school = (np.array([row[place] for row in rows], dtype=object) for place in (7, 8, 3))
    counted = ~(students < MIN_STUDENTS)
    if is_observation:
        # Who visits differs from school to school, so only colleagues were seen by the same eyes.
        mean, count = _mean(value, group_codes(years, school)[0], counted, FEWEST_PEERS)
        spread = _spread(value - mean, group_codes(years)[0], counted)
    else:
        scale = group_codes(years, subject, grades)[0]
        mean, count = _mean(value, scale, counted, FEWEST_CLASSES)
        spread = _spread(value - mean, scale, counted)
    return Beside(
        pk=_integers(row[0] for row in rows),
        teacher=_integers(row[1] for row in rows),
        year=years,
        value=value,
        students=np.full(len(rows), np.nan) if is_observation else students,
        student_sd=_floats(row[6] for row in rows),
        mean=mean,
        spread=spread,
        count=count,
    )


def _mean(value: Floats, scale: Ints, counted: Flags, fewest: int) -> tuple[Floats, Ints]:
    among = int(scale.max(initial=-1)) + 1
    size = np.bincount(scale[counted], minlength=among)
    mean = sum_by(scale[counted], value[counted], among) / np.maximum(size, 1)
    return np.where(size >= fewest, mean, np.nan)[scale], size[scale]


def _spread(apart: Floats, scale: Ints, counted: Flags) -> Floats:
    """NaN where fewer than 30 are known."""
    known, among = counted & ~np.isnan(apart), int(scale.max(initial=-1)) + 1
    size = np.bincount(scale[known], minlength=among)
    variance = sum_by(scale[known], np.square(apart[known]), among) / np.maximum(size - 1, 1)
    return np.where(np.isnan(apart), np.nan, np.where(size >= FEWEST_CLASSES, np.sqrt(variance), np.nan)[scale])


def _variation(kpi: Kpi, beside: Beside) -> Variation | None:
    rows = beside.comparable & ~(beside.students < MIN_STUDENTS)
    spread = beside.spread[rows]
    found = parts(
        beside.teacher[rows],
        beside.year[rows],
        (beside.value[rows] - beside.mean[rows]) / spread,
        beside.students[rows],
        np.square(beside.student_sd[rows] / spread),
    )
    if found is None:
        return None
    return Variation(
        found.lasting,
        found.passing,
        found.per_student,
        higher_is_better=kpi.better == Kpi.Better.HIGHER,
        source=NeedSource.OBSERVATION if kpi.code.startswith(OBSERVATION) else NeedSource.KPI,
    )


def _named(code: str, beside: Beside, shown: Flags) -> Iterator[tuple[int, Figure]]:
    for place in np.flatnonzero(shown).tolist():
        students = beside.students[place]
        if np.isnan(students) and not code.startswith(OBSERVATION):
            continue
        peers = Peers(float(beside.mean[place]), float(beside.spread[place]), int(beside.count[place]))
        n = None if np.isnan(students) else int(students)
        yield int(beside.teacher[place]), Figure(code, int(beside.year[place]), float(beside.value[place]), n, peers)


def _integers(values: Any) -> Ints:
    return np.fromiter(values, dtype=np.int64)


def _floats(values: Any) -> Floats:
    return np.fromiter((np.nan if value is None else value for value in values), dtype=np.float64)
