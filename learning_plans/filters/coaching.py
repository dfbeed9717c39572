"""What the lists of coaching can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from learning_plans.models import CoachingCycle, CoachingNote, Visit
from learning_plans.models.choices import CoachingActivityName
from pd_tracker.api.keyset import KEY
from pd_tracker.web.filters import YesNoFilter
from pd_tracker.web.widgets import DayInput


class CycleFilter(django_filters.FilterSet):
    person = django_filters.CharFilter(field_name="teacher__staff_id", label=_("Staff id"))
    closed = YesNoFilter(method="by_closed", label=_("Closed"))

    class Meta:
        model = CoachingCycle
        fields: tuple[str, ...] = ()

    def by_closed(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        return rows.filter(ended_on__isnull=not value)


class VisitFilter(django_filters.FilterSet):
    person = django_filters.CharFilter(field_name="teacher__staff_id", label=_("Staff id"))
    activity = django_filters.ChoiceFilter(choices=CoachingActivityName.choices, label=_("What it was"))
    after = django_filters.DateFilter(
        field_name="visited_on", lookup_expr="gte", label=_("On or after"), widget=DayInput()
    )
    before = django_filters.DateFilter(
        field_name="visited_on", lookup_expr="lte", label=_("On or before"), widget=DayInput()
    )

    class Meta:
        model = Visit
        fields: tuple[str, ...] = ()


class NoteFilter(django_filters.FilterSet):
    visit = django_filters.NumberFilter(field_name="visit_id", label=_("Visit"), **KEY)

    class Meta:
        model = CoachingNote
        fields: tuple[str, ...] = ()
