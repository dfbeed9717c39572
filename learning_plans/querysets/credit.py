"""Row sets of renewal rules, of what is known about licenses, and of where they stand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Self

from django.db.models import Q, QuerySet

from learning_plans.querysets.catalogue import of_districts
from learning_plans.rules.credit.renewals import DUE_WITHIN, Bucket
from pd_tracker.access import Capability, Reader
from teachers.querysets.people import in_reach, teachers_for

if TYPE_CHECKING:
    from learning_plans.models import LicenceStanding  # noqa: F401


class OfDistrictQuerySet(QuerySet):  # type: ignore[type-arg]
    """What a district says about credit: read by all its staff, written by whoever looks after the rules."""

    district = "district"

    def visible_to(self, user: Reader) -> Self:
        return self.filter(of_districts(user, district=self.district))

    def editable_by(self, user: Reader) -> Self:
        reach = replace(user.reach(Capability.CREDIT_RULES_EDIT), school_ids=frozenset())  # rules hold for a district
        return self.filter(in_reach(reach, district=self.district, school="pk"))


class PackVersionQuerySet(OfDistrictQuerySet):
    district = "pack__district"


class OfLicenceQuerySet(QuerySet):  # type: ignore[type-arg]
    def visible_to(self, user: Reader) -> Self:
        return self.filter(licence__teacher__in=teachers_for(user, Capability.LICENCES_VIEW))

    def editable_by(self, user: Reader) -> Self:
        return self.filter(licence__teacher__in=teachers_for(user, Capability.LICENCES_EDIT))


class LicenceStandingQuerySet(OfLicenceQuerySet):
    def in_bucket(self, bucket: Bucket, *, on: date) -> Self:
        return self.filter(ends_within(bucket, on=on))


def ends_within(bucket: Bucket, *, on: date) -> Q:
    """Periods that are over while nothing newer has begun, or that end within so many days."""
    first, last = DUE_WITHIN[bucket]
    begins = Q() if first is None else Q(ends_on__gte=on + timedelta(days=first))
    return begins & Q(ends_on__lte=on + timedelta(days=last))
