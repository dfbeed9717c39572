"""The sheet By teacher: one row per person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property, reduce
from operator import add
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from learning_plans.rules.progress import Progress
from pd_tracker.reports.facts.hr.contract import ContractOf
from pd_tracker.reports.facts.hr.learning import PLAN_NAMES, Learning, PlanFacts
from pd_tracker.reports.facts.hr.required import Required
from pd_tracker.reports.facts.hr.roster import POSITION_NAMES, STATUS_NAMES, License, Person, Roster
from pd_tracker.reports.facts.hr.standings import STATUS_NAMES as STANDING_NAMES
from pd_tracker.reports.facts.hr.standings import UNIT_NAMES as CREDIT_UNITS
from pd_tracker.reports.facts.hr.standings import Standing
from pd_tracker.sheets.table import Column, Kind, Table

MOST_CATEGORIES = 20
NO_LEARNING, NO_PLAN, NOTHING_REQUIRED = Learning(), PlanFacts(), Required()
NO_COST = Decimal(0)

PERSON = (
    Column("staff_id", _("Staff id"), Kind.ID),
    Column("other_ids", _("Ids in other systems"), Kind.ID),
    Column("family_name", _("Last name")),
    Column("given_name", _("First name")),
    Column("email", _("Email")),
    Column("site_code", _("Primary site code"), Kind.ID),
    Column("site", _("Primary site")),
    Column("position", _("Position")),
    Column("subject", _("Subject")),
    Column("grades", _("Grades"), Kind.ID),
    Column("fte", _("FTE"), Kind.DECIMAL, decimals=2),
    Column("hired_on", _("Hire date"), Kind.DATE),
    Column("exit_on", _("Exit date"), Kind.DATE),
    Column("status", _("Employment status")),
    Column("license_state", _("License of")),
    Column("license_type", _("License type")),
    Column("license_number", _("License number"), Kind.ID),
    Column("license_issued", _("License issued on"), Kind.DATE),
    Column("license_from", _("License valid from"), Kind.DATE),
    Column("license_until", _("License valid until"), Kind.DATE),
    Column("license_days_left", _("Days left on the license"), Kind.INTEGER),
    Column("endorsements", _("Endorsements")),
    Column("license_rules", _("Renewal rules")),
    Column("cycle_start", _("Renewal period from"), Kind.DATE),
    Column("cycle_end", _("Renewal period until"), Kind.DATE),
    Column("credit_unit", _("Credit is counted in")),
    Column("credit_required", _("Credit required"), Kind.DECIMAL, decimals=2),
    Column("credit_counted", _("Credit counted"), Kind.DECIMAL, decimals=2),
    Column("credit_pending", _("Credit pending"), Kind.DECIMAL, decimals=2),
    Column("credit_uncounted", _("Credit not counted"), Kind.DECIMAL, decimals=2),
    Column("credit_short", _("Credit short by category")),
    Column("carried_in", _("Credit carried in"), Kind.DECIMAL, decimals=2),
    Column("carried_out", _("Credit to carry out"), Kind.DECIMAL, decimals=2),
    Column("credit_share", _("Credit counted, percent"), Kind.PERCENT, decimals=1),
    Column("credit_pace", _("Credit counted / expected by this day"), Kind.PERCENT, decimals=1),
    Column("credit_status", _("Standing of the license")),
)
HOURS = Column("hours", _("Hours this school year"), Kind.HOURS, decimals=2)
AFTER_CATEGORIES = (
    Column("pending", _("Hours waiting for approval"), Kind.HOURS, decimals=2),
    Column("last_on", _("Last PD date this school year"), Kind.DATE),
    Column("cost", _("Cost of completed training ($)"), Kind.MONEY, decimals=2),
    Column("contract_owed", _("Contract hours owed"), Kind.HOURS, decimals=2),
    Column("contract_done", _("Contract hours done"), Kind.HOURS, decimals=2),
    Column("required_owed", _("Required trainings owed"), Kind.INTEGER),
    Column("required_overdue", _("Required trainings overdue"), Kind.INTEGER),
    Column("plan", _("Plan")),
    Column("goals", _("Plan goals"), Kind.INTEGER),
    Column("goals_open", _("Plan goals open"), Kind.INTEGER),
    Column("goals_met", _("Plan goals met"), Kind.INTEGER),
    Column("done", _("Plan items done"), Kind.INTEGER),
    Column("due_soon", _("Plan items due soon"), Kind.INTEGER),
    Column("overdue", _("Plan items overdue"), Kind.INTEGER),
    Column("coach", _("Coach")),
)


@dataclass(frozen=True)
class People:
    """Everything the sheet says about the listed people, by the person's key."""

    roster: Roster
    learning: dict[int, Learning]
    plans: dict[int, PlanFacts]
    licenses: dict[int, License]
    coaches: dict[int, str]
    required: dict[int, Required]
    costs: Mapping[int, Decimal]
    other_ids: dict[int, str]
    standings: dict[int, Standing]
    contracts: dict[int, ContractOf]

    def learned(self, key: int) -> Learning:
        return self.learning.get(key, NO_LEARNING)

    def plan(self, key: int) -> PlanFacts:
        return self.plans.get(key, NO_PLAN)

    def asked(self, key: int) -> Required:
        return self.required.get(key, NOTHING_REQUIRED)

    def standing(self, key: int) -> Standing | None:
        license = self.licenses.get(key)
        return self.standings.get(license.key) if license else None

    @property
    def keys(self) -> Iterator[int]:
        return (person.key for person in self.roster.people)

    @cached_property
    def learned_together(self) -> Learning:
        whole = Learning()
        for learned in map(self.learned, self.keys):
            whole.pending += learned.pending
            for category, minutes in learned.by_category.items():
                whole.add(category, minutes)
        return whole

    @property
    def minutes(self) -> int:
        return self.learned_together.minutes


