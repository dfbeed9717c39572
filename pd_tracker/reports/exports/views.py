"""Pages of saved exports: the list, one of them with its files, saving, running, stopping, removing, opening a file."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView, View

from pd_tracker.access import Capability
from pd_tracker.audit.actions import record
from pd_tracker.reports.exports import actions
from pd_tracker.reports.exports.columns import SOURCES, ColumnFile
from pd_tracker.reports.exports.forms import ExportForm
from pd_tracker.reports.exports.tables import EXPORTS, FILES, RUNS
from pd_tracker.reports.hr_summary.form import HrSummaryForm
from pd_tracker.reports.models import ExportRun, NamedExport
from pd_tracker.reports.models.exports import KindName
from pd_tracker.reports.parameters import BadParameters
from pd_tracker.reports.rules.exports import ExportKind, RunState
from pd_tracker.web.views import CapabilityMixin, TablePage, require
from teachers.forms.kept import take_errors

PREVIEW = "preview"


def crumb() -> tuple[str, str]:
    return str(EXPORTS.title), reverse("reports:exports")


class Exports(TablePage):
    capability = Capability.EXPORTS_HR
    template_name = "reports/exports/list.html"
    table = EXPORTS
    ordering = "name"
    row_url_name = "reports:export"

    def get_queryset(self) -> QuerySet[NamedExport]:
        return NamedExport.objects.visible_to(self.request.user).with_last()


class Files(TablePage):
    """What was made for whoever looks, from their own exports and from those of others."""

    capability = Capability.EXPORTS_HR
    template_name = "reports/exports/files.html"
    table = FILES
    ordering = "-asked_at"
    row_url_name = "reports:export_run"

    def get_queryset(self) -> QuerySet[ExportRun]:
        user = self.request.user
        return ExportRun.objects.visible_to(user).filter(reader=user.pk).exclude(state=RunState.REFUSED.value)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, breadcrumbs=[crumb()])


class SaveExport(CapabilityMixin, FormView):
    """A new export, or another one of its form; a file with chosen columns shows its first rows before it is saved."""

    capability = Capability.EXPORTS_HR
    template_name = "reports/exports/save.html"
    form_class = ExportForm

    @cached_property
    def export(self) -> NamedExport:
        if "pk" in self.kwargs:
            return get_object_or_404(NamedExport.objects.visible_to(self.request.user), pk=self.kwargs["pk"])
        kind = self.request.GET.get("kind", ExportKind.WORKBOOK.value)
        if kind not in KindName.values or (kind == ExportKind.COLUMNS and self.source_key not in SOURCES):
            raise Http404
        return NamedExport(kind=kind)

    @property
    def source_key(self) -> str:
        return self.request.GET.get("table", "by_teacher")

    def get_form_kwargs(self) -> dict[str, Any]:
        given = super().get_form_kwargs()
        asked = {
            name: self.request.GET[name]
            for name in HrSummaryForm(self.request.user, {}).fields
            if name in self.request.GET
        }
        return given | {
            "reader": self.request.user, "export": self.export, "table": self.source_key, "initial": asked,
        }  # fmt: skip

    def form_valid(self, form: ExportForm) -> HttpResponse:
        export, user = form.filled(), self.request.user
        if PREVIEW in self.request.POST:
            return self.render_to_response(self.get_context_data(form=form, table=first_rows(user, export)))
        try:
            with transaction.atomic():
                actions.save_export(
                    export=export,
                    recipients=form.cleaned_data["recipients"],
                    actor=user,
                    at=timezone.now(),
                    on=user.today,
                )
        except ValidationError as error:
            take_errors(form, error)
            return self.form_invalid(form)
        messages.success(self.request, _("“%(name)s” is saved.") % {"name": export})
        return redirect(export)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = [crumb(), *([(self.export.name, self.export.get_absolute_url())] if self.export.pk else [])]
        return super().get_context_data(**kwargs, breadcrumbs=crumbs, export=self.export)


def first_rows(user: Any, export: NamedExport) -> Any:
    asked = HrSummaryForm(user, export.filters).asked
    return ColumnFile(asked, export.options).first_rows()


class OfExport(CapabilityMixin):
    capability = Capability.EXPORTS_HR
    export: NamedExport

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        require(request, self.capability)
        self.export = get_object_or_404(NamedExport.objects.visible_to(request.user), pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = [crumb(), (self.export.name, self.export.get_absolute_url())]
        return super().get_context_data(**{"breadcrumbs": crumbs, "export": self.export} | kwargs)  # type: ignore[misc]


class Export(OfExport, TablePage):
    template_name = "reports/exports/export.html"
    table = RUNS
    ordering = "-asked_at"
    row_url_name = "reports:export_run"

    def get_queryset(self) -> QuerySet[ExportRun]:
        return ExportRun.objects.visible_to(self.request.user).filter(export=self.export)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs,
            breadcrumbs=[crumb()],
            filters=in_words(self.request.user, self.export),
            recipients=self.export.recipients.order_by("name", "pk"),
        )


def in_words(user: Any, export: NamedExport) -> list[tuple[Any, Any]]:
    """Each filter with its words; what cannot be asked any more is said, and the export can still be changed."""
    try:
        asked = HrSummaryForm(user, export.filters).asked
    except BadParameters as error:
        return [(_("Filters"), sentence) for sentence in error.sentences]
    year = asked.year.label if "year" in export.filters else _("Newest school year")
    return [
        (_("School year"), year),
        *asked.in_words[:-1],
        (_("As of"), export.filters.get("on") or _("The day it is made")),
    ]


class RunExport(OfExport, View):
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = actions.run_now(export=self.export, reader=request.user, at=timezone.now())
        return redirect(run)


class StopExport(OfExport, TemplateView):
    template_name = "reports/exports/stop.html"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        actions.stop_schedule(export=self.export, actor=request.user, at=timezone.now())
        messages.success(request, _("The schedule is stopped. You can start it again at any time."))
        return redirect(self.export)


class ResumeExport(OfExport, View):
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        actions.resume_schedule(export=self.export, actor=request.user, on=request.user.today)
        messages.success(request, _("The schedule is running again."))
        return redirect(self.export)


class RemoveExport(OfExport, TemplateView):
    template_name = "reports/exports/remove.html"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        actions.remove_export(export=self.export, actor=request.user, at=timezone.now())
        messages.success(request, _("“%(name)s” is removed from your exports.") % {"name": self.export})
        return redirect("reports:exports")


class RunPage(CapabilityMixin, TemplateView):
    capability = Capability.EXPORTS_HR
    template_name = "reports/exports/run.html"

    @cached_property
    def run(self) -> ExportRun:
        runs = ExportRun.objects.visible_to(self.request.user).select_related(
            "export", "export__owner", "reader", "job"
        )
        return get_object_or_404(runs, pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        run = self.run
        return super().get_context_data(
            **kwargs,
            run=run,
            job=run.job if run.state == RunState.WAITING else None,
            may_open=may_open(self.request.user, run),
            is_owner=run.export.owner_id == self.request.user.pk,
            breadcrumbs=[crumb()],
        )


def may_open(user: Any, run: ExportRun) -> bool:
    """A file is for its reader, as long as it is kept and their roles carry as far as when it was made."""
    return run.reader_id == user.pk and bool(run.file) and run.is_within(user.reach(Capability.EXPORTS_HR))


class RunFile(RunPage):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_open(request.user, self.run):
            raise Http404
        record(actor=request.user, verb="export.opened", subject=self.run)
        response = FileResponse(self.run.file.open(), as_attachment=True, filename=self.run.filename)
        response["Cache-Control"] = "private, no-store"
        return response
