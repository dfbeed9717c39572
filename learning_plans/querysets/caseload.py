"""What a coach needs to know of each teacher, as annotations on a set of teachers."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Count, F, IntegerField, Max, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, TruncDate

if TYPE_CHECKING:
    from teachers.models import SchoolYear
    from teachers.querysets.people import TeacherQuerySet


def with_plan_status(
    teachers: TeacherQuerySet, *, year: SchoolYear | None, coach_id: int | None, on: date
) -> TeacherQuerySet:
    """Adds plan_state, goal_count, done_count, due_soon_count, overdue_count, minutes_this_year and last_contact_on."""
    plans = _model("Plan").filter(teacher=OuterRef("pk"), school_year=year)
    items = _model("PlanItem").filter(plan__teacher=OuterRef("pk"), plan__school_year=year)
    completions = _model("Completion").counted().filter(teacher=OuterRef("pk"))
    if year is not None:
        completions = completions.dated(year.starts_on, year.ends_on)
    return teachers.annotate(
        plan_state=Subquery(plans.values("state")[:1]),
        goal_count=_count(_model("Goal").filter(plan__teacher=OuterRef("pk"), plan__school_year=year)),
        done_count=_count(items.standing().with_facts().filter(is_done=True)),
        due_soon_count=_count(items.due_soon(on=on)),
        overdue_count=_count(items.overdue(on=on)),
        minutes_this_year=Coalesce(
            Subquery(completions.order_by().values("teacher").annotate(sum=Sum("minutes")).values("sum")), 0
        ),
        # Until visits are logged, contact is the last time the coach worked on the plan.
        last_contact_on=Subquery(
            items.filter(assigned_by=coach_id)
            .order_by()
            .values("plan__teacher")
            .annotate(last=Max("assigned_at"))
            .annotate(day=TruncDate("last"))
            .values("day")
        ),
    )


def _count(rows: QuerySet) -> Coalesce:  # type: ignore[type-arg]
    counted = rows.order_by().annotate(_teacher=F("plan__teacher")).values("_teacher").annotate(count=Count("pk"))
    return Coalesce(Subquery(counted.values("count"), output_field=IntegerField()), 0)


def _model(name: str) -> Any:
    return apps.get_model("learning_plans", name)._default_manager.all()
