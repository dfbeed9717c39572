"""Row sets of renewal rules, of what is known about licenses, and of where they stand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db.models import Case, Q, QuerySet, Value, When
from django.db.models.functions import Concat, Trim
from django.utils.translation import gettext

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


class PackChoiceQuerySet(OfDistrictQuerySet):
    def with_licenses_meant(self) -> Self:
        """Adds `licenses_meant`, the licenses of a choice in words."""
        everything = When(jurisdiction="", licence_type="", then=Value(gettext("All other licenses")))
        some = Trim(Concat("jurisdiction", Value(" "), "licence_type"))
        return self.annotate(licenses_meant=Case(everything, default=some))


class PackVersionQuerySet(OfDistrictQuerySet):
    district = "pack__district"


class OfLicenceQuerySet(QuerySet):  # type: ignore[type-arg]
    def visible_to(self, user: Reader) -> Self:
        return self.filter(licence__teacher__in=teachers_for(user, Capability.LICENCES_VIEW))

    def editable_by(self, user: Reader) -> Self:
        return self.filter(licence__teacher__in=teachers_for(user, Capability.LICENCES_EDIT))


class ForeseenQuerySet(OfLicenceQuerySet):
    def visible_to(self, user: Reader) -> Self:
        """Of licenses one may read, in changes that one may make."""
        reach = replace(user.reach(Capability.CREDIT_RULES_EDIT), school_ids=frozenset())
        return super().visible_to(user).filter(in_reach(reach, district="change__district", school="pk"))

    def with_names(self) -> Self:
        """Adds `listed_name`."""
        who = "licence__teacher__"
        return self.annotate(listed_name=Concat(f"{who}family_name", Value(", "), f"{who}given_name"))


class LicenceStandingQuerySet(OfLicenceQuerySet):
    def of_employed(self, *, on: date) -> Self:
        """Of people who work here; what others hold is kept, and nobody waits for it."""
        people = apps.get_model("teachers", "Teacher")._default_manager.employed(on=on)
        return self.filter(licence__teacher__in=people.order_by().values("pk"))

    def in_bucket(self, bucket: Bucket, *, on: date) -> Self:
        return self.filter(ends_within(bucket, on=on))


def ends_within(bucket: Bucket, *, on: date) -> Q:
    """Periods that are over while nothing newer has begun, or that end within so many days."""
    first, last = DUE_WITHIN[bucket]
    begins = Q() if first is None else Q(ends_on__gte=on + timedelta(days=first))
    return begins & Q(ends_on__lte=on + timedelta(days=last))


def rule_districts(user: Reader) -> QuerySet:  # type: ignore[type-arg]
    """The districts whose rules somebody reads."""
    districts = apps.get_model("teachers", "District")._default_manager
    return districts.filter(of_districts(user, district="pk")).order_by("pk")


def ruled_by(user: Reader) -> QuerySet:  # type: ignore[type-arg]
    """The districts whose rules somebody may change."""
    districts = apps.get_model("teachers", "District")._default_manager
    reach = user.reach(Capability.CREDIT_RULES_EDIT)
    return districts.order_by("pk") if reach.everything else districts.filter(pk__in=reach.district_ids).order_by("pk")
