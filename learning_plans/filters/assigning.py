"""What rules, their people and overdue training can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from learning_plans.models import AssignmentRule, PlanItem, RuleMember
from learning_plans.models.choices import MemberStateName, RepeatsName
from pd_tracker.access import Capability
from pd_tracker.api.keyset import KEY
from pd_tracker.web.filters import YesNoFilter
from pd_tracker.web.widgets import DayInput
from teachers.models import School, Teacher
from teachers.querysets.people import teachers_for


class RuleFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="find", label=_("Rule or course"))
    repeats = django_filters.ChoiceFilter(choices=RepeatsName.choices, label=_("Repeats"))
    ended = YesNoFilter(method="by_ended", label=_("Ended"))

    class Meta:
        model = AssignmentRule
        fields: tuple[str, ...] = ()

    def find(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(Q(name__icontains=value) | Q(course__title__icontains=value) | Q(course__code=value))

    def by_ended(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        return rows.filter(ended_at__isnull=not value)


def schools_in_reach(request: Any) -> QuerySet[School]:
    """Where the people work whose plans one may read."""
    if request is None:
        return School.objects.none()
    teachers = teachers_for(request.user, Capability.PLANS_VIEW)
    return School.objects.filter(assignments__teacher__in=teachers).distinct()


class MemberFilter(django_filters.FilterSet):
    person = django_filters.CharFilter(method="find", label=_("Name or staff id"))
    state = django_filters.ChoiceFilter(choices=MemberStateName.choices, label=_("State"))
    school = django_filters.ModelChoiceFilter(queryset=schools_in_reach, method="at_school", label=_("School"))
    due_from = django_filters.DateFilter(field_name="due_on", lookup_expr="gte", label=_("Due from"), widget=DayInput())
    due_to = django_filters.DateFilter(field_name="due_on", lookup_expr="lte", label=_("Due until"), widget=DayInput())

    class Meta:
        model = RuleMember
        fields: tuple[str, ...] = ()

    def find(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(teacher__in=Teacher.objects.named(value))

    def at_school(self, rows: QuerySet[Any], name: str, value: School) -> QuerySet[Any]:
        return rows.filter(school_key=value.pk)


class RuleMemberFilter(MemberFilter):
    """For programs, which ask for the people of all rules at once."""

    rule = django_filters.NumberFilter(field_name="rule_id", label=_("Rule"), **KEY)


class OverdueFilter(django_filters.FilterSet):
    person = django_filters.CharFilter(method="find", label=_("Name or staff id"))
    school = django_filters.ModelChoiceFilter(queryset=schools_in_reach, method="at_school", label=_("School"))
    course = django_filters.CharFilter(field_name="what", lookup_expr="icontains", label=_("Course or task"))
    rule = django_filters.CharFilter(field_name="rule_name", lookup_expr="icontains", label=_("Rule"))
    reminded = YesNoFilter(method="by_reminded", label=_("Reminded"))

    class Meta:
        model = PlanItem
        fields: tuple[str, ...] = ()

    def find(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(plan__teacher__in=Teacher.objects.named(value))

    def at_school(self, rows: QuerySet[Any], name: str, value: School) -> QuerySet[Any]:
        return rows.filter(school_key=value.pk)

    def by_reminded(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        return rows.filter(reminded_at__isnull=not value)
