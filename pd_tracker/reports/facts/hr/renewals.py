"""Licenses in use that have ended or end within a year, of people who are employed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from learning_plans.rules.credit.renewals import Bucket, bucket_of
from pd_tracker.reports.facts.hr.roster import License, Person, Roster, licenses_in_use
from pd_tracker.reports.facts.hr.scope import Scope

BUCKET_NAMES = {
    Bucket.OVERDUE: _("Overdue"),
    Bucket.DAYS_90: _("0–90 days"),
    Bucket.DAYS_180: _("91–180 days"),
    Bucket.DAYS_365: _("181–365 days"),
}


class Renewal(NamedTuple):
    person: Person
    license: License
    bucket: Bucket
    days_left: int


def renewals(scope: Scope, roster: Roster) -> list[Renewal]:
    """What ended longest ago comes first."""
    return sorted(_due(scope, roster), key=lambda row: (row.days_left, row.person.name, row.person.key))


def _due(scope: Scope, roster: Roster) -> Iterable[Renewal]:
    for key, license in licenses_in_use(scope):
        person, last_day = roster.by_key.get(key), license.last_day
        found = bucket_of(last_day, on=roster.on)
        if person is not None and last_day is not None and found is not None and roster.is_here(key):
            yield Renewal(person, license, found, (last_day - roster.on).days)
