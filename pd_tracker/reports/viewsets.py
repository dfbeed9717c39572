"""Reports for programs: the same result as on the page, in JSON."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from pd_tracker.access import Capability
from pd_tracker.api.problems import QUERY, Problem, line
from pd_tracker.api.resources import ApiViewSet
from pd_tracker.audit.actions import record
from pd_tracker.reports import catalogue
from pd_tracker.reports.parameters import BadParameters
from pd_tracker.web.views import require


class ReportViewSet(ApiViewSet):
    """The catalog of reports, and each of them with its parameters as on the page."""

    capabilities: ClassVar[dict[str, Capability]] = {
        "list": Capability.REPORTS_VIEW,
        "retrieve": Capability.REPORTS_VIEW,
    }
    answers: ClassVar[dict[str, dict[str, Any]]] = {
        "list": {"type": "array", "items": {"type": "object"}},
        "retrieve": {"type": "object"},
    }
    lookup_field, lookup_value_regex = "name", "[a-z_]{1,40}"

    def known_parameters(self) -> set[str]:
        """Each report says itself what it takes."""
        return set(self.request.query_params) if self.action == "retrieve" else set()

    def list(self, request: Request) -> Response:
        return Response(
            [
                {
                    "name": report.name,
                    "title": str(report.title),
                    "question": str(report.question),
                    "parameters": [parameter.name for parameter in report.parameters],
                }
                for report in catalogue.reports_for(request.user)
            ]
        )

    def retrieve(self, request: Request, name: str) -> Response:
        if name not in catalogue.CATALOGUE:
            raise Http404
        user = request.user
        require(request, catalogue.report(name).capability)
        try:
            result = catalogue.run(name, user, on=user.today, given=request.query_params.dict())
        except BadParameters as error:
            sentence = _("This report cannot be made like that; the lines below say why.")
            raise Problem(sentence, [line("", text, QUERY) for text in error.sentences]) from error
        record(actor=user, verb="report.exported", report=name, format="json", parameters=result.parameters)
        return Response(result.to_json())
