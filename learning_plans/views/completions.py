"""HR's list of all completions, to find what waits or looks wrong."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from learning_plans import tables
from learning_plans.filters import CompletionFilter
from learning_plans.models import Completion
from pd_tracker.access import Capability
from pd_tracker.web.views import TablePage
from teachers.actions.viewing import note_export
from teachers.models import Teacher


class Completions(TablePage):
    capability = Capability.COMPLETIONS_EDIT
    template_name = "learning_plans/completions.html"
    table = tables.COMPLETIONS
    filterset_class = CompletionFilter
    ordering = "-completed_on"
    row_url_name = "learning_plans:completion"

    def get_queryset(self) -> QuerySet[Completion]:
        return Completion.objects.visible_to(self.request.user)

    def download(self, rows: QuerySet[Completion], wanted: str) -> Any:
        people = Teacher.objects.filter(pk__in=rows.order_by().values("teacher"))
        note_export(reader=self.request.user, teachers=people, part="record")
        return super().download(rows, wanted)
