"""Hours, plans and credit of one school year, grouped by the database."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, Max, Q, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from learning_plans.models import Completion, Enrollment, Plan, PlanItem, Session, TrainingDays, TrainingYear
from learning_plans.models.choices import (
    CompletionSourceName,
    CompletionStateName,
    PlanStateName,
    UnitName,
)
from learning_plans.rules.choices import CompletionState, GoalState
from learning_plans.rules.progress import Progress, progress
from pd_tracker.reports.facts.hr.scope import Scope
from teachers.rules.periods import year_of

KEPT = ("teacher", "category", "minutes", "last_on")
APPROVED, PENDING = CompletionState.APPROVED.value, CompletionState.PENDING.value

PLAN_NAMES = dict(PlanStateName.choices)
SOURCE_NAMES = dict(CompletionSourceName.choices)
STATE_NAMES = dict(CompletionStateName.choices)
UNIT_NAMES = dict(UnitName.choices)


@dataclass(slots=True)
class Learning:
    """A year of one person or of all: approved minutes, minutes that wait, and the last approved day."""

    by_category: dict[str, int] = field(default_factory=dict)
    minutes: int = 0
    pending: int = 0
    last_on: date | None = None

    def add(self, category: str, minutes: int) -> None:
        self.by_category[category] = self.by_category.get(category, 0) + minutes
        self.minutes += minutes


def learning(scope: Scope) -> dict[int, Learning]:
    found: dict[int, Learning] = defaultdict(Learning)
    for teacher, category, minutes, last_on in approved(scope):
        person = found[teacher]
        person.add(category, minutes)
        person.last_on = max(person.last_on or last_on, last_on)
    waiting = scope.learned().filter(state=PENDING).values_list("teacher")
    for teacher, minutes in waiting.annotate(spent=Sum("minutes")).iterator():
        found[teacher].pending = minutes
    return dict(found)


def approved(scope: Scope) -> Iterator[tuple[int, str, int, date]]:
    """Minutes of each person by category, and the last day: as they were kept, where they were kept for these days."""
    if scope.last_day == scope.year.ends_on:
        start = year_of(scope.year.census_on).start
        if TrainingDays.objects.all_run(start, scope.year.starts_on, scope.year.ends_on):
            kept = scope.of_listed(TrainingYear.objects.visible_to(scope.user).filter(year=start))
            found: Iterator[tuple[int, str, int, date]] = kept.values_list(*KEPT).iterator()
            return found
    rows = scope.learned().filter(state=APPROVED).values_list("teacher", "category")
    summed: Iterator[tuple[int, str, int, date]] = rows.annotate(Sum("minutes"), Max("completed_on")).iterator()
    return summed


@dataclass(slots=True)
class PlanFacts:
    state: str = ""
    goals: int = 0
    met: int = 0
    items: Counter[Progress] = field(default_factory=Counter)


def plans(scope: Scope) -> dict[int, PlanFacts]:
    """Each person's plan of the year; the items stand where the plan's own rule puts them on the day."""
    found: dict[int, PlanFacts] = defaultdict(PlanFacts)
    stored = Plan.objects.visible_to(scope.user).handed_in().filter(school_year__label=scope.year.label).order_by()
    counted = stored.annotate(
        count=Count("goals", filter=~Q(goals__state=GoalState.DROPPED.value)),
        met=Count("goals", filter=Q(goals__state=GoalState.MET.value)),
    )
    for teacher, state, goals, met in counted.values_list("teacher", "state", "count", "met").iterator():
        found[teacher].state, found[teacher].goals, found[teacher].met = state, goals, met
    items = (
        PlanItem.objects.visible_to(scope.user).handed_in().filter(plan__school_year__label=scope.year.label).order_by()
    )
    fields = ("due_on", "is_required", "is_done", "is_exempt", "plan__teacher")
    known: dict[tuple[Any, ...], Progress] = {}  # many items share their day
    for *facts, teacher in items.standing().with_facts().values_list(*fields).iterator():
        key = tuple(facts)
        if key not in known:
            due_on, is_required, is_done, is_exempt = key
            known[key] = progress(
                due_on=due_on, is_required=is_required, is_done=is_done, is_exempt=is_exempt, on=scope.on
            )
        found[teacher].items[known[key]] += 1
    return dict(found)


def sessions_of(scope: Scope) -> Any:
    """Runs of courses that begin in the year."""
    first, after = scope.moments
    runs = Session.objects.visible_to(scope.user).filter(starts_at__gte=first, starts_at__lt=after, is_canceled=False)
    return runs.order_by()


def enrollments_of(scope: Scope) -> Any:
    first, after = scope.moments
    seats = Enrollment.objects.visible_to(scope.user).filter(
        session__starts_at__gte=first, session__starts_at__lt=after, session__is_canceled=False
    )
    return scope.of_listed(seats).order_by()


class CreditRow(NamedTuple):
    """A line of credit with its completion; `line` is none where a completion brought no credit."""

    completion: int
    line: int | None
    staff_id: str
    family_name: str
    given_name: str
    course_code: str
    course: str
    completed_on: date
    minutes: int
    category: str
    unit: str | None
    amount: Decimal | None
    credit_category: str | None
    state: str
    void_reason: str
    source: str
    fund: str
    external_key: str
    approved_by: str | None
    approved_on: date | None
    entered_by: str | None
    recorded_on: date


def credit(scope: Scope) -> Iterator[CreditRow]:
    """Every line of credit of the year, in the order of its days; the lines of one completion follow one another."""
    rows = scope.learned().order_by("completed_on", "pk", "credit_lines__pk")
    fields = (
        "pk", "credit_lines__pk", "teacher__staff_id", "teacher__family_name", "teacher__given_name",
        "course__code", "course__title", "completed_on", "minutes", "category",
        "credit_lines__unit", "credit_lines__amount", "credit_lines__category",
        "state", "void_reason", "source", "fund", "external_key",
        "approved_by__name", TruncDate("approved_at"), "recorded_by__name", TruncDate("recorded_at"),
    )  # fmt: skip
    return map(CreditRow._make, rows.values_list(*fields).iterator())


def changed_on(scope: Scope) -> dict[int, date]:
    """The day of the last correction, approval or voiding of each completion that had one."""
    changes = Completion.history.filter(history_type="~", id__in=scope.completions().values("pk")).order_by()
    last = changes.values_list("id").annotate(last=Max("history_date"))
    return {key: timezone.localtime(moment).date() for key, moment in last.iterator()}
