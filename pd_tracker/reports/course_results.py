"""Compares all courses on every classroom KPI, and keeps those that stand out for whoever looks for a course."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from learning_plans.actions.recommending import keep_estimates
from learning_plans.rules.recommending import CourseResult
from pd_tracker.access import Reader
from pd_tracker.reports.courses_forest import compared
from pd_tracker.reports.facts.classrooms import KpiFact, kpis


def compare_courses(user: Reader, *, on: date) -> int:
    """Everything is worked out before anything is replaced; tells how many results stand out."""
    found = [made for kpi in kpis(user) if kpi.values for made in results_of(user, kpi, on=on)]
    keep_estimates(results=found, actor=user, on=on)
    return len(found)


def results_of(user: Reader, kpi: KpiFact, *, on: date) -> Iterator[CourseResult]:
    side_by_side = compared(user, on=on, parameters={"kpi": kpi.code})
    if side_by_side.missing:
        return
    for line in side_by_side.lines:
        value, low, high = line.shown
        if line.stands_out and value is not None and low is not None and high is not None:
            yield CourseResult(
                course=line.course.pk,
                kpi=kpi.code,
                unit=side_by_side.chosen.unit,
                is_better=(value > 0) == kpi.higher_is_better,
                value=value,
                low=low,
                high=high,
                teachers=line.outcome.teachers,
            )