def table(people: People) -> Table:
    categories = Categories.found_in(people)
    return Table(
        key="by_teacher",
        title=_("By teacher"),
        columns=(*PERSON, HOURS, *categories.columns, *AFTER_CATEGORIES),
        rows=(row(people, person, categories) for person in people.roster.people),
        totals=totals(people, categories) if people.roster.people else None,
        note=""
        if people.roster.people
        else _("Nobody matches: no employment and no learning of this year is on record."),
    )


@dataclass(frozen=True)
class Categories:
    """The categories that get a column of their own, most hours first kept, in the order of their names."""

    names: tuple[str, ...]
    has_others: bool

    @classmethod
    def found_in(cls, people: People) -> Categories:
        minutes = people.learned_together.by_category
        most = sorted(minutes, key=lambda name: (-minutes[name], name))[:MOST_CATEGORIES]
        return cls(tuple(sorted(most, key=lambda name: (not name, name.casefold()))), len(minutes) > len(most))

    @property
    def columns(self) -> list[Column]:
        labels = [name and format_lazy(_("Hours: {category}"), category=name) for name in self.names]
        labels = [label or _("Hours: no category") for label in labels]
        if self.has_others:
            labels.append(_("Hours: other categories"))
        return [
            Column(f"category_{number}", label, Kind.HOURS, decimals=2) for number, label in enumerate(labels, start=1)
        ]

    def split(self, learned: Learning) -> list[float]:
        """Hours in each column."""
        minutes = [learned.by_category.get(name, 0) for name in self.names]
        others = [learned.minutes - sum(minutes)] if self.has_others else []
        return [spent / 60 for spent in (*minutes, *others)]


def row(people: People, person: Person, categories: Categories) -> Sequence[Any]:
    key, roster, learned = person.key, people.roster, people.learned(person.key)
    post, spell, plan = roster.posts.get(key), roster.spells.get(key), people.plan(key)
    required = people.asked(key)
    return (
        person.staff_id,
        people.other_ids.get(key),
        person.family_name,
        person.given_name,
        person.email,
        *((post.school_code, post.school_name) if post else (None, None)),
        POSITION_NAMES[spell.position] if spell else None,
        *((post.subject, post.grades) if post else (None, None)),
        *((spell.fte, spell.started_on, spell.ended_on) if spell else (None, None, None)),
        STATUS_NAMES[roster.status(key)],
        *of_license(people.licenses.get(key), roster.on),
        *of_standing(people, key),
        learned.minutes / 60,
        *categories.split(learned),
        learned.pending / 60,
        learned.last_on,
        people.costs.get(key, NO_COST),
        *people.contracts.get(key, (None, None)),
        required.owed,
        required.overdue,
        PLAN_NAMES[plan.state] if plan.state else None,
        plan.goals,
        plan.goals - plan.met,
        plan.met,
        *counts(plan.items),
        people.coaches.get(key),
    )


def of_license(license: License | None, on: date) -> Sequence[Any]:
    if license is None:
        return (None,) * 8
    named, last_day = (license.jurisdiction, license.kind, license.number), license.last_day
    left = None if last_day is None else (last_day - on).days
    return (*named, license.issued_on, license.valid_from, last_day, left, license.endorsements)


def of_standing(people: People, key: int) -> Sequence[Any]:
    license = people.licenses.get(key)
    standing = people.standing(key)
    if standing is None:
        return (license.rules if license else None, *(None,) * 13)
    return (
        standing.rule_pack,
        standing.begins_on,
        standing.ends_on,
        CREDIT_UNITS.get(standing.unit, standing.unit),
        standing.required,
        standing.counted,
        standing.pending,
        standing.uncounted,
        standing.short_in_words,
        standing.carried_in,
        standing.carried_out,
        standing.share,
        standing.pace(people.roster.on),
        STANDING_NAMES[standing.status],
    )


def counts(items: Counter[Progress]) -> tuple[int, int, int]:
    return items[Progress.DONE], items[Progress.DUE_SOON], items[Progress.OVERDUE]


def totals(people: People, categories: Categories) -> Sequence[Any]:
    """Sums of hours and items, so that nobody has to trust a formula."""
    whole, items, goals, met = people.learned_together, Counter[Progress](), 0, 0
    for plan in map(people.plan, people.keys):
        items.update(plan.items)
        goals += plan.goals
        met += plan.met
    required = reduce(add, map(people.asked, people.keys), Required())
    cost = sum((people.costs.get(key, NO_COST) for key in people.keys), NO_COST)
    hours = (whole.minutes / 60, *categories.split(whole), whole.pending / 60)
    contract = map(sum, zip(*people.contracts.values(), strict=True)) if people.contracts else (None, None)
    rest = (None, cost, *contract, required.owed, required.overdue, None, goals, goals - met, met, *counts(items), None)
    return (_("Total"), *(None,) * (len(PERSON) - 1), *hours, *rest)
