"""Who works where on the day the HR summary describes, with licenses and coaches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from pd_tracker.reports.facts.hr.scope import POSITIONS, Scope
from teachers.models import ExternalId, Leave, Licence, Pairing
from teachers.querysets.people import running
from teachers.rules.choices import PairingKind, Position

POSITION_NAMES = dict(POSITIONS)


class Status(StrEnum):
    """Where somebody stands on a day."""

    EMPLOYED = "employed"
    ON_LEAVE = "on_leave"
    LEFT = "left"
    LATER = "later"
    UNKNOWN = "unknown"


STATUS_NAMES = {
    Status.EMPLOYED: _("Employed"),
    Status.ON_LEAVE: _("On leave"),
    Status.LEFT: _("Left the district"),
    Status.LATER: _("Starts later"),
    Status.UNKNOWN: _("Not on the roster this year"),
}


class Person(NamedTuple):
    key: int
    staff_id: str
    family_name: str
    given_name: str
    email: str = ""

    @property
    def name(self) -> str:
        return f"{self.family_name}, {self.given_name}"


class Spell(NamedTuple):
    position: str
    fte: Decimal
    started_on: date
    ended_on: date | None


class Post(NamedTuple):
    school: int
    school_code: str
    school_name: str
    subject: str
    grades: str
    started_on: date
    ended_on: date | None


class License(NamedTuple):
    key: int
    jurisdiction: str
    kind: str
    number: str
    rules: str
    endorsements: str
    issued_on: date | None
    valid_from: date
    valid_until: date | None
    extended_until: date | None

    @property
    def last_day(self) -> date | None:
        """None never ends; an extension by law counts."""
        if self.valid_until is None or self.extended_until is None:
            return self.valid_until
        return max(self.valid_until, self.extended_until)


@dataclass(frozen=True)
class Roster:
    """The listed people and what describes each, by the person's key."""

    on: date
    people: list[Person]
    spells: dict[int, Spell]
    posts: dict[int, Post]
    on_leave: frozenset[int]

    @cached_property
    def by_key(self) -> dict[int, Person]:
        return {person.key: person for person in self.people}

    def status(self, key: int) -> Status:
        spell = self.spells.get(key)
        if spell is None:
            return Status.UNKNOWN
        if spell.started_on > self.on:
            return Status.LATER
        if spell.ended_on is not None and spell.ended_on < self.on:
            return Status.LEFT
        return Status.ON_LEAVE if key in self.on_leave else Status.EMPLOYED

    def is_here(self, key: int) -> bool:
        return self.status(key) in {Status.EMPLOYED, Status.ON_LEAVE}

    def teaches(self, key: int) -> bool:
        return self.is_here(key) and self.spells[key].position == Position.CLASSROOM_TEACHER

    def has_site(self, key: int) -> bool:
        post = self.posts.get(key)
        return post is not None and post.started_on <= self.on and (post.ended_on is None or post.ended_on >= self.on)

    def school_of(self, key: int) -> int | None:
        post = self.posts.get(key)
        return post.school if post else None


def roster(scope: Scope) -> Roster:
    people = scope.people().order_by("family_name", "given_name", "pk")
    fields = ("pk", "staff_id", "family_name", "given_name", "email")
    spells = scope.spells().values_list("teacher", "position", "fte", "started_on", "ended_on")
    school = ("school", "school__school_id", "school__name")
    posts = scope.posts().values_list("teacher", *school, "subject", "grades", "started_on", "ended_on")
    leaves = Leave.objects.visible_to(scope.user).filter(running(scope.on))
    return Roster(
        on=scope.on,
        people=[Person(*row) for row in people.values_list(*fields).iterator()],
        spells={row[0]: Spell(*row[1:]) for row in spells.iterator()},
        posts={row[0]: Post(*row[1:]) for row in posts.iterator()},
        on_leave=frozenset(leaves.values_list("teacher", flat=True)),
    )


def licenses(scope: Scope) -> dict[int, License]:
    """Of each person the license begun by the day that runs longest."""
    return dict(licenses_of(Licence.objects.visible_to(scope.user).filter(valid_from__lte=scope.on)))


def licenses_in_use(scope: Scope) -> Iterator[tuple[int, License]]:
    """All that were not renewed by the day."""
    return licenses_of(Licence.objects.visible_to(scope.user).in_use(on=scope.on))


def licenses_of(rows: QuerySet[Licence]) -> Iterator[tuple[int, License]]:
    """Each with its person's key, what runs longest last."""
    ordered = rows.order_by(F("valid_until").asc(nulls_last=True), "valid_from", "pk")
    names = ("pk", "jurisdiction", "licence_type", "number", "rule_pack", "endorsements", "issued_on")
    days = ("valid_from", "valid_until", "extended_until")
    return ((row[0], License(*row[1:])) for row in ordered.values_list("teacher", *names, *days).iterator())


def other_ids(scope: Scope) -> dict[int, str]:
    """What other systems, the state's among them, call each person."""
    found = ExternalId.objects.visible_to(scope.user).order_by("system", "id_type", "value")
    rows = found.values_list("teacher", "system", "id_type", "value").iterator()
    return joined(
        (key, f"{' '.join(part for part in (system, kind) if part)}: {value}") for key, system, kind, value in rows
    )


def coaches(scope: Scope) -> dict[int, str]:
    pairs = Pairing.objects.visible_to(scope.user).running(on=scope.on).filter(kind=PairingKind.COACH.value)
    return joined(pairs.order_by("coach__name", "pk").values_list("teacher", "coach__name"))


def joined(pairs: Iterable[tuple[int, str]]) -> dict[int, str]:
    names: dict[int, list[str]] = defaultdict(list)
    for key, name in pairs:
        names[key].append(name)
    return {key: "; ".join(dict.fromkeys(several)) for key, several in names.items()}
