"""The sheet By school: one row per school, and one for people without."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from operator import add
from statistics import median
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from learning_plans.rules.credit.renewals import Bucket
from learning_plans.rules.progress import Progress
from pd_tracker.reports.facts.hr.places import LEVEL_NAMES, Census, Places, School
from pd_tracker.reports.facts.hr.renewals import Renewal
from pd_tracker.reports.facts.hr.required import Required
from pd_tracker.reports.facts.hr.scope import YearSpan
from pd_tracker.reports.hr_summary.by_teacher import NO_COST, NOTHING_REQUIRED, People
from pd_tracker.reports.snapshots import RETAINED_IN_DISTRICT, Status
from pd_tracker.sheets.table import Column, Kind, Table
from teachers.rules.periods import Year

COLUMNS = (
    Column("site_code", _("Site code"), Kind.ID),
    Column("site", _("School")),
    Column("level", _("Level")),
    Column("title_i", _("Title I"), Kind.YES_NO),
    Column("people", _("People listed"), Kind.INTEGER),
    Column("people_hours", _("Hours of people listed"), Kind.HOURS, decimals=2),
    Column("overdue", _("Overdue plan items"), Kind.INTEGER),
    Column("required", _("Required trainings done"), Kind.PERCENT, decimals=1),
    Column("renewals", _("Licenses that end within 12 months"), Kind.INTEGER),
    Column("renewals_overdue", _("Licenses overdue"), Kind.INTEGER),
    Column("behind", _("Licenses behind on credit"), Kind.INTEGER),
    Column("cost", _("Cost of people listed ($)"), Kind.MONEY, decimals=2),
    Column("cost_per_fte", _("Cost per FTE of people listed ($)"), Kind.MONEY, decimals=2),
    Column("teachers", _("Teachers (head count)"), Kind.INTEGER),
    Column("fte", _("FTE of teachers"), Kind.DECIMAL, decimals=2),
    Column("participants", _("Participants"), Kind.INTEGER),
    Column("participation_rate", _("Participation rate"), Kind.PERCENT, decimals=1),
    Column("hours", _("Hours of teachers"), Kind.HOURS, decimals=2),
    Column("hours_per_fte", _("Hours per FTE"), Kind.HOURS, decimals=2),
    Column("median_hours", _("Median hours"), Kind.HOURS, decimals=2),
)


@dataclass(slots=True)
class Listed:
    """The people of the sheet By teacher whose primary site this is."""

    people: int = 0
    minutes: int = 0
    overdue: int = 0
    required: Required = NOTHING_REQUIRED
    due: int = 0
    late: int = 0
    behind: int = 0
    cost: Decimal = Decimal(0)
    fte: Decimal = Decimal(0)

    def __add__(self, other: Listed) -> Listed:
        return Listed(
            self.people + other.people,
            self.minutes + other.minutes,
            self.overdue + other.overdue,
            self.required + other.required,
            self.due + other.due,
            self.late + other.late,
            self.behind + other.behind,
            self.cost + other.cost,
            self.fte + other.fte,
        )


@dataclass(frozen=True)
class Schools:
    places: Places
    listed: dict[int | None, Listed]
    year: YearSpan

    @property
    def shown(self) -> list[School]:
        """Schools open in the year, and any other that somebody is counted at."""
        counted = self.listed.keys() | self.places.census.keys()
        return [school for school in self.places.schools if school.key in counted or school.was_open(self.year)]

    @property
    def minutes(self) -> int:
        return sum(listed.minutes for listed in self.listed.values())


def schools(places: Places, people: People, year: YearSpan, renewals: Sequence[Renewal]) -> Schools:
    listed: dict[int | None, Listed] = defaultdict(Listed)
    known = {school.key for school in places.schools}

    def here(key: int) -> Listed:
        site = people.roster.school_of(key)
        return listed[site if site in known else None]

    for key in people.keys:
        spell = people.roster.spells.get(key)
        at = here(key)
        at.people += 1
        at.minutes += people.learned(key).minutes
        at.overdue += people.plan(key).items[Progress.OVERDUE]
        at.required += people.asked(key)
        standing = people.standing(key)
        at.behind += standing is not None and standing.is_late
        at.cost += people.costs.get(key, NO_COST)
        at.fte += spell.fte if spell else 0
    for renewal in renewals:
        at = here(renewal.person.key)
        at.late += renewal.bucket is Bucket.OVERDUE
        at.due += renewal.bucket is not Bucket.OVERDUE
    return Schools(places, dict(listed), year)


def table(schools: Schools) -> Table:
    rows = list(all_rows(schools))
    return Table(
        key="by_school",
        title=_("By school"),
        columns=(*COLUMNS, *staying_columns(schools.places.judged)),
        rows=rows,
        totals=total(schools) if rows else None,
        note="" if rows else _("No school is on record."),
    )


def staying_columns(judged: Year | None) -> list[Column]:
    """What became of the teachers of the newest year that can be judged; empty cells before there is one."""
    counts = {
        "base_teachers": _("Base teachers {when}"),
        "stayers": _("Stayers {when}"),
        "movers": _("Movers {when}"),
        "on_leave": _("On leave {when}"),
        "left_classroom": _("Left the classroom {when}"),
        "leavers": _("Leavers {when}"),
    }
    rates = {"stayer_rate": _("Stayed at the school {when}"), "retained_rate": _("Stayed in the district {when}")}
    when = f"({judged.label} → {Year(judged.start + 1).label})" if judged else _("(not known yet)")
    return [
        *(Column(key, format_lazy(label, when=when), Kind.INTEGER) for key, label in counts.items()),
        *(Column(key, format_lazy(label, when=when), Kind.PERCENT, decimals=1) for key, label in rates.items()),
    ]


def all_rows(schools: Schools) -> Iterator[Sequence[Any]]:
    places = schools.places
    for school in schools.shown:
        named = (school.code, school.name, LEVEL_NAMES.get(school.level), places.title_i.get(school.key))
        listed, census = schools.listed.get(school.key, Listed()), places.census.get(school.key, Census())
        yield (*named, *figures(listed, census, places))
    if None in schools.listed:
        yield (None, _("No school"), None, None, *figures(schools.listed[None], Census(), places))


def total(schools: Schools) -> Sequence[Any]:
    listed: Listed = reduce(add, schools.listed.values(), Listed())
    census: Census = reduce(add, schools.places.census.values(), Census())
    return (_("Total"), None, None, None, *figures(listed, census, schools.places))


def figures(listed: Listed, census: Census, places: Places) -> Iterable[Any]:
    """What was not observed stays empty: it is not nothing."""
    return (
        listed.people,
        listed.minutes / 60,
        listed.overdue,
        share(listed.required.done, listed.required.asked),
        listed.due,
        listed.late,
        listed.behind,
        listed.cost,
        listed.cost / listed.fte if listed.fte else None,
        *(snapshot(census) if places.is_counted else (None,) * 7),
        *(staying(census) if places.judged else (None,) * 8),
    )


def snapshot(census: Census) -> Iterable[Any]:
    minutes = sum(census.minutes)
    return (
        census.teachers,
        round(census.fte, 3),
        census.participants,
        share(census.participants, census.teachers),
        minutes / 60,
        share(minutes / 60, census.fte),
        median(census.minutes) / 60 if census.minutes else None,
    )


def staying(census: Census) -> Iterable[Any]:
    became, teachers = census.became, census.became.total()
    return (
        teachers,
        became[Status.STAYER],
        became[Status.MOVER_WITHIN] + became[Status.MOVER_OUT],
        became[Status.ON_LEAVE],
        became[Status.LEFT_CLASSROOM],
        became[Status.LEAVER],
        share(became[Status.STAYER], teachers),
        share(sum(became[status] for status in RETAINED_IN_DISTRICT), teachers),
    )


def share(part: float, whole: float) -> float | None:
    return part / whole if whole else None
