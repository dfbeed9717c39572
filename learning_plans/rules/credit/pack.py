"""A rule pack: the rules of one jurisdiction for one kind of license, as data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction

UNITS = ("hour", "point", "pdp", "semester_credit", "quarter_credit", "ceu", "scech", "plan")
ACTIVITIES = (
    "workshop", "course_series", "college_course", "independent_study", "presenting", "mentoring", "coaching",
    "growth_plan", "exam", "administrators_academy", "other",
)  # fmt: skip
CATEGORIES = (
    "language_acquisition", "disabilities", "reading", "sei_esl", "content", "pedagogy", "stem", "equity", "leadership",
)  # fmt: skip


class Sureness(StrEnum):
    HIGH = "H"  # read in the rule text or on the agency's page
    MEDIUM = "M"  # read on a district's, union's or vendor's page, or in part
    LOW = "L"  # sources disagree: the pack is unverified


class Cycle(StrEnum):
    VALIDITY = "validity"  # from the first to the last day of the license
    SCHOOL_YEAR = "school_year"  # 1 July to 30 June
    NONE = "none"  # no hours are asked for


class Per(StrEnum):
    PERIOD = "period"
    YEAR = "year"  # 1 July to 30 June
    DAY = "day"
    TOPIC = "topic"


@dataclass(frozen=True, slots=True)
class When:
    """All that is given must hold."""

    types: tuple[str, ...] = ()
    endorsements: tuple[str, ...] = ()  # any of them
    without_endorsements: tuple[str, ...] = ()  # none of them
    positions: tuple[str, ...] = ()  # held on the day that is asked for
    fact: str = ""
    fact_below: Fraction | None = None
    without_fact: str = ""
    window_from_since: date | None = None
    window_from_before: date | None = None
    window_until_since: date | None = None
    active_on: date | None = None


@dataclass(frozen=True, slots=True)
class Total:
    """What is owed in the period: a number, a fact of the person's contract, or hours for each week."""

    amount: Fraction | None = None
    fact: str = ""
    per_week: Fraction | None = None
    when: When = When()


@dataclass(frozen=True, slots=True)
class Increment:
    """For each endorsement beyond the first, more is owed, part of it in that endorsement's own content."""

    amount: Fraction
    minimum: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Choice:
    """Lines that a rule is about; what is not given is not asked."""

    categories: tuple[str, ...] = ()  # any of them
    activities: tuple[str, ...] = ()
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Minimum:
    key: str
    of: Choice
    amount: Fraction | None = None
    percent: Fraction | None = None  # of what is required, never of what was earned
    when: When = When()


@dataclass(frozen=True, slots=True)
class Maximum:
    key: str
    of: Choice
    amount: Fraction | None = None
    percent: Fraction | None = None
    per: Per = Per.PERIOD
    when: When = When()


@dataclass(frozen=True, slots=True)
class Conversion:
    """What one of a unit is worth, or, flat, what one line is worth however long it took."""

    unit: str
    gives: Fraction
    of: Choice = Choice()
    is_flat: bool = False
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Multiplier:
    of: Choice
    times: Fraction


@dataclass(frozen=True, slots=True)
class Carry:
    """What is above the requirement and goes into the next period."""

    most: Fraction | None = None
    last_years: int = 0  # earned in so many last years of the period
    since_month_day: tuple[int, int] | None = None  # or from this day on in its last year
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Exemption:
    key: str
    when: When


@dataclass(frozen=True, slots=True)
class Substitution:
    """Something else takes the place of all of it, of some, or changes what is owed."""

    key: str
    when: When
    is_all: bool = False
    required: Fraction | None = None
    adds: tuple[tuple[str, Fraction], ...] = ()  # category → amount


@dataclass(frozen=True, slots=True)
class Extension:
    key: str
    years: int
    when: When


@dataclass(frozen=True, slots=True)
class Yearly:
    """One of an activity in every year from 1 July to 30 June that was served with enough FTE."""

    activity: str
    fte_at_least: Fraction


@dataclass(frozen=True, slots=True)
class Check:
    """A day that has to lie within so many days after the period begins."""

    fact: str
    within_days: int


@dataclass(frozen=True, slots=True)
class Pack:
    id: str
    title: str
    jurisdiction: str
    unit: str
    sureness: Sureness
    sources: tuple[str, ...]
    owner: str = ""
    notes: tuple[str, ...] = ()
    cycle: Cycle = Cycle.VALIDITY
    years: int = 5
    renew_from_months: int = 0
    totals: tuple[Total, ...] = ()  # the first that fits
    each_more_endorsement: Increment | None = None
    minimums: tuple[Minimum, ...] = ()
    maximums: tuple[Maximum, ...] = ()
    topic_at_least: Fraction = Fraction(0)
    conversions: tuple[Conversion, ...] = ()  # the first that fits
    multipliers: tuple[Multiplier, ...] = ()
    counts_only: Choice = Choice()
    serves_two_minimums: bool = False
    plan_first: bool = False
    carry: Carry | None = None
    prorated_by: tuple[str, ...] = ()  # fte, presence
    exemptions: tuple[Exemption, ...] = ()
    substitutions: tuple[Substitution, ...] = ()
    extensions: tuple[Extension, ...] = ()
    yearly: Yearly | None = None
    checks: tuple[Check, ...] = ()
    also_categories: tuple[str, ...] = ()
    also_facts: tuple[str, ...] = field(default=())

    @property
    def is_verified(self) -> bool:
        return self.sureness is not Sureness.LOW

    @property
    def categories(self) -> tuple[str, ...]:
        """All that lines may carry without being strange to this pack."""
        return tuple(dict.fromkeys((*CATEGORIES, *self.own_categories)))

    @property
    def own_categories(self) -> tuple[str, ...]:
        """Those it asks about; where there is none, no category changes a decision."""
        named = (name for choice in self._choices() for name in choice.categories)
        added = (name for each in self.substitutions for name, _amount in each.adds)
        return (*named, *added, *self.also_categories)

    @property
    def units(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((self.unit, *(each.unit for each in self.conversions))))

    @property
    def facts(self) -> tuple[str, ...]:
        """Names of facts that change a decision of this pack."""
        whens = [each.when for each in self.exemptions] + [each.when for each in self.substitutions]
        whens += [each.when for each in self.extensions] + [each.when for each in self.totals]
        whens += [each.when for each in self.minimums] + [each.when for each in self.maximums]
        named = [name for when in whens for name in (when.fact, when.without_fact)]
        named += [each.fact for each in self.totals] + [each.fact for each in self.checks]
        if self.plan_first:
            named.append("plan_approved_on")
        return tuple(dict.fromkeys(name for name in (*named, *self.also_facts, "extended_until") if name))

    def _choices(self) -> Iterator[Choice]:
        yield from (each.of for each in self.minimums)
        yield from (each.of for each in self.maximums)
        yield from (each.of for each in self.conversions)
        yield from (each.of for each in self.multipliers)
        yield self.counts_only
