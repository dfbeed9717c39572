"""The renewals board and the notices sent from it."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Concat

from learning_plans.querysets.credit import LicenceStandingQuerySet, OfLicenceQuerySet
from pd_tracker.access import Capability, Reader
from teachers.querysets.people import in_reach, running, teachers_for

if TYPE_CHECKING:
    from learning_plans.models import RenewalMailing  # noqa: F401


class RenewalMailingQuerySet(QuerySet["RenewalMailing"]):
    def visible_to(self, user: Reader) -> Self:
        """What one sent oneself, and all of a district to whoever looks after all its licenses."""
        reach = user.reach(Capability.LICENCES_EDIT)
        own = Q(sent_by=user.pk) if reach else Q(pk__in=())
        return self.filter(in_reach(reach, district="district", school="pk") if reach.district_ids else own)


class RenewalNoticeQuerySet(OfLicenceQuerySet):
    def since(self, moment: datetime) -> Self:
        return self.filter(mailing__sent_at__gte=moment)

    def with_names(self) -> Self:
        return self.annotate(
            listed_name=Concat("licence__teacher__family_name", Value(", "), "licence__teacher__given_name"),
            licence_name=Concat("licence__jurisdiction", Value(" "), "licence__licence_type"),
        )


def board(user: Reader, *, on: date) -> LicenceStandingQuerySet:
    """Where the licenses stand that a reader renews or leads, with what the board shows of each."""
    standings: LicenceStandingQuerySet = _rows("learning_plans", "LicenceStanding")
    return with_board(standings.filter(licence__teacher__in=teachers_for(user, Capability.RENEWALS_VIEW)), on=on)


def with_board(standings: LicenceStandingQuerySet, *, on: date) -> LicenceStandingQuerySet:
    of_person = {"teacher": OuterRef("licence__teacher")}
    posts = _rows("teachers", "Assignment").filter(running(on), **of_person).order_by("-fte", "school_id", "pk")
    spells = _rows("teachers", "Employment").filter(running(on), **of_person)
    notices = _rows("learning_plans", "RenewalNotice").filter(licence=OuterRef("licence")).order_by()
    waivers = _rows("learning_plans", "Waiver").filter(licence=OuterRef("licence"), taken_back_at=None)
    sent = notices.values("licence").annotate(count=Count("pk")).values("count")
    found: LicenceStandingQuerySet = standings.annotate(
        listed_name=Concat("licence__teacher__family_name", Value(", "), "licence__teacher__given_name"),
        licence_name=Concat("licence__jurisdiction", Value(" "), "licence__licence_type"),
        school_name=Subquery(posts.values("school__name")[:1]),
        school_key=Subquery(posts.values("school")[:1]),
        is_employed=Exists(spells),
        last_day=F("ends_on"),
        missing=Case(When(required__gt=F("counted"), then=F("required") - F("counted"))),
        notice_count=Coalesce(Subquery(sent[:1]), 0),
        noticed_at=Subquery(notices.order_by("-mailing__sent_at").values("mailing__sent_at")[:1]),
        is_waived=Exists(waivers),
    )
    return found


def board_districts(user: Reader) -> QuerySet[Any]:
    """Where one sees licenses to renew, be it at one school only."""
    reach = user.reach(Capability.RENEWALS_VIEW)
    districts: QuerySet[Any] = _rows("teachers", "District")
    return districts.filter(in_reach(reach, district="pk", school="schools")).distinct()


def _rows(app: str, model: str) -> Any:
    return apps.get_model(app, model)._default_manager.all()
