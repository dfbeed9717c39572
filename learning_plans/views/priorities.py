"""What a school or the district works on for some time."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learning_plans.actions import needs as actions
from learning_plans.forms.needs import PriorityForm, UndoForm
from learning_plans.models import Priority
from learning_plans.tables import needs as tables
from learning_plans.views.growth import in_use
from pd_tracker.access import Capability
from pd_tracker.web.views import TablePage, require
from teachers.models import District, School
from teachers.querysets.people import in_reach
from teachers.views.parts import KeptFormPage


class Priorities(TablePage):
    capability = Capability.PRIORITIES_EDIT
    template_name = "learning_plans/needs/priorities.html"
    table = tables.PRIORITIES
    ordering = "-started_on"
    row_url_name = "learning_plans:priority"

    def get_queryset(self) -> QuerySet[Priority]:
        return Priority.objects.editable_by(self.request.user)


class OfPriority(KeptFormPage):
    capability = Capability.PRIORITIES_EDIT

    def priority(self) -> Priority:
        if not hasattr(self, "found"):
            rows = Priority.objects.editable_by(self.request.user)
            if self.request.method == "POST":
                rows = rows.select_for_update(of=("self",))
            self.found = get_object_or_404(rows, pk=self.kwargs["pk"])
        return self.found

    def back(self) -> str:
        return reverse("learning_plans:priorities")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, breadcrumbs=[(_("Priorities"), self.back())])


class ChangePriority(OfPriority):
    form_class = PriorityForm
    template_name = "learning_plans/needs/priority.html"
    title = gettext_lazy("Change this priority")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        require(request, self.capability)
        reach = request.user.reach(self.capability)
        self.schools = School.objects.filter(in_reach(reach, district="district", school="pk")).order_by("name")
        self.whole = bool(reach.everything or reach.district_ids)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {
            "instance": self.priority(),
            "schools": self.schools,
            "competencies": in_use(self.request.user),
            "whole": self.whole,
        }

    def save(self, form: PriorityForm) -> None:
        priority = form.instance
        if priority.school_id is not None:
            priority.district_id = priority.school.district_id
        actions.save_priority(priority=priority, actor=self.request.user, reason=form.cleaned_data.get("reason", ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, priority=self.priority())


class AddPriority(ChangePriority):
    title = gettext_lazy("Add a priority")

    def priority(self) -> Priority:
        if not hasattr(self, "found"):
            # That of its school, once one is chosen.
            district = District.objects.filter(pk__in=self.schools.order_by().values("district")).order_by("pk").first()
            self.found = Priority(district=district, started_on=self.request.user.today)
        return self.found


class EndPriority(OfPriority):
    form_class = UndoForm
    template_name = "teachers/confirm.html"
    title = gettext_lazy("End this priority today?")

    def save(self, form: UndoForm) -> None:
        actions.end_priority(priority=self.priority(), actor=self.request.user, on=self.request.user.today)

    def said(self) -> str:
        return _("Ended. Change its last day to let it go on.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = _("“%(priority)s” is shown to teachers until the end of today. What they took up stays theirs.")
        return super().get_context_data(
            **kwargs, words=words % {"priority": self.priority()}, action_label=_("End it"), grave=True
        )


urlpatterns = [
    path("priorities/", Priorities.as_view(), name="priorities"),
    path("priorities/new/", AddPriority.as_view(), name="add_priority"),
    path("priorities/<int:pk>/", ChangePriority.as_view(), name="priority"),
    path("priorities/<int:pk>/end/", EndPriority.as_view(), name="end_priority"),
]
