"""Where a plan stands on a day, as plain values that a review can keep for ever."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from learning_plans.models import Completion, Goal, Plan, PlanItem, Visit
from learning_plans.querysets.measures import YearFigure, figures_of
from learning_plans.rules.progress import Progress

Figures = dict[str, Any]


def figures_on(plan: Plan, *, on: date) -> Figures:
    """Goals with their measures, items, hours and visits. What the words mean later does not change them."""
    goals = list(plan.goals.select_related("kpi"))
    kpi_ids = {goal.kpi_id for goal in goals if goal.kpi_id}
    measured = figures_of(plan.teacher, kpi_ids=kpi_ids) if kpi_ids else {}
    items = PlanItem.objects.standing().filter(plan=plan).with_facts()
    counted = Counter(item.progress(on=on) for item in items)
    year = plan.school_year
    hours = Completion.objects.counted().filter(teacher=plan.teacher_id).dated(year.starts_on, year.ends_on)
    visits = Visit.objects.filter(teacher=plan.teacher_id, visited_on__range=(year.starts_on, min(on, year.ends_on)))
    return {
        "day": on.isoformat(),
        "goals": [_goal(goal, measured.get(goal.kpi_id or 0, [])) for goal in goals],
        "done": counted[Progress.DONE],
        "open": counted[Progress.OPEN] + counted[Progress.DUE_SOON],
        "overdue": counted[Progress.OVERDUE],
        "minutes": sum(hours.values_list("minutes", flat=True)),
        "visits": visits.count(),
    }


def _goal(goal: Goal, years: list[YearFigure]) -> Figures:
    newest = years[-1] if years else None
    return {
        "id": goal.pk,
        "title": goal.title,
        "state": goal.state,
        "kpi": goal.kpi.name if goal.kpi else "",
        "unit": goal.kpi.unit if goal.kpi else "",
        "value": str(newest.value) if newest else None,
        "students": newest.students if newest else None,
        "year": newest.year if newest else "",
    }
