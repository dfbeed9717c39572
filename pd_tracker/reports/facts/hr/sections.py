"""Sections of courses in one school year: what was run, who came, what it made and cost."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, Q, Sum

from learning_plans.models import Course, CourseOpinion, Session
from learning_plans.models.choices import ActivityTypeName, EvidenceTierName, UnitName
from learning_plans.rules.choices import EnrollmentState
from learning_plans.rules.recommending import Opinions
from pd_tracker.reports.facts.hr.learning import APPROVED, enrollments_of, sessions_of
from pd_tracker.reports.facts.hr.scope import Scope

ACTIVITY_NAMES = dict(ActivityTypeName.choices)
EVIDENCE_NAMES = dict(EvidenceTierName.choices)
UNIT_NAMES = dict(UnitName.choices)

Key = tuple[int, int | None]  # a course, and its section where there is one


class CourseRow(NamedTuple):
    code: str
    title: str
    provider: str | None
    provider_number: str | None
    activity_type: str
    category: str
    focus_areas: str
    evidence_tier: str
    minutes: int
    cost: Decimal | None


class SectionRow(NamedTuple):
    section: str
    starts_at: datetime
    ends_at: datetime
    location: str
    capacity: int | None


@dataclass(slots=True)
class SectionFacts:
    """What became of one section in the year; seats are counted by the state they ended in."""

    seats: Counter[str] = field(default_factory=Counter)
    completed: int = 0
    minutes: int = 0
    funds: set[str] = field(default_factory=set)
    units: set[str] = field(default_factory=set)

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


class Section(NamedTuple):
    """A section of a course; without a row for what was completed outside of any."""

    course: CourseRow
    row: SectionRow | None
    facts: SectionFacts
    standards: str
    opinions: Opinions | None

    @property
    def cost(self) -> Decimal | None:
        """Of every seat that was taken, or of every completion where no seats were kept."""
        if self.course.cost is None:
            return None
        return self.course.cost * max(self.facts.registered, self.facts.completed)


def sections(scope: Scope) -> list[Section]:
    """Sections that begin in the year or brought completions in it, by the title of the course and their begin."""
    found = counted(scope)
    held = Q(pk__in=sessions_of(scope).values("pk")) | Q(pk__in=scope.completions().values("session"))
    runs = Session.objects.visible_to(scope.user).filter(held).order_by("starts_at", "section", "pk")
    fields = ("section", "starts_at", "ends_at", "location", "capacity")
    rows: dict[Key, SectionRow] = {
        (course, pk): SectionRow(*row) for course, pk, *row in runs.values_list("course", "pk", *fields)
    }
    of_course: dict[int, list[Key]] = defaultdict(list)
    for key in rows:
        of_course[key[0]].append(key)
    for key in found:
        if key not in rows:  # completed outside of any section, or in one of another district
            of_course[key[0]].append(key)
    standards, opinions = standards_of_courses(), CourseOpinion.objects.by_course()
    return [
        Section(course, rows.get(key), found.get(key, SectionFacts()), standards.get(pk, ""), opinions.get(pk))
        for pk, course in courses()
        for key in of_course.get(pk, ())
    ]


def counted(scope: Scope) -> dict[Key, SectionFacts]:
    found: dict[Key, SectionFacts] = defaultdict(SectionFacts)
    seats = enrollments_of(scope).values("session__course", "session", "state").annotate(count=Count("pk"))
    for course, session, state, count in seats.values_list("session__course", "session", "state", "count"):
        found[course, session].seats[state] = count
    approved = scope.learned().filter(state=APPROVED)
    totals = approved.values("course", "session", "fund").annotate(count=Count("pk"), sum=Sum("minutes"))
    for course, session, fund, count, minutes in totals.values_list("course", "session", "fund", "count", "sum"):
        facts = found[course, session]
        facts.completed += count
        facts.minutes += minutes
        facts.funds |= {fund} - {""}
    with_credit = approved.filter(credit_lines__isnull=False).values_list("course", "session", "credit_lines__unit")
    for course, session, unit in with_credit.distinct():
        found[course, session].units.add(unit)
    return dict(found)


def courses() -> Iterable[tuple[int, CourseRow]]:
    """What is named here was reached through rows the reader may see; the catalogue itself is no secret."""
    fields = (
        "code", "title", "provider__name", "provider__number", "activity_type", "category", "focus_areas",
        "evidence_tier", "minutes", "cost",
    )  # fmt: skip
    rows = Course.objects.order_by("title", "code", "pk").values_list("pk", *fields)
    return ((pk, CourseRow(*row)) for pk, *row in rows)


def standards_of_courses() -> dict[int, str]:
    codes: dict[int, list[Any]] = defaultdict(list)
    tagged = Course.objects.filter(competencies__isnull=False).order_by("competencies__place", "competencies__code")
    for course, code in tagged.values_list("pk", "competencies__code"):
        codes[course].append(code)
    return {course: "; ".join(several) for course, several in codes.items()}
