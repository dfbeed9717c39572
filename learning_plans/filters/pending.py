"""What the list of waiting completions can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from learning_plans.models import Completion
from learning_plans.models.choices import CompletionSourceName
from learning_plans.querysets.pending import long_waiting
from pd_tracker.web.filters import YesNoFilter
from teachers.filters import schools_in_sight
from teachers.models import School, Teacher


class PendingFilter(django_filters.FilterSet):
    person = django_filters.CharFilter(method="find_person", label=_("Name or staff id"))
    course = django_filters.CharFilter(field_name="course__title", lookup_expr="icontains", label=_("Course"))
    school = django_filters.ModelChoiceFilter(queryset=schools_in_sight, method="at_school", label=_("School"))
    source = django_filters.ChoiceFilter(choices=CompletionSourceName.choices, label=_("Source"))
    long = YesNoFilter(method="by_wait", label=_("Waits longer than 14 days"))
    evidence = YesNoFilter(method="by_evidence", label=_("Has evidence"))

    class Meta:
        model = Completion
        fields: tuple[str, ...] = ()

    def find_person(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(teacher__in=Teacher.objects.named(value))

    def at_school(self, rows: QuerySet[Any], name: str, value: School) -> QuerySet[Any]:
        return rows.filter(school_key=value.pk)

    def by_wait(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        long = long_waiting(at=timezone.now())
        return rows.filter(long if value else ~long)

    def by_evidence(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        return rows.filter(evidence_count__gt=0) if value else rows.filter(evidence_count=0)
