"""A teacher's own classroom figures of whole years, as success measures of goals use them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.apps import apps
from django.db.models import Q

from learning_plans.rules.measures import Reading, combined
from pd_tracker.access import Capability, Reader
from teachers.querysets.people import reaches
from teachers.rules.choices import KpiLevel, Term

if TYPE_CHECKING:
    from teachers.models import Teacher


@dataclass(frozen=True, slots=True)
class YearFigure:
    """The figure of one school year; its last day is the day it speaks of."""

    year: str
    ends_on: date
    value: Decimal
    students: int


Figures = dict[int, list[YearFigure]]  # by KPI, the oldest year first


def may_read_figures(user: Reader, teacher: Teacher) -> bool:
    """Who sees the teacher's figures anyway, and who looks after a plan whose owner chose one as its measure."""
    capabilities = (Capability.KPIS_VIEW, Capability.PLANS_VIEW_DRAFTS)
    return any(reaches(user, each, teacher) for each in capabilities)


def figures_of(teacher: Teacher, *, kpi_ids: set[int] | None = None) -> Figures:
    """Every year of all students with enough of them behind it."""
    rows = apps.get_model("teachers", "KpiValue")._default_manager.filter(
        teacher=teacher.pk, term=Term.YEAR.value, student_group="all", value__isnull=False, n__isnull=False
    )
    rows = rows.filter(Q() if kpi_ids is None else Q(kpi__in=kpi_ids)).order_by("school_year__starts_on", "pk")
    fields = ("kpi", "school_year__label", "school_year__ends_on", "value", "n", "level")
    readings: dict[tuple[int, str, date], list[Reading]] = defaultdict(list)
    for kpi, year, ends_on, value, students, level in rows.values_list(*fields):
        readings[kpi, year, ends_on].append(Reading(value, students, level == KpiLevel.TEACHER))
    found: Figures = defaultdict(list)
    for (kpi, year, ends_on), of_year in readings.items():
        if (figure := combined(of_year)) is not None:
            found[kpi].append(YearFigure(year, ends_on, *figure))
    return dict(found)
