"""How practices and wishes are filtered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from learning_plans.models import Competency, Course, CourseWish, Practice


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


class WishFilter(django_filters.FilterSet):
    course = django_filters.CharFilter(field_name="course__code", label=_("Course code"))

    class Meta:
        model = CourseWish
        fields: tuple[str, ...] = ()
