"""What is known of every course that could serve a need, read in a fixed number of questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from django.apps import apps
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from learning_plans.rules.choices import CompletionState, SeatPolicy
from learning_plans.rules.recommending import (
    ESSENTIAL,
    RELATED,
    CourseFacts,
    LocalResult,
    Opening,
    Opinions,
    Ranked,
    Travel,
    nearness,
    ranked,
)
from pd_tracker.access import Reader
from teachers.querysets.people import running

ESTIMATE = ("kpi__name", "unit", "is_better", "value", "low", "high", "teachers")
COURSE = ("title", "activity_type", "minutes", "category", "cost", "evidence_tier")


class Link(NamedTuple):
    """The strongest tie of a course to a need; ties compare by value first."""

    value: float
    is_exact: bool
    is_essential: bool


@dataclass(slots=True)
class Gathered:
    links: dict[int, Link]
    openings: dict[int, list[Opening]] = field(default_factory=dict)
    local: dict[int, LocalResult] = field(default_factory=dict)
    opinions: Mapping[int, Opinions] = field(default_factory=dict)


def recommended(user: Reader, need: Any, *, on: date, after: datetime) -> list[Ranked]:
    """Best first, by the weights of the teacher's district."""
    weights = _model("RecommendationWeights").in_force(district=need.teacher.district_id)
    found = candidates(user, competency=need.competency, teacher=need.teacher, on=on, after=after)
    return ranked(found, weights)


def candidates(user: Reader, *, competency: Any, teacher: Any = None, on: date, after: datetime) -> list[CourseFacts]:
    """Courses on offer that fit the competency; with a teacher, without those done this year or in the plan."""
    near = nearness(competency.pk, _parents(competency.framework_id))
    fitting = _fitting(user, near, on=on)
    if teacher is not None:
        year = _year(teacher, on)
        fitting = fitting.exclude(Exists(_done(user, teacher, year))).exclude(Exists(_planned(user, teacher, year)))
    found = Gathered(_links(fitting, near))
    found.openings = _openings(user, fitting, teacher, on=on, after=after)
    found.local = _local(user, fitting, competency)
    found.opinions = _model("CourseOpinion").filter(completion__course__in=fitting.values("pk")).by_course()
    return [_facts(found, *row) for row in fitting.values_list("pk", *COURSE)]


def _facts(found: Gathered, key: int, *columns: Any) -> CourseFacts:
    title, activity_type, minutes, category, cost, tier = columns
    link = found.links[key]
    return CourseFacts(
        key=key,
        title=title,
        fit=link.value,
        is_essential=link.is_essential,
        is_exact=link.is_exact,
        activity_type=activity_type,
        minutes=minutes,
        category=category,
        cost=cost,
        tier=tier,
        openings=tuple(found.openings.get(key, ())),
        local=found.local.get(key),
        opinions=found.opinions.get(key),
    )


def _parents(framework_id: int) -> dict[int, int | None]:
    return dict(_model("Competency").filter(framework=framework_id).order_by().values_list("pk", "parent_id"))


def _fitting(user: Reader, near: Mapping[int, float], *, on: date) -> QuerySet[Any]:
    ties = [Exists(through.filter(course=OuterRef("pk"), competency__in=near)) for through, _strength in _link_tables()]
    courses: QuerySet[Any] = _model("Course").visible_to(user).on_offer(on=on)
    return courses.filter(Q(ties[0]) | Q(ties[1])).order_by()


def _link_tables() -> tuple[tuple[QuerySet[Any], float], ...]:
    course = apps.get_model("learning_plans", "Course")
    names = (("competencies", ESSENTIAL), ("also_touches", RELATED))
    return tuple((getattr(course, name).through._default_manager.all(), strength) for name, strength in names)


def _links(fitting: QuerySet[Any], near: Mapping[int, float]) -> dict[int, Link]:
    found: dict[int, Link] = {}
    for through, strength in _link_tables():
        rows = through.filter(competency__in=near, course__in=fitting.values("pk"))
        for course, competency in rows.values_list("course_id", "competency_id"):
            link = Link(strength * near[competency], near[competency] == 1, strength == ESSENTIAL)
            found[course] = max(found.get(course, link), link)
    return found


def _done(user: Reader, teacher: Any, year: Any) -> QuerySet[Any]:
    """This year's completions, approved or still waiting for it."""
    completions: QuerySet[Any] = _model("Completion").visible_to(user)
    kept = completions.filter(teacher=teacher, course=OuterRef("pk")).exclude(state=CompletionState.VOIDED.value)
    return kept.filter(completed_on__gte=year.starts_on) if year is not None else kept


def _planned(user: Reader, teacher: Any, year: Any) -> QuerySet[Any]:
    items: QuerySet[Any] = _model("PlanItem").visible_to(user).standing()
    return items.filter(plan__teacher=teacher, course=OuterRef("pk"), plan__school_year=year)


def _year(teacher: Any, on: date) -> Any:
    years = apps.get_model("teachers", "SchoolYear")._default_manager
    return years.filter(district=teacher.district_id).holding(on).first()


def _openings(
    user: Reader, fitting: QuerySet[Any], teacher: Any, *, on: date, after: datetime
) -> dict[int, list[Opening]]:
    sessions = (
        _model("Session").visible_to(user).coming(after=after).with_seats().filter(course__in=fitting.values("pk"))
    )
    schools = _schools(teacher, on)
    columns = ("pk", "course_id", "starts_at", "location", "capacity", "taken", "seat_policy", "draw_on", "seat_draw")
    found: dict[int, list[Opening]] = {}
    for key, course, starts_at, location, capacity, taken, policy, draw_on, drawn in sessions.values_list(*columns):
        day = timezone.localdate(starts_at)
        awaits_draw = policy == SeatPolicy.LOTTERY.value and drawn is None
        if awaits_draw and draw_on <= on:
            continue  # applications have closed
        left = None if capacity is None else max(capacity - taken, 0)
        travel = _travel(location, schools)
        found.setdefault(course, []).append(Opening(key, day, (day - on).days, left, travel, awaits_draw))
    return found


def _schools(teacher: Any, on: date) -> list[str]:
    if teacher is None:
        return []
    return [name.casefold() for name in teacher.assignments.filter(running(on)).values_list("school__name", flat=True)]


def _travel(location: str, schools: list[str]) -> Travel:
    """Where a session is stands in words of its own: a link is online, a school's name is that school."""
    place = location.casefold()
    if "://" in place or "online" in place:
        return Travel.ONLINE
    return Travel.OWN_SCHOOL if any(name in place for name in schools) else Travel.ELSEWHERE


def _local(user: Reader, fitting: QuerySet[Any], competency: Any) -> dict[int, LocalResult]:
    """Of several results after a course, that of a KPI about the competency, else the one with the most teachers."""
    about = set(competency.kpi_links.values_list("kpi", flat=True))
    rows = _model("CourseEstimate").visible_to(user).filter(course__in=fitting.values("pk")).order_by("teachers", "-pk")
    known = sorted(rows.values_list("kpi_id", "course_id", *ESTIMATE), key=lambda row: row[0] in about)
    return {row[1]: LocalResult(*row[2:]) for row in known}


def _model(name: str) -> Any:
    return apps.get_model("learning_plans", name)._default_manager.all()
