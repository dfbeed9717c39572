"""Licenses for programs: where each stands, and the decision with every line's reason."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from learning_plans.actions.standings import freshen
from learning_plans.credit.cases import case_of
from learning_plans.credit.telling import as_data
from learning_plans.filters.licences import LicenceFilter
from learning_plans.tables.licences import LICENCE
from pd_tracker.access import Capability
from pd_tracker.api.resources import TableViewSet
from teachers.models import District, Licence


class LicenceViewSet(TableViewSet):
    """Licenses with where they stand; one alone comes with the decision about it as of today."""

    model = Licence
    table = LICENCE
    filterset_class = LicenceFilter
    ordering = "valid_from"
    capabilities: ClassVar[dict[str, Capability]] = {
        "list": Capability.LICENCES_VIEW,
        "retrieve": Capability.LICENCES_VIEW,
    }
    more_schema: ClassVar[dict[str, Any]] = {
        "decision": {
            "type": "object",
            "nullable": True,
            "additionalProperties": True,
            "description": "Amounts as decimal texts; null where nobody knows the rules that the license names.",
        }
    }

    def rows(self) -> QuerySet[Licence]:
        return Licence.objects.visible_to(self.request.user)

    def list(self, request: Request) -> Response:
        for district in District.objects.filter(pk__in=request.user.reach(Capability.LICENCES_VIEW).district_ids):
            freshen(district=district, on=request.user.today, at=timezone.now())
        return super().list(request)

    def more(self, row: Licence) -> dict[str, Any]:
        case = case_of(row, on=self.request.user.today)
        if case is None:
            return {"decision": None}
        decision = as_data(case.pack, case.decision)
        lines = [
            {
                **told,
                "completion_id": case.entries[told["index"]].completion_id,
                "date": case.facts.lines[told["index"]].day.isoformat(),
                "title": case.entries[told["index"]].title,
                "category": case.entries[told["index"]].category,
            }
            for told in decision["lines"]
        ]
        return {"decision": decision | {"lines": lines}}
