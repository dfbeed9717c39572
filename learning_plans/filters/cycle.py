"""How reviews and templates are filtered."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from learning_plans.models import PlanReview, PlanTemplate
from pd_tracker.web.filters import YesNoFilter


class ReviewFilter(django_filters.FilterSet):
    person = django_filters.CharFilter(field_name="plan__teacher__staff_id", label=_("Staff id"))
    school_year = django_filters.CharFilter(field_name="plan__school_year__label", label=_("School year"))
    held = YesNoFilter(method="by_held", label=_("Held"))

    class Meta:
        model = PlanReview
        fields: tuple[str, ...] = ()

    def by_held(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        return rows.filter(held_on__isnull=not value)


class TemplateFilter(django_filters.FilterSet):
    retired = YesNoFilter(field_name="is_retired", label=_("Retired"))

    class Meta:
        model = PlanTemplate
        fields: tuple[str, ...] = ()
