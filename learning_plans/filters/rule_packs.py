"""What choices of rules and foreseen changes can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from learning_plans.models import CategoryMeaning, ForeseenStanding, PackChoice
from learning_plans.models.choices import LicenceStatusName
from pd_tracker.web.filters import YesNoFilter
from teachers.models import Teacher


class ChoiceFilter(django_filters.FilterSet):
    jurisdiction = django_filters.CharFilter(lookup_expr="iexact", label=_("State"))
    rule_pack = django_filters.CharFilter(lookup_expr="iexact", label=_("Renewal rules"))

    class Meta:
        model = PackChoice
        fields: tuple[str, ...] = ()


class MeaningFilter(django_filters.FilterSet):
    category = django_filters.CharFilter(lookup_expr="icontains", label=_("Category"))

    class Meta:
        model = CategoryMeaning
        fields: tuple[str, ...] = ()


class ForeseenFilter(django_filters.FilterSet):
    person = django_filters.CharFilter(method="find", label=_("Name or staff id"))
    status_before = django_filters.ChoiceFilter(choices=LicenceStatusName.choices, label=_("Status now"))
    status_after = django_filters.ChoiceFilter(choices=LicenceStatusName.choices, label=_("Status then"))
    other_status = YesNoFilter(method="by_status", label=_("Status would change"))

    class Meta:
        model = ForeseenStanding
        fields: tuple[str, ...] = ()

    def find(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(licence__teacher__in=Teacher.objects.named(value))

    def by_status(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        same = {"status_before": F("status_after")}
        return rows.exclude(**same) if value else rows.filter(**same)
