"""What the renewals board can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from learning_plans.models import LicenceStanding
from learning_plans.models.choices import LicenceStatusName
from learning_plans.rules.credit.renewals import Bucket
from pd_tracker.web.filters import YesNoFilter
from teachers.filters import schools_in_sight
from teachers.models import School

EVERYBODY, NO_RULES = "all", "none"
BUCKETS = [
    (Bucket.OVERDUE.value, _("Already ended")),
    (Bucket.DAYS_90.value, _("Within 90 days")),
    (Bucket.DAYS_180.value, _("In 91 to 180 days")),
    (Bucket.DAYS_365.value, _("In 181 to 365 days")),
]


class RenewalFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="find", label=_("Name or staff id"))
    bucket = django_filters.ChoiceFilter(choices=BUCKETS, method="in_bucket", label=_("Ends"))
    status = django_filters.ChoiceFilter(choices=LicenceStatusName.choices, label=_("Status"))
    school = django_filters.ModelChoiceFilter(queryset=schools_in_sight, method="at_school", label=_("School"))
    kind = django_filters.ChoiceFilter(method="of_kind", label=_("State and type"))
    rules = django_filters.ChoiceFilter(field_name="rule_pack", label=_("Rules"))
    short = YesNoFilter(method="by_short", label=_("Something is missing"))
    people = django_filters.ChoiceFilter(
        choices=[(EVERYBODY, _("Also who left"))], method="whoever", label=_("People"), empty_label=_("Employed now")
    )

    class Meta:
        model = LicenceStanding
        fields: tuple[str, ...] = ()

    def __init__(self, data: Any = None, queryset: Any = None, **kwargs: Any) -> None:
        super().__init__(data, queryset, **kwargs)
        rows = self.queryset.order_by()
        kinds = rows.order_by("licence_name").values_list("licence_name", flat=True).distinct()
        packs = rows.order_by("rule_pack").values_list("rule_pack", flat=True).distinct()
        self.filters["kind"].extra["choices"] = [(kind, kind) for kind in kinds]
        self.filters["rules"].extra["choices"] = [(code, code) for code in packs]

    def find(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        found = Q()
        for word in value.split():
            in_name = Q(licence__teacher__family_name__icontains=word) | Q(licence__teacher__given_name__icontains=word)
            found &= in_name | Q(licence__teacher__staff_id__iexact=word)
        return rows.filter(found)

    def in_bucket(self, rows: Any, name: str, value: str) -> QuerySet[Any]:
        found: QuerySet[Any] = rows.in_bucket(Bucket(value), on=self.request.user.today)
        return found

    def at_school(self, rows: QuerySet[Any], name: str, value: School) -> QuerySet[Any]:
        return rows.filter(school_key=value.pk)

    def of_kind(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(licence_name=value)

    def by_short(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        lacks = Q(missing__gt=0) | ~Q(short={})
        return rows.filter(lacks if value else ~lacks)

    def whoever(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Who left renews elsewhere."""
        rows = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("people") else rows.filter(is_employed=True)
