"""Schools of the HR summary: the teachers of the census day, what they learned, and who stayed."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, QuerySet, Sum

from learning_plans.rules.choices import CompletionState
from pd_tracker.reports.facts.hr.scope import Scope, YearSpan, schools_in_reach
from pd_tracker.reports.facts.person_years import PersonYears, person_years
from pd_tracker.reports.snapshots import Snapshots, Status
from teachers.models import SchoolYearProfile
from teachers.models.choices import SchoolLevelName
from teachers.rules.periods import Year, year_of

LEVEL_NAMES = dict(SchoolLevelName.choices)


class School(NamedTuple):
    key: int
    code: str
    name: str
    level: str
    opened_on: date | None
    closed_on: date | None

    def was_open(self, year: YearSpan) -> bool:
        begun = self.opened_on is None or self.opened_on <= year.ends_on
        return begun and (self.closed_on is None or self.closed_on >= year.starts_on)


@dataclass(slots=True)
class Census:
    """The teachers whose main school this was on the census day: one entry of `minutes` each."""

    fte: float = 0.0
    participants: int = 0
    minutes: list[int] = field(default_factory=list)
    became: Counter[Status] = field(default_factory=Counter)  # those of the judged year

    @property
    def teachers(self) -> int:
        return len(self.minutes)

    def __add__(self, other: Census) -> Census:
        return Census(
            fte=self.fte + other.fte,
            participants=self.participants + other.participants,
            minutes=self.minutes + other.minutes,
            became=self.became + other.became,
        )


@dataclass(frozen=True)
class Places:
    """`is_counted` says whether a roster covers the census day of the year, `judged` is the newest year, not after
    the asked one, whose next census is known; none before there is one.
    """

    schools: list[School]
    title_i: dict[int, bool | None]
    census: dict[int, Census]
    is_counted: bool
    judged: Year | None


def places(scope: Scope) -> Places:
    fields = ("pk", "school_id", "name", "level", "opened_on", "closed_on")
    schools = [School(*row) for row in _schools(scope).values_list(*fields)]
    keys = {school.key for school in schools}
    profiles = SchoolYearProfile.objects.visible_to(scope.user).filter(school_year__label=scope.year.label)
    asked = year_of(scope.year.census_on)
    years = person_years(scope.user, training_in=asked)
    known = years.rows.year[years.rows.observed].tolist()
    judged = max((Year(start) for start in set(known) if start <= asked.start), default=None)
    return Places(
        schools=schools,
        title_i=dict(profiles.values_list("school", "title_i")),
        census=_census(years.at_schools(keys), asked, judged, learned_by(scope) if scope.is_as_of else None),
        is_counted=asked.start in years.rows.year,
        judged=judged,
    )


def _schools(scope: Scope) -> QuerySet[Any]:
    schools = schools_in_reach(scope.user).order_by("name", "school_id", "pk")
    return schools.filter(pk=scope.school) if scope.school else schools


def learned_by(scope: Scope) -> dict[int, tuple[int, int]]:
    """Completions and minutes of everybody until the day asked for: the sums kept of whole years do not know them."""
    approved = scope.completions().filter(state=CompletionState.APPROVED.value).values_list("teacher")
    counted = approved.annotate(count=Count("pk"), spent=Sum("minutes"))
    return {teacher: (count, spent) for teacher, count, spent in counted.iterator()}


def _census(
    years: PersonYears, asked: Year, judged: Year | None, learned: dict[int, tuple[int, int]] | None
) -> dict[int, Census]:
    found: dict[int, Census] = defaultdict(Census)
    rows = years.rows.only(years.rows.year == asked.start)
    columns = ("school", "teacher", "fte", "completions", "minutes")
    for place, teacher, fte, completions, minutes in _columns(rows, *columns):
        known = (completions, minutes) if learned is None else learned.get(int(years.teacher_ids[teacher]), (0, 0))
        census = found[years.schools[place].pk]
        census.fte += fte
        census.participants += known[0] > 0
        census.minutes.append(known[1])
    if judged is not None:
        seen = years.rows.only((years.rows.year == judged.start) & years.rows.observed)
        for place, status in _columns(seen, "school", "status"):
            found[years.schools[place].pk].became[Status(status)] += 1
    return dict(found)


def _columns(rows: Snapshots, *names: str) -> Any:
    return zip(*(getattr(rows, name).tolist() for name in names), strict=True)
