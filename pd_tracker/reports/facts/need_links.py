"""Which figures speak about which competencies, and whose needs are worked out."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from learning_plans.models import KpiCompetency
from teachers.models import Kpi, Teacher


def competencies_of_kpis() -> dict[str, tuple[int, ...]]:
    """Competencies in use by the code of the KPI that speaks about them."""
    rows = KpiCompetency.objects.filter(competency__is_retired=False, competency__framework__is_retired=False)
    found: dict[str, tuple[int, ...]] = {}
    for code, competency in rows.order_by("kpi__code", "competency").values_list("kpi__code", "competency"):
        found[code] = (*found.get(code, ()), competency)
    return found


def names_of_kpis() -> dict[str, str]:
    return dict(Kpi.objects.values_list("code", "name"))


def everybody(*, on: date) -> Collection[int]:
    return Teacher.objects.employed(on=on).order_by("pk").values_list("pk", flat=True)
