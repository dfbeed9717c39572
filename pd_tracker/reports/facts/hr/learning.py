"""Hours, plans, courses and credit of one school year, grouped by the database."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, Max, Q, Sum
from django.db.models.functions import TruncDate

from learning_plans.models import Course, Enrollment, Plan, PlanItem, Session
from learning_plans.models.choices import (
    ActivityTypeName,
    CompletionSourceName,
    CompletionStateName,
    EvidenceTierName,
    PlanStateName,
    UnitName,
)
from learning_plans.rules.choices import CompletionState, EnrollmentState, GoalState
from learning_plans.rules.progress import Progress, progress
from pd_tracker.reports.facts.hr.scope import Scope

APPROVED, PENDING = CompletionState.APPROVED.value, CompletionState.PENDING.value

ACTIVITY_NAMES = dict(ActivityTypeName.choices)
EVIDENCE_NAMES = dict(EvidenceTierName.choices)
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
    rows = scope.completions().filter(teacher__in=scope.listed(), state__in=(APPROVED, PENDING))
    grouped = rows.values("teacher", "category", "state").annotate(minutes=Sum("minutes"), last_on=Max("completed_on"))
    fields = ("teacher", "category", "state", "minutes", "last_on")
    for teacher, category, state, minutes, last_on in grouped.values_list(*fields).iterator():
        person = found[teacher]
        if state == PENDING:
            person.pending += minutes
        else:
            person.add(category, minutes)
            person.last_on = max(person.last_on or last_on, last_on)
    return dict(found)


@dataclass(slots=True)
class PlanFacts:
    state: str = ""
    goals: int = 0
    items: Counter[Progress] = field(default_factory=Counter)


def plans(scope: Scope) -> dict[int, PlanFacts]:
    """Each person's plan of the year; the items stand where the plan's own rule puts them on the day."""
    found: dict[int, PlanFacts] = defaultdict(PlanFacts)
    stored = Plan.objects.visible_to(scope.user).handed_in().filter(school_year__label=scope.year.label).order_by()
    counted = stored.annotate(count=Count("goals", filter=~Q(goals__state=GoalState.DROPPED.value)))
    for teacher, state, goals in counted.values_list("teacher", "state", "count").iterator():
        found[teacher].state, found[teacher].goals = state, goals
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


class CourseRow(NamedTuple):
    code: str
    title: str
    provider: str | None
    activity_type: str
    category: str
    evidence_tier: str
    minutes: int
    cost: Decimal | None


@dataclass(slots=True)
class CourseFacts:
    """What became of one course in the year; seats are counted by the state they ended in."""

    sessions: int = 0
    seats: Counter[str] = field(default_factory=Counter)
    completed: int = 0
    minutes: int = 0

    @property
    def registered(self) -> int:
        """Everybody who had a seat, whatever came of it."""
        return self.attended + self.no_show + self.seats[EnrollmentState.REGISTERED]

    @property
    def waitlisted(self) -> int:
        return self.seats[EnrollmentState.WAITLISTED]

    @property
    def attended(self) -> int:
        return self.seats[EnrollmentState.ATTENDED] + self.seats[EnrollmentState.COMPLETED]

    @property
    def no_show(self) -> int:
        return self.seats[EnrollmentState.NO_SHOW]


def courses(scope: Scope) -> list[tuple[CourseRow, CourseFacts]]:
    """Courses that were run, asked for or completed in the year, by title."""
    found: dict[int, CourseFacts] = defaultdict(CourseFacts)
    sessions = sessions_of(scope).values("course").annotate(count=Count("pk", distinct=True))
    for course, count in sessions.values_list("course", "count"):
        found[course].sessions = count
    seats = enrollments_of(scope).values("session__course", "state").annotate(count=Count("pk"))
    for course, state, count in seats.values_list("session__course", "state", "count"):
        found[course].seats[state] = count
    completions = scope.completions().filter(teacher__in=scope.listed(), state=APPROVED).values("course")
    totals = completions.annotate(count=Count("pk"), sum=Sum("minutes"))
    for course, count, minutes in totals.values_list("course", "count", "sum"):
        found[course].completed, found[course].minutes = count, minutes
    # What is named here was reached through rows the reader may see; the catalogue itself is no secret.
    fields = ("code", "title", "provider__name", "activity_type", "category", "evidence_tier", "minutes", "cost")
    rows = Course.objects.order_by("title", "code", "pk").values_list("pk", *fields)
    return [(CourseRow(*row[1:]), found[row[0]]) for row in rows if row[0] in found]


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
    return seats.filter(teacher__in=scope.listed()).order_by()


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
    rows = scope.completions().filter(teacher__in=scope.listed()).order_by("completed_on", "pk", "credit_lines__pk")
    fields = (
        "pk", "credit_lines__pk", "teacher__staff_id", "teacher__family_name", "teacher__given_name",
        "course__code", "course__title", "completed_on", "minutes", "category",
        "credit_lines__unit", "credit_lines__amount", "credit_lines__category",
        "state", "void_reason", "source", "fund", "external_key",
        "approved_by__name", TruncDate("approved_at"), "recorded_by__name", TruncDate("recorded_at"),
    )  # fmt: skip
    return map(CreditRow._make, rows.values_list(*fields).iterator())
