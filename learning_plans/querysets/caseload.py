"""What a coach needs to know of each teacher, as annotations on a set of teachers."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    DateField,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, TruncDate

from learning_plans.rules.coaching import CONTACT_EVERY
from pd_tracker.access import Reader

if TYPE_CHECKING:
    from teachers.models import SchoolYear
    from teachers.querysets.people import TeacherQuerySet


def with_plan_status(teachers: TeacherQuerySet, *, year: SchoolYear | None, on: date) -> TeacherQuerySet:
    """Adds plan_state, goal_count, done_count, due_soon_count, overdue_count and minutes_this_year."""
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
    )


def with_contact(teachers: TeacherQuerySet, *, year: SchoolYear | None, coach: Reader, on: date) -> TeacherQuerySet:
    """Adds last_contact_on, next_step, next_step_on and is_due, as they stand between this coach and each teacher.

    What was agreed counts until the next visit. Where no visit is logged, contact is the coach's last work on the plan.
    """
    visits = _model("Visit").logged_by(coach).filter(teacher=OuterRef("pk")).order_by("-visited_on", "-pk")
    planned = _model("PlanItem").filter(plan__teacher=OuterRef("pk"), plan__school_year=year, assigned_by=coach.pk)
    days = planned.order_by().values("plan__teacher").annotate(last=Max("assigned_at")).annotate(day=TruncDate("last"))
    late = Q(last_contact_on=None) | Q(last_contact_on__lte=on - CONTACT_EVERY) | Q(next_step_on__lte=on)
    return teachers.annotate(
        last_contact_on=Coalesce(
            Subquery(visits.values("visited_on")[:1]), Subquery(days.values("day")), output_field=DateField()
        ),
        next_step=Subquery(visits.values("next_step")[:1], output_field=CharField()),
        next_step_on=Subquery(visits.values("next_step_on")[:1], output_field=DateField()),
    ).annotate(is_due=Case(When(late, then=Value(True)), default=Value(False), output_field=BooleanField()))


def _count(rows: QuerySet) -> Coalesce:  # type: ignore[type-arg]
    counted = rows.order_by().annotate(_teacher=F("plan__teacher")).values("_teacher").annotate(count=Count("pk"))
    return Coalesce(Subquery(counted.values("count"), output_field=IntegerField()), 0)


def _model(name: str) -> Any:
    return apps.get_model("learning_plans", name)._default_manager.all()
