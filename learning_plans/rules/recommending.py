"""How far a course answers a need: six parts from 0 to 1, and their weighted mean over the parts that are known.

    score = sum(weight of part x value of part) / sum(weight of part), over the parts with a value

What is not known neither helps nor harms. The parts:

* fit: 1 where the course is about the competency, 1/2 where it touches it too; halved for every step up to a wider
  competency or down to a narrower one. Courses without any fit are not asked about.
* evidence: strong 1, moderate 3/4, promising 1/2, rationale 1/4. Where classroom results of the district stand out
  after the course, one step up or down: only the direction counts, since units of results differ.
* availability: 1 for what begins any time, else from 1 (within two weeks) down to 0.4 (in four months); times 0.8 away
  from one's own school, 0.25 where all seats are taken, 0.1 without a session.
* cost: 1 when free, 1/2 at 100 dollars, 1/3 at 200.
* credit: 1 with minutes and a category, 1/2 with minutes alone, 0 without minutes.
* opinions: stars of colleagues from 1 to 5 as 0 to 1, pulled to the mean of all courses as if ten more had said that;
  from five answers on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from learning_plans.rules.choices import ActivityType, EvidenceTier

TIERS = {
    EvidenceTier.STRONG: 1.0,
    EvidenceTier.MODERATE: 0.75,
    EvidenceTier.PROMISING: 0.5,
    EvidenceTier.RATIONALE: 0.25,
}
TIER_STEP = 0.25
ESSENTIAL, RELATED, EACH_STEP = 1.0, 0.5, 0.5
SOON, LATE, LATE_VALUE = 14, 120, 0.4  # days until a session, and what the later day is worth
ELSEWHERE, FULL, NO_SESSION = 0.8, 0.25, 0.1
HALF_AT = Decimal(100)
FEWEST_OPINIONS, PRIOR_OPINIONS = 5, 10
ANY_TIME = frozenset({ActivityType.ONLINE, ActivityType.SELF_STUDY})
ARRANGED = frozenset({ActivityType.COACHING, ActivityType.MENTORING, ActivityType.OBSERVATION})
SPEAKS_FOR, SPEAKS_AGAINST = 0.6, 0.4


class PartName(StrEnum):
    FIT = "fit"
    EVIDENCE = "evidence"
    AVAILABILITY = "availability"
    COST = "cost"
    CREDIT = "credit"
    OPINIONS = "opinions"


class Travel(StrEnum):
    ONLINE = "online"
    OWN_SCHOOL = "own_school"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Opening:
    """A coming session somebody could sit in."""

    session: int
    starts_on: date
    days_until: int
    seats_left: int | None  # None where nobody counts seats
    travel: Travel
    is_by_lot: bool = False

    @property
    def is_full(self) -> bool:
        return self.seats_left is not None and self.seats_left <= 0

    @property
    def value(self) -> float:
        if self.is_full and not self.is_by_lot:
            return FULL
        late = min(max((self.days_until - SOON) / (LATE - SOON), 0.0), 1.0)
        return (1 - late * (1 - LATE_VALUE)) * (ELSEWHERE if self.travel is Travel.ELSEWHERE else 1.0)


@dataclass(frozen=True, slots=True)
class LocalResult:
    """Classroom results after the course that stand out in the district, in the unit of the KPI."""

    kpi: str
    unit: str
    is_better: bool
    value: float
    low: float
    high: float
    teachers: int


@dataclass(frozen=True, slots=True)
class CourseResult:
    """What a comparison of all courses found about one of them; `course` is its key, `kpi` a code."""

    course: int
    kpi: str
    unit: str
    is_better: bool
    value: float
    low: float
    high: float
    teachers: int


@dataclass(frozen=True, slots=True)
class Opinions:
    count: int
    mean: float
    overall: float  # of all courses

    @property
    def pulled(self) -> float:
        together = self.shown_count * self.shown_mean + PRIOR_OPINIONS * self.overall
        return together / (self.shown_count + PRIOR_OPINIONS)

    @property
    def shown_count(self) -> int:
        """In steps of five, so that nobody reads one colleague's answer off two looks."""
        return self.count - self.count % FEWEST_OPINIONS

    @property
    def shown_mean(self) -> float:
        return round(self.mean * 2) / 2


@dataclass(frozen=True, slots=True)
class CourseFacts:
    key: int
    title: str
    fit: float
    is_essential: bool = True
    is_exact: bool = True  # about the competency itself, not about a wider or narrower one
    activity_type: str = ActivityType.WORKSHOP.value
    minutes: int = 0
    category: str = ""
    cost: Decimal | None = None
    tier: str = EvidenceTier.UNKNOWN.value
    openings: tuple[Opening, ...] = ()
    local: LocalResult | None = None
    opinions: Opinions | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """`why` names the sentence, `facts` what stands in it; without a value the part is not known."""

    name: PartName
    value: float | None
    why: str
    facts: Mapping[str, Any]

    @property
    def speaks_for(self) -> bool:
        return self.value is not None and self.value >= SPEAKS_FOR

    @property
    def speaks_against(self) -> bool:
        return self.value is None or self.value < SPEAKS_AGAINST


