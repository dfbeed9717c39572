"""Schools, and the settings of the district."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pd_tracker.access import Capability
from pd_tracker.web.views import TablePage
from teachers import tables
from teachers.actions import places as actions
from teachers.filters import SchoolFilter
from teachers.forms.places import DistrictForm, SchoolYearForm
from teachers.models import District, School, SchoolYear, SchoolYearProfile
from teachers.querysets.people import running
from teachers.views.parts import KeptFormPage
from teachers.views.people import refuse_without_places


class Schools(TablePage):
    capability = Capability.PEOPLE_VIEW
    template_name = "teachers/schools.html"
    table = tables.SCHOOLS
    filterset_class = SchoolFilter
    ordering = "name"
    row_url_name = "teachers:school"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        refuse_without_places(request)
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[School]:
        return School.objects.visible_to(self.request.user).with_people(on=self.request.user.today)


class SchoolPage(TablePage):
    """A school and what was true of it year by year."""

    capability = Capability.PEOPLE_VIEW
    template_name = "teachers/school.html"
    table = tables.PROFILES
    ordering = "-year"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        refuse_without_places(request)
        visible = School.objects.visible_to(request.user).select_related("successor")
        self.school = get_object_or_404(visible, pk=kwargs.pop("pk"))
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[SchoolYearProfile]:
        return SchoolYearProfile.objects.visible_to(self.request.user).filter(school=self.school)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        here = self.school.assignments.filter(running(self.request.user.today))
        return super().get_context_data(
            **kwargs,
            school=self.school,
            people_now=here.values("teacher").distinct().count(),
            breadcrumbs=[(_("Schools"), reverse("teachers:schools"))],
        )


class DistrictPage(KeptFormPage):
    capability = Capability.DISTRICT_EDIT
    template_name = "teachers/district.html"
    form_class = DistrictForm
    title = gettext_lazy("District")

    def district(self) -> District:
        reach = self.request.user.reach(Capability.DISTRICT_EDIT)
        districts = District.objects.filter(pk__in=reach.district_ids).order_by("pk")
        return get_object_or_404((districts.select_for_update() if self.request.POST else districts)[:1])

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": self.district()}

    def save(self, form: DistrictForm) -> None:
        actions.save_district(district=form.instance, actor=self.request.user, reason=form.cleaned_data["reason"])

    def back(self) -> str:
        return reverse("teachers:district")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        years = SchoolYear.objects.filter(district=self.district()).order_by("-starts_on")
        return super().get_context_data(**kwargs, years=years)


class SchoolYearPage(KeptFormPage):
    capability = Capability.DISTRICT_EDIT
    form_class = SchoolYearForm

    def year(self) -> SchoolYear:
        reach = self.request.user.reach(Capability.DISTRICT_EDIT)
        years = SchoolYear.objects.filter(district__in=reach.district_ids)
        return get_object_or_404(years.select_for_update() if self.request.POST else years, pk=self.kwargs["pk"])

    def get_form_kwargs(self) -> dict[str, Any]:
        year = self.year()
        self.title = _("School year %(year)s") % {"year": year.label}
        return super().get_form_kwargs() | {"instance": year}

    def save(self, form: SchoolYearForm) -> None:
        actions.save_school_year(year=form.instance, actor=self.request.user, reason=form.cleaned_data["reason"])

    def back(self) -> str:
        return reverse("teachers:district")
