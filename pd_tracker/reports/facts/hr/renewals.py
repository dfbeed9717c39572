"""Licenses that have ended or end within a year, of people who are employed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from pd_tracker.reports.facts.hr.roster import License, Person, Roster, licenses_of
from pd_tracker.reports.facts.hr.scope import Scope


class Bucket(StrEnum):
    OVERDUE = "overdue"
    SOON = "0-90"
    LATER = "91-180"
    WITHIN_A_YEAR = "181-365"


BUCKET_NAMES = {
    Bucket.OVERDUE: _("Overdue"),
    Bucket.SOON: _("0–90 days"),
    Bucket.LATER: _("91–180 days"),
    Bucket.WITHIN_A_YEAR: _("181–365 days"),
}
UNTIL = ((-1, Bucket.OVERDUE), (90, Bucket.SOON), (180, Bucket.LATER), (365, Bucket.WITHIN_A_YEAR))


def bucket(last_day: date, *, on: date) -> Bucket | None:
    """The last day itself is not overdue; none for what ends more than a year later."""
    left = (last_day - on).days
    return next((bucket for days, bucket in UNTIL if left <= days), None)


class Renewal(NamedTuple):
    person: Person
    license: License
    bucket: Bucket
    days_left: int


def renewals(scope: Scope, roster: Roster) -> list[Renewal]:
    """What ended longest ago comes first. A license that a later one of its kind follows needs no renewal."""
    return sorted(_due(scope, roster), key=lambda row: (row.days_left, row.person.name, row.person.key))


def _due(scope: Scope, roster: Roster) -> Iterable[Renewal]:
    newest: dict[tuple[int, str, str], License] = {}
    for key, license in licenses_of(scope, begun=False):
        newest[key, license.jurisdiction, license.kind] = license
    for (key, *_kind), license in newest.items():
        person, last_day = roster.by_key.get(key), license.last_day
        if person is None or last_day is None or not roster.is_here(key):
            continue
        found = bucket(last_day, on=roster.on)
        if found is not None:
            yield Renewal(person, license, found, (last_day - roster.on).days)
