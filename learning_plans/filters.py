"""What each list of the learning side can be narrowed by."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import django_filters
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from learning_plans.models import (
    Competency,
    Completion,
    Course,
    CourseWish,
    Plan,
    PlanItem,
    Practice,
    Provider,
    Session,
)
from learning_plans.models.choices import ActivityTypeName, CompletionStateName, EvidenceTierName, PlanStateName
from pd_tracker.web.filters import YesNoFilter
from pd_tracker.web.widgets import DayInput
from teachers.models import School, Teacher

NO_PLAN = "none"


class CourseFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="find", label=_("Title or code"))
    category = django_filters.CharFilter(lookup_expr="iexact", label=_("Category"))
    focus_area = django_filters.CharFilter(method="by_focus", label=_("Focus area"))
    activity_type = django_filters.ChoiceFilter(choices=ActivityTypeName.choices, label=_("Type"))
    evidence_tier = django_filters.ChoiceFilter(choices=EvidenceTierName.choices, label=_("Evidence"))
    provider = django_filters.ModelChoiceFilter(queryset=Provider.objects.all(), label=_("Provider"))

    class Meta:
        model = Course
        fields: tuple[str, ...] = ()

    def find(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(Q(title__icontains=value) | Q(code__icontains=value))

    def by_focus(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Focus areas stand in one cell with semicolons between them; only a whole one counts."""
        listed = rows.annotate(listed=Concat(Value("; "), "focus_areas", Value("; ")))
        return listed.filter(listed__icontains=f"; {value.strip()}; ")


def in_use(model: type[Competency] | type[Course]) -> Callable[[Any], QuerySet[Any]]:
    """Only what some shared practice is about can be asked for."""

    def rows(request: Any) -> QuerySet[Any]:
        if request is None:
            return model.objects.none()
        shared = Practice.objects.visible_to(request.user).shared()
        return model.objects.visible_to(request.user).filter(practices__in=shared).distinct()

    return rows


class PracticeFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="find", label=_("Words"))
    focus_area = django_filters.CharFilter(lookup_expr="iexact", label=_("Focus area"))
    competency = django_filters.ModelChoiceFilter(queryset=in_use(Competency), label=_("Competency"))
    course = django_filters.ModelChoiceFilter(queryset=in_use(Course), label=_("Learned in"))

    class Meta:
        model = Practice
        fields: tuple[str, ...] = ()

    def find(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(Q(title__icontains=value) | Q(how__icontains=value) | Q(outcome__icontains=value))


class RecordFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(field_name="course__title", lookup_expr="icontains", label=_("Course"))
    category = django_filters.CharFilter(lookup_expr="iexact", label=_("Category"))
    state = django_filters.ChoiceFilter(choices=CompletionStateName.choices, label=_("State"))
    after = django_filters.DateFilter(
        field_name="completed_on", lookup_expr="gte", label=_("Completed on or after"), widget=DayInput()
    )
    before = django_filters.DateFilter(
        field_name="completed_on", lookup_expr="lte", label=_("Completed on or before"), widget=DayInput()
    )

    class Meta:
        model = Completion
        fields: tuple[str, ...] = ()


class CompletionFilter(RecordFilter):
    person = django_filters.CharFilter(method="find_person", label=_("Name or staff id"))

    def find_person(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(teacher__in=Teacher.objects.named(value))


def schools_of_caseload(request: Any) -> QuerySet[School]:
    """A coach reaches people, not schools: offer the schools those people work at."""
    if request is None:
        return School.objects.none()
    teachers = Teacher.objects.visible_to(request.user)
    return School.objects.filter(assignments__teacher__in=teachers).distinct()


class CaseloadFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="find", label=_("Name or staff id"))
    school = django_filters.ModelChoiceFilter(
        field_name="school_key", queryset=schools_of_caseload, label=_("School"), method="at_school"
    )
    plan = django_filters.ChoiceFilter(
        choices=[*PlanStateName.choices, (NO_PLAN, _("No plan yet"))],
        method="by_plan",
        label=_("Plan"),
    )
    overdue = YesNoFilter(method="by_overdue", label=_("Something overdue"))

    class Meta:
        model = Teacher
        fields: tuple[str, ...] = ()

    def find(self, rows: Any, name: str, value: str) -> QuerySet[Any]:
        return rows.named(value)

    def at_school(self, rows: QuerySet[Any], name: str, value: School) -> QuerySet[Any]:
        return rows.filter(school_key=value.pk)

    def by_plan(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(plan_state=None) if value == NO_PLAN else rows.filter(plan_state=value)

    def by_overdue(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        return rows.filter(overdue_count__gt=0) if value else rows.filter(overdue_count=0)


class SessionFilter(django_filters.FilterSet):
    course = django_filters.CharFilter(field_name="course__code", label=_("Course code"))
    after = django_filters.DateFilter(
        field_name="starts_at__date", lookup_expr="gte", label=_("Starts on or after"), widget=DayInput()
    )
    before = django_filters.DateFilter(
        field_name="starts_at__date", lookup_expr="lte", label=_("Starts on or before"), widget=DayInput()
    )

    class Meta:
        model = Session
        fields: tuple[str, ...] = ()


class PlanFilter(django_filters.FilterSet):
    person = django_filters.CharFilter(field_name="teacher__staff_id", label=_("Staff id"))
    school_year = django_filters.CharFilter(field_name="school_year__label", label=_("School year"))
    state = django_filters.ChoiceFilter(choices=PlanStateName.choices, label=_("State"))

    class Meta:
        model = Plan
        fields: tuple[str, ...] = ()


class PlanItemFilter(django_filters.FilterSet):
    person = django_filters.CharFilter(field_name="plan__teacher__staff_id", label=_("Staff id"))
    school_year = django_filters.CharFilter(field_name="plan__school_year__label", label=_("School year"))
    course = django_filters.CharFilter(field_name="course__code", label=_("Course code"))
    done = YesNoFilter(method="by_done", label=_("Done"))
    withdrawn = YesNoFilter(method="by_withdrawn", label=_("Withdrawn"))

    class Meta:
        model = PlanItem
        fields: tuple[str, ...] = ()

    def by_done(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        return rows.filter(is_done=value)

    def by_withdrawn(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        return rows.filter(withdrawn_at__isnull=not value)


class WishFilter(django_filters.FilterSet):
    course = django_filters.CharFilter(field_name="course__code", label=_("Course code"))

    class Meta:
        model = CourseWish
        fields: tuple[str, ...] = ()