@dataclass(frozen=True, slots=True)
class Ranked:
    course: CourseFacts
    parts: tuple[Part, ...]
    score: float


def nearness(wanted: int, parents: Mapping[int, int | None]) -> dict[int, float]:
    """The competency itself, wider ones above it and narrower ones below it, and how much each counts."""
    found, above, step = {wanted: 1.0}, parents.get(wanted), EACH_STEP
    while above is not None and above not in found:
        found[above] = step
        above, step = parents.get(above), step * EACH_STEP
    children: dict[int, list[int]] = {}
    for competency, parent in parents.items():
        if parent is not None:
            children.setdefault(parent, []).append(competency)
    level, step = children.get(wanted, []), EACH_STEP
    while level:
        fresh = [competency for competency in level if competency not in found]
        found |= dict.fromkeys(fresh, step)
        level, step = [child for each in fresh for child in children.get(each, ())], step * EACH_STEP
    return found


def ranked(courses: Iterable[CourseFacts], weights: Mapping[PartName, float]) -> list[Ranked]:
    """Best first; of equals, by title."""
    made = [Ranked(course, parts, score(parts, weights)) for course in courses for parts in [parts_of(course)]]
    return sorted(made, key=lambda one: (-round(one.score, 9), one.course.title, one.course.key))


def score(parts: Iterable[Part], weights: Mapping[PartName, float]) -> float:
    total = together = 0.0
    for part in parts:
        if part.value is not None:
            total += weights[part.name]
            together += weights[part.name] * part.value
    return together / total if total else 0.0


def parts_of(course: CourseFacts) -> tuple[Part, ...]:
    return (fit(course), evidence(course), availability(course), cost(course), credit(course), opinions(course))


def fit(course: CourseFacts) -> Part:
    why = ("about" if course.is_essential else "touches") + ("" if course.is_exact else "_near")
    return Part(PartName.FIT, course.fit, why, {})


def evidence(course: CourseFacts) -> Part:
    base, local = TIERS.get(EvidenceTier(course.tier)), course.local
    facts: dict[str, Any] = {"tier": course.tier}
    if local is None:
        return Part(PartName.EVIDENCE, base, "tier" if base is not None else "unknown", facts)
    start = TIERS[EvidenceTier.RATIONALE] if base is None else base
    value = min(max(start + (TIER_STEP if local.is_better else -TIER_STEP), 0.0), 1.0)
    facts |= {name: getattr(local, name) for name in ("kpi", "unit", "value", "low", "high", "teachers")}
    return Part(PartName.EVIDENCE, value, "local_better" if local.is_better else "local_worse", facts)


def availability(course: CourseFacts) -> Part:
    opening = best_opening(course.openings)
    if opening is None:
        if course.activity_type in ANY_TIME:
            return Part(PartName.AVAILABILITY, 1.0, "any_time", {})
        if course.activity_type in ARRANGED:
            return Part(PartName.AVAILABILITY, None, "arranged", {})
        return Part(PartName.AVAILABILITY, NO_SESSION, "no_session", {})
    why = "by_lot" if opening.is_by_lot else "full" if opening.is_full else "seats" if opening.seats_left else "open"
    facts = {"day": opening.starts_on, "seats": opening.seats_left, "travel": opening.travel}
    return Part(PartName.AVAILABILITY, opening.value, why, facts)


def best_opening(openings: Iterable[Opening]) -> Opening | None:
    return min(openings, key=lambda one: (-one.value, one.starts_on, one.session), default=None)


def cost(course: CourseFacts) -> Part:
    if course.cost is None:
        return Part(PartName.COST, None, "unknown", {})
    value = float(HALF_AT / (HALF_AT + course.cost))
    return Part(PartName.COST, value, "price" if course.cost else "free", {"cost": course.cost})


def credit(course: CourseFacts) -> Part:
    facts = {"minutes": course.minutes, "category": course.category}
    if not course.minutes:
        return Part(PartName.CREDIT, 0.0, "none", facts)
    return Part(PartName.CREDIT, 1.0 if course.category else 0.5, "hours_in" if course.category else "hours", facts)


def opinions(course: CourseFacts) -> Part:
    known = course.opinions
    if known is None or known.count < FEWEST_OPINIONS:
        return Part(PartName.OPINIONS, None, "few", {"least": FEWEST_OPINIONS})
    facts = {"mean": known.shown_mean, "count": known.shown_count}
    return Part(PartName.OPINIONS, (known.pulled - 1) / 4, "mean", facts)
