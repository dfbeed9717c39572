"""What the comparison with the old system can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from learning_plans.models import OldTotal
from learning_plans.models.choices import ComparedName
from pd_tracker.web.widgets import DayInput
from teachers.models import Teacher

DIFFERENT = "different"


class ParallelFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="find", label=_("Name or staff id"))
    result = django_filters.ChoiceFilter(
        choices=[(DIFFERENT, _("Different")), *ComparedName.choices], method="by_result", label=_("Result")
    )
    as_of = django_filters.DateFilter(label=_("As of"), widget=DayInput())

    class Meta:
        model = OldTotal
        fields: tuple[str, ...] = ()

    def find(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(licence__teacher__in=Teacher.objects.named(value))

    def by_result(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if value == DIFFERENT:
            return rows.filter(result__in=[ComparedName.EXPLAINED.value, ComparedName.OPEN.value])
        return rows.filter(result=value)
