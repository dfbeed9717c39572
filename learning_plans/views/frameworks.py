"""Frameworks of competencies: everybody on the staff reads them, some keep them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from learning_plans.actions import frameworks as actions
from learning_plans.forms.frameworks import KpisForm
from learning_plans.models import Competency, Framework, KpiCompetency
from learning_plans.rules.trees import in_order
from learning_plans.tables import needs as tables
from pd_tracker.access import Capability
from pd_tracker.jobs.actions import start
from pd_tracker.web.views import CapabilityMixin, TablePage, say_errors
from teachers.forms.records import ReasonForm
from teachers.views.parts import KeptFormPage

REFRESH = "pd_tracker.reports.jobs.refresh_needs"  # a level above, so only named here


class Frameworks(TablePage):
    capability = Capability.COURSES_VIEW
    template_name = "learning_plans/frameworks/list.html"
    table = tables.FRAMEWORKS
    ordering = "name"
    row_url_name = "learning_plans:framework"

    def get_queryset(self) -> QuerySet[Framework]:
        count = Count("competencies", filter=Q(competencies__is_retired=False))
        return Framework.objects.visible_to(self.request.user).annotate(part_count=count)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, may_import=self.request.user.may(Capability.IMPORTS_RUN))


class FrameworkPage(CapabilityMixin, TemplateView):
    """One framework with its parts, in order, and the figures that speak about each."""

    capability = Capability.COURSES_VIEW
    template_name = "learning_plans/frameworks/framework.html"

    def get_context_data(self, pk: int, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        framework = get_object_or_404(Framework.objects.visible_to(user), pk=pk)
        links = Prefetch("kpi_links", KpiCompetency.objects.select_related("kpi").order_by("kpi__name"))
        parts = list(framework.competencies.prefetch_related(links))
        tree = in_order(parts, key=lambda part: part.pk, parent=lambda part: part.parent_id)
        return super().get_context_data(
            **kwargs,
            framework=framework,
            parts=[(part, "– " * depth) for part, depth in tree],
            may_edit=user.may(Capability.FRAMEWORKS_EDIT),
            breadcrumbs=[(_("Frameworks"), reverse("learning_plans:frameworks"))],
        )


class OfFramework(KeptFormPage):
    """A page that changes a framework or one of its parts, after a look at what follows."""

    capability = Capability.FRAMEWORKS_EDIT
    template_name = "teachers/confirm.html"
    form_class: type[ReasonForm] | type[KpisForm] = ReasonForm
    model: type[Framework] | type[Competency]

    @property
    def row(self) -> Any:
        if not hasattr(self, "found"):
            rows = self.model.objects.visible_to(self.request.user)
            self.found = get_object_or_404(rows, pk=self.kwargs["pk"])
            self.was_retired = self.found.is_retired
        return self.found

    def back(self) -> str:
        key = self.row.pk if self.model is Framework else self.row.framework_id
        return reverse("learning_plans:framework", args=[key])


class RetireFramework(OfFramework):
    model: type[Framework] | type[Competency] = Framework
    kept = gettext_lazy("Needs, goals and courses that point at it stay as they are.")

    def save(self, form: ReasonForm) -> None:
        actions.retire_framework(
            framework=self.row,
            is_retired=not self.was_retired,
            actor=self.request.user,
            reason=form.cleaned_data["reason"],
        )

    def said(self) -> str:
        return _("Brought back.") if self.was_retired else _("Retired. You can bring it back at any time.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_retired = self.row.is_retired
        words = _("“%(row)s” can be chosen again.") if is_retired else _("“%(row)s” is offered nowhere anymore.")
        return super().get_context_data(
            **kwargs,
            title=_("Bring it back?") if is_retired else _("Retire it?"),
            words=f"{words % {'row': self.row}} {self.kept}",
            action_label=_("Bring back") if is_retired else _("Retire"),
            grave=not is_retired,
        )


class RetireCompetency(RetireFramework):
    model = Competency
    kept = gettext_lazy("Ratings, needs, goals and courses that point at it stay as they are.")

    def save(self, form: ReasonForm) -> None:
        actions.retire_competency(
            competency=self.row,
            is_retired=not self.was_retired,
            actor=self.request.user,
            reason=form.cleaned_data["reason"],
        )


class Kpis(OfFramework):
    """Which figures speak about a part of a framework."""

    model = Competency
    template_name = "teachers/form.html"
    form_class = KpisForm
    title = gettext_lazy("Figures that speak about it")

    def get_initial(self) -> dict[str, Any]:
        return {"kpis": [link.kpi_id for link in self.row.kpi_links.all()]}

    def save(self, form: KpisForm) -> None:
        user = self.request.user
        actions.link_kpis(competency=self.row, kpis=form.cleaned_data["kpis"], actor=user)
        start(function=REFRESH, title=_("Working out needs from figures"), owner=user, arguments={})

    def said(self) -> str:
        return _("Saved. What the figures say of teachers' needs is worked out anew; you are told when it is done.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, person=self.row)


class MakeDefault(CapabilityMixin, View):
    capability = Capability.FRAMEWORKS_EDIT
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        framework = get_object_or_404(Framework.objects.visible_to(request.user), pk=pk)
        try:
            actions.make_default(framework=framework, actor=request.user)
        except ValidationError as error:
            say_errors(request, error.messages)
        else:
            messages.success(request, _("From now on it is used where nothing else is chosen."))
        return redirect("learning_plans:framework", pk)


urlpatterns = [
    path("frameworks/", Frameworks.as_view(), name="frameworks"),
    path("frameworks/<int:pk>/", FrameworkPage.as_view(), name="framework"),
    path("frameworks/<int:pk>/retire/", RetireFramework.as_view(), name="retire_framework"),
    path("frameworks/<int:pk>/default/", MakeDefault.as_view(), name="make_default"),
    path("competencies/<int:pk>/retire/", RetireCompetency.as_view(), name="retire_competency"),
    path("competencies/<int:pk>/kpis/", Kpis.as_view(), name="competency_kpis"),
]
