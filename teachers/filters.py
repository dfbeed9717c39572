"""What each list of the people side can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from pd_tracker.access import Capability
from pd_tracker.web.filters import YesNoFilter
from teachers.fields import reaches_others
from teachers.models import Kpi, KpiValue, RoleGrant, School, Teacher
from teachers.models.choices import KpiLevelName, PositionName, RoleName, SchoolLevelName
from teachers.querysets.directory import Status
from teachers.querysets.people import in_reach

ALL = "all"
EMPLOYED_NOW = (Status.EMPLOYED.value, Status.ON_LEAVE.value)


def schools_in_sight(request: Any) -> QuerySet[School]:
    return School.objects.visible_to(request.user) if request is not None else School.objects.none()


def schools_of_roles(request: Any) -> QuerySet[School]:
    if request is None:
        return School.objects.none()
    return School.objects.filter(in_reach(request.user.reach(Capability.ROLES_VIEW), district="district", school="pk"))


class PeopleFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="find", label=_("Name or staff id"))
    school = django_filters.ModelChoiceFilter(queryset=schools_in_sight, method="at_school", label=_("School"))
    position = django_filters.ChoiceFilter(choices=PositionName.choices, label=_("Position"))
    status = django_filters.ChoiceFilter(
        choices=[
            (Status.ON_LEAVE.value, _("On leave")),
            (Status.STARTING.value, _("Starts later")),
            (Status.LEFT.value, _("Left")),
            (Status.UNKNOWN.value, _("No employment entered")),
            (ALL, _("Everybody")),
        ],
        method="by_status",
        label=_("Status"),
        empty_label=_("Employed now"),
    )
    sign_in = YesNoFilter(method="by_sign_in", label=_("Has a sign-in"))

    class Meta:
        model = Teacher
        fields: tuple[str, ...] = ()

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        user = self.request.user if self.request is not None else None
        if user is None or not reaches_others(user, Capability.EMPLOYMENT_VIEW):
            del self.filters["status"]
        if user is None or not reaches_others(user, Capability.ROLES_VIEW):
            del self.filters["sign_in"]

    def find(self, rows: Any, name: str, value: str) -> QuerySet[Any]:
        return rows.named(value)

    def at_school(self, rows: QuerySet[Any], name: str, value: School) -> QuerySet[Any]:
        return rows.filter(school_key=value.pk)

    def by_status(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows if value == ALL else rows.filter(status=value)

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """A list of people means the people who are here; who has left is found by asking for them."""
        rows = super().filter_queryset(queryset)
        if self.form.cleaned_data.get("status"):
            return rows
        # Where the status may not be seen, the queryset holds nobody but the people who are here.
        return rows.filter(Q(status__in=EMPLOYED_NOW) | Q(status=None))

    def by_sign_in(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        return rows.filter(user__isnull=not value)


class RoleFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="find", label=_("Name or email"))
    role = django_filters.ChoiceFilter(choices=RoleName.choices, label=_("Role"))
    school = django_filters.ModelChoiceFilter(queryset=schools_of_roles, label=_("School"))
    live = django_filters.ChoiceFilter(
        choices=[(ALL, _("Also ended and coming"))], method="by_live", label=_("When"), empty_label=_("Held now")
    )

    class Meta:
        model = RoleGrant
        fields: tuple[str, ...] = ()

    def find(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(Q(user__name__icontains=value) | Q(user__email__icontains=value))

    def by_live(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        rows = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("live") else rows.live(on=self.request.user.today)


class SchoolFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="find", label=_("Name or school id"))
    level = django_filters.ChoiceFilter(choices=SchoolLevelName.choices, label=_("Level"))
    open = YesNoFilter(method="by_open", label=_("Open now"))

    class Meta:
        model = School
        fields: tuple[str, ...] = ()

    def find(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(Q(name__icontains=value) | Q(school_id__iexact=value))

    def by_open(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        gone = Q(closed_on__lt=self.request.user.today)
        return rows.exclude(gone) if value else rows.filter(gone)


class KpiValueFilter(django_filters.FilterSet):
    kpi = django_filters.ModelChoiceFilter(queryset=Kpi.objects.all(), to_field_name="code", label=_("KPI"))
    school_year = django_filters.CharFilter(field_name="school_year__label", label=_("School year"))
    level = django_filters.ChoiceFilter(choices=KpiLevelName.choices, label=_("Level"))
    person = django_filters.CharFilter(field_name="teacher__staff_id", label=_("Staff id"))
    school = django_filters.ModelChoiceFilter(queryset=schools_in_sight, label=_("School"))
    student_group = django_filters.CharFilter(label=_("Student group"))

    class Meta:
        model = KpiValue
        fields: tuple[str, ...] = ()
