"""Finding licenses."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from learning_plans.models.choices import LicenceStatusName
from pd_tracker.web.widgets import DayInput
from teachers.models import Licence


class LicenceFilter(django_filters.FilterSet):
    staff_id = django_filters.CharFilter(field_name="teacher__staff_id", label=_("Staff id"))
    jurisdiction = django_filters.CharFilter(lookup_expr="iexact", label=_("State"))
    type = django_filters.CharFilter(field_name="licence_type", lookup_expr="iexact", label=_("Type"))
    status = django_filters.ChoiceFilter(
        field_name="standing__status", choices=LicenceStatusName.choices, label=_("Status")
    )
    ends_before = django_filters.DateFilter(
        field_name="standing__ends_on", lookup_expr="lte", label=_("Ends on or before"), widget=DayInput()
    )
    ends_after = django_filters.DateFilter(
        field_name="standing__ends_on", lookup_expr="gte", label=_("Ends on or after"), widget=DayInput()
    )

    class Meta:
        model = Licence
        fields: tuple[str, ...] = ()
