"""The page that offers the HR summary, and its download."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from pd_tracker.access import Capability
from pd_tracker.reports.facts.hr.scope import preview
from pd_tracker.reports.facts.hr.standings import bring_up_to_date
from pd_tracker.reports.hr_summary.form import Asked, HrSummaryForm
from pd_tracker.web.downloads import FORMATS, file_download
from pd_tracker.web.views import CapabilityMixin

SHEETS = (
    (_("Summary"), _("The figures one looks for first, with charts.")),
    (_("By teacher"), _("Who works where, license, hours by category, plan and coach: one row per person.")),
    (_("By school"), _("Participation, hours per FTE, renewals, cost, and who stayed, moved or left.")),
    (_("By course and section"), _("What was run, who came, how many hours it made and what it cost.")),
    (_("By funding source"), _("Hours, participants and cost of each fund.")),
    (_("Transcript detail"), _("Every line of credit with where it came from and who approved it.")),
    (_("Renewals due and overdue"), _("Licenses that have ended or end within a year.")),
    (_("Exceptions"), _("Possible duplicates, missing sites and licenses, and completions to look at.")),
    (_("About"), _("Filters, days, definitions, row counts, and a check that the sheets agree.")),
)


class HrSummary(CapabilityMixin, TemplateView):
    capability = Capability.EXPORTS_HR
    template_name = "reports/hr_summary.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        given = request.GET.dict()
        wanted = given.pop("format", "")
        self.form = HrSummaryForm(request.user, given)
        if not self.form.is_valid():
            return self.render_to_response(self.get_context_data(), status=400)
        asked = self.form.asked
        if wanted == "xlsx":
            return self.download(asked)
        return self.render_to_response(self.get_context_data(asked=asked, preview=preview(asked.scope)))

    def download(self, asked: Asked) -> FileResponse:
        from pd_tracker.reports.hr_summary.workbook import summary

        user = self.request.user
        now = timezone.localtime()
        bring_up_to_date(asked.scope, at=now)
        made = summary(asked, made_at=now)
        response = file_download(made.write, name=f"{made.name}.xlsx", content_type=FORMATS["xlsx"])
        made.note_export(by=user)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        given = {name: value for name, value in self.request.GET.items() if value and name in self.form.fields}
        saved_query = "".join(f"&{urlencode({name: value})}" for name, value in given.items())
        return super().get_context_data(form=self.form, sheets=SHEETS, saved_query=saved_query, **kwargs)
