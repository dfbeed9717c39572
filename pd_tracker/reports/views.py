"""The catalogue of reports, and each report as page and file."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from pd_tracker.access import Capability
from pd_tracker.audit.actions import record
from pd_tracker.reports import catalogue, files
from pd_tracker.reports.declared import Report
from pd_tracker.reports.methods import LIMITS, METHODS
from pd_tracker.reports.parameters import BadParameters, ParameterForm
from pd_tracker.reports.result import ReportResult
from pd_tracker.web.downloads import file_download
from pd_tracker.web.views import CapabilityMixin, require


class Catalogue(CapabilityMixin, TemplateView):
    capability = Capability.REPORTS_VIEW
    template_name = "reports/catalogue.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(reports=catalogue.reports_for(self.request.user), **kwargs)


class Methods(CapabilityMixin, TemplateView):
    capability = Capability.REPORTS_VIEW
    template_name = "reports/methods.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        open_to = {report.name: report for report in catalogue.reports_for(self.request.user)}
        shown = [(method, [open_to[name] for name in method.reports if name in open_to]) for method in METHODS]
        return super().get_context_data(
            methods=shown, limits=LIMITS, breadcrumbs=[(_("Reports"), reverse("reports:catalogue"))], **kwargs
        )


class ReportPage(TemplateView):
    """Parameters come from the address; `format` asks for the same result as a file."""

    template_name = "reports/report.html"
    report: Report

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if kwargs["name"] not in catalogue.CATALOGUE:
            raise Http404
        self.report = catalogue.report(kwargs["name"])
        require(request, self.report.capability)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        given = request.GET.dict()
        wanted, table_key = given.pop("format", ""), given.pop("table", "")
        form = ParameterForm(self.report.parameters, request.user, given)
        try:
            if wanted:
                files.check_format(wanted)
            result = self.report.build(request.user, on=request.user.today, parameters=form.chosen)
            if wanted:
                files.one_table(result, table_key)
        except BadParameters as error:
            return self.refused(form, error, wanted)
        if wanted:
            return self.file(result, wanted, table_key)
        return self.render_to_response(self.get_context_data(form=form, result=result, **kwargs))

    def refused(self, form: ParameterForm, error: BadParameters, wanted: str) -> HttpResponse:
        if wanted == "json":
            return JsonResponse({"errors": error.sentences}, status=400)
        if not form.errors:
            form.add_error(None, list(error.sentences))
        return self.render_to_response(self.get_context_data(form=form), status=400)

    def file(self, result: ReportResult, wanted: str, table_key: str) -> FileResponse:
        record(
            actor=self.request.user,
            verb="report.exported",
            report=result.name,
            format=wanted,
            parameters=result.parameters,
        )
        response = file_download(
            lambda out: files.write(result, wanted, out, table_key=table_key),
            name=f"{result.name}.{'txt' if wanted == 'text' else wanted}",
            content_type=files.CONTENT_TYPES[wanted],
        )
        if wanted in {"json", "text"}:
            response.as_attachment = False
            response.headers.pop("Content-Disposition", None)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        breadcrumbs = [(_("Reports"), reverse("reports:catalogue"))]
        return super().get_context_data(report=self.report, breadcrumbs=breadcrumbs, **kwargs)
