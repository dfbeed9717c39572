"""Licenses in use that have ended or end within a year, of people who are employed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, Max
from django.utils.translation import gettext_lazy as _

from learning_plans.models import RenewalNotice
from learning_plans.rules.credit.renewals import Bucket, bucket_of
from pd_tracker.reports.facts.hr.roster import License, Person, Roster, licenses_in_use
from pd_tracker.reports.facts.hr.scope import Scope, midnight

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


class Sent(NamedTuple):
    """Notices about one license: how often, and when the last one went."""

    times: int
    last_at: datetime


def notices(scope: Scope) -> dict[int, Sent]:
    """By license, what was sent by the end of the day described."""
    ends = midnight(scope.on + timedelta(days=1))
    sent = RenewalNotice.objects.visible_to(scope.user).filter(mailing__sent_at__lt=ends)
    counted = sent.order_by().values("licence").annotate(times=Count("pk"), last_at=Max("mailing__sent_at"))
    return {licence: Sent(*rest) for licence, *rest in counted.values_list("licence", "times", "last_at").iterator()}


def _due(scope: Scope, roster: Roster) -> Iterable[Renewal]:
    for key, license in licenses_in_use(scope):
        person, last_day = roster.by_key.get(key), license.last_day
        found = bucket_of(last_day, on=roster.on)
        if person is not None and last_day is not None and found is not None and roster.is_here(key):
            yield Renewal(person, license, found, (last_day - roster.on).days)
