"""A plan in its own words, as it is kept when it is closed."""

from __future__ import annotations

from datetime import date
from typing import Any

from learning_plans.models import Goal, Plan, PlanItem
from learning_plans.querysets.measures import figures_of

# What of a goal tells where the teacher's classes stood.
FIGURES = frozenset({"baseline", "baseline_on", "target", "latest", "latest_year"})


def closed_copy(plan: Plan, *, on: date) -> dict[str, Any]:
    goals = list(Goal.objects.filter(plan=plan).standing().select_related("competency", "kpi"))
    figures = figures_of(plan.teacher, kpi_ids={goal.kpi_id for goal in goals if goal.kpi_id})
    items = PlanItem.objects.filter(plan=plan).standing().with_facts().select_related("course", "assigned_by")
    return {
        "closed_on": on.isoformat(),
        "guidance": plan.guidance,
        "goals": [goal_in_words(goal) | latest(goal, figures) for goal in goals],
        "items": [item_in_words(item) for item in items],
    }


def goal_in_words(goal: Goal) -> dict[str, Any]:
    return {
        "id": goal.pk,
        "title": goal.title,
        "reason": goal.reason,
        "measure": goal.measure,
        "competency": str(goal.competency or ""),
        "state": goal.state,
        "kpi": goal.kpi.name if goal.kpi else "",
        "unit": goal.kpi.unit if goal.kpi else "",
        "baseline": _number(goal.baseline),
        "baseline_on": goal.baseline_on.isoformat() if goal.baseline_on else "",
        "target": _number(goal.target),
    }


def latest(goal: Goal, figures: Any) -> dict[str, Any]:
    newest = figures.get(goal.kpi_id, [None])[-1]
    return {"latest": _number(newest.value), "latest_year": newest.year} if newest else {"latest": None}


def item_in_words(item: PlanItem) -> dict[str, Any]:
    done_on = getattr(item, "completed_on", None) or item.task_done_on
    return {
        "id": item.pk,
        "goal": item.goal_id,
        "title": str(item),
        "course_code": item.course.code if item.course else "",
        "due_on": item.due_on.isoformat() if item.due_on else "",
        "is_required": item.is_required,
        "note": item.note,
        "from": item.assigned_by.name if item.assigned_by else "",
        "is_done": item.is_done,
        "done_on": done_on.isoformat() if done_on else "",
    }


def _number(value: Any) -> str | None:
    return None if value is None else f"{value.normalize():f}"
