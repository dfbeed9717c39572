"""The coach's pages: who needs me, and assigning training to them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import FormView, View

from learning_plans import tables
from learning_plans.actions import plans as actions
from learning_plans.filters import CaseloadFilter
from learning_plans.forms.plans import AssignForm
from learning_plans.models import Course, PlanItem
from learning_plans.querysets.caseload import with_contact, with_plan_status
from pd_tracker.access import Capability
from pd_tracker.web.addresses import row_keys
from pd_tracker.web.views import CapabilityMixin, TablePage
from teachers.actions.viewing import note_export
from teachers.models import SchoolYear, Teacher
from teachers.querysets.people import teachers_for

UNDO = "assigned_items"


class Caseload(TablePage):
    capability = Capability.CASELOAD_VIEW
    template_name = "learning_plans/caseload.html"
    table = tables.CASELOAD
    filterset_class = CaseloadFilter
    ordering = "-overdue"
    row_url_name = "learning_plans:teacher"

    def get_queryset(self) -> QuerySet[Teacher]:
        user = self.request.user
        year = SchoolYear.objects.holding(user.today).first()
        teachers = teachers_for(user, Capability.CASELOAD_VIEW).with_post(on=user.today)
        rows = with_plan_status(teachers, year=year, on=user.today)
        return with_contact(rows, year=year, coach=user, on=user.today)

    def download(self, rows: QuerySet[Teacher], wanted: str) -> Any:
        people = Teacher.objects.filter(pk__in=rows.order_by().values("pk"))
        note_export(reader=self.request.user, teachers=people, part="caseload")
        return super().download(rows, wanted)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, undo=self.request.session.get(UNDO))


class Assign(CapabilityMixin, FormView):
    """One course for the teachers ticked on the caseload."""

    capability = Capability.TRAINING_ASSIGN
    template_name = "learning_plans/assign.html"
    form_class = AssignForm

    def chosen(self) -> list[Teacher]:
        """Only people one may assign to, whatever the address says."""
        asked = self.request.POST.getlist("teacher") or self.request.GET.getlist("teacher")
        return list(teachers_for(self.request.user, Capability.TRAINING_ASSIGN).filter(pk__in=row_keys(asked)))

    def get_form_kwargs(self) -> dict[str, Any]:
        user = self.request.user
        return super().get_form_kwargs() | {"courses": Course.objects.visible_to(user).on_offer(on=user.today)}

    def back(self) -> str:
        """The caseload, filtered and sorted as it was when people were ticked."""
        kept = self.request.GET.get("back", "")
        return reverse("learning_plans:caseload") + (f"?{kept}" if kept else "")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = [(_("Caseload"), self.back())]
        return super().get_context_data(**kwargs, teachers=self.chosen(), back_url=self.back(), breadcrumbs=crumbs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.chosen():
            messages.error(request, _("Choose at least one person first."))
            return redirect("learning_plans:caseload")
        return super().get(request, *args, **kwargs)

    def form_valid(self, form: AssignForm) -> HttpResponse:
        user = self.request.user
        try:
            assigned = actions.assign_training(teachers=self.chosen(), coach=user, on=user.today, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        self.request.session[UNDO] = [item.pk for item in assigned.items]
        messages.success(self.request, str(assigned))
        return redirect(self.back())


class UndoAssign(CapabilityMixin, View):
    """Takes back the last act of assigning."""

    capability = Capability.TRAINING_ASSIGN
    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        keys = request.session.pop(UNDO, [])
        items = PlanItem.objects.standing().filter(pk__in=keys, assigned_by=request.user.pk).select_related("plan")
        items = items.filter(plan__teacher__in=teachers_for(request.user, Capability.TRAINING_ASSIGN))
        count = actions.withdraw_items(items=list(items), actor=request.user, at=timezone.now())
        words = ngettext("Taken back for %(count)d person.", "Taken back for %(count)d people.", count)
        messages.success(request, words % {"count": count})
        return redirect("learning_plans:caseload")
