"""The totals of the old system beside ours, while both run: each difference with its reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.db.models import Case, Count, F, QuerySet, Value, When
from django.db.models.functions import Concat
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from learning_plans.actions.comparing import compare_soon, forget_comparisons
from learning_plans.credit.parallel_words import spoken
from learning_plans.filters.parallel import ParallelFilter
from learning_plans.models import OldTotal
from learning_plans.models.choices import ComparedName
from learning_plans.tables.parallel import ON_PAGE, PARALLEL, WHY
from pd_tracker.access import Capability
from pd_tracker.jobs.models import Job
from pd_tracker.sheets.table import Table
from pd_tracker.web.addresses import changed
from pd_tracker.web.downloads import FORMATS, table_download
from pd_tracker.web.views import TablePage, require
from teachers.actions.viewing import note_export
from teachers.models import District, Teacher, User


class ParallelRun(TablePage):
    capability = Capability.LICENCES_EDIT
    template_name = "learning_plans/parallel/list.html"
    filterset_class = ParallelFilter
    ordering = "-difference"
    row_url_name = "learning_plans:licence"

    def get_table(self) -> Table:
        return PARALLEL if self.request.GET.get("format", "") in FORMATS else ON_PAGE

    @cached_property
    def job(self) -> Job | None:
        """What was loaded since is compared before it is shown."""
        jobs = [
            compare_soon(district=each, owner=self.request.user, at=timezone.now())
            for each in looked_after(self.request.user)
        ]
        return next(filter(None, jobs), None)

    def get_queryset(self) -> QuerySet[OldTotal]:
        _compared = self.job
        return OldTotal.objects.editable_by(self.request.user).annotate(
            listed_name=Concat("licence__teacher__family_name", Value(", "), "licence__teacher__given_name"),
            licence_name=Concat("licence__jurisdiction", Value(" "), "licence__licence_type"),
            gap=Case(When(ours_counted__isnull=False, then=F("counted") - F("ours_counted"))),
        )

    def with_why(self, table: Table, keys: Sequence[int], rows: Sequence[Any]) -> Table:
        said = OldTotal.objects.filter(pk__in=keys).values_list("pk", "reasons", "unit")
        words = {pk: " ".join(spoken(reasons or (), unit)) for pk, reasons, unit in said}
        shown = [(*row, words[key]) for key, row in zip(keys, rows, strict=True)]
        return replace(table, columns=(*table.columns, WHY), rows=shown)

    def download(self, rows: QuerySet[OldTotal], wanted: str) -> Any:
        people = Teacher.objects.filter(pk__in=rows.order_by().values("licence__teacher"))
        note_export(reader=self.request.user, teachers=people, part="licences")
        table = self.get_table()
        raw = list(rows.values_list("pk", *table.lookups))
        shown = list(table.shown([row[1:] for row in raw]))
        return table_download(self.with_why(table, [row[0] for row in raw], shown), wanted)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        keys = context["row_keys"]
        licences = dict(OldTotal.objects.filter(pk__in=keys).values_list("pk", "licence"))
        counts = dict(self.get_queryset().order_by().values_list("result").annotate(count=Count("pk")))
        return context | {
            "table": self.with_why(context["table"], keys, list(context["table"].rows)),
            "row_keys": [licences[key] for key in keys],
            "job": self.job,
            "results": [
                {"label": label, "count": counts.get(value, 0), "url": changed(self.request.GET, {"result": value})}
                for value, label in ComparedName.choices
            ],
        }


def looked_after(user: User) -> list[District]:
    reach = user.reach(Capability.LICENCES_EDIT)
    return list(District.objects.filter(pk__in=reach.district_ids))


@require_POST
def compare_again(request: HttpRequest) -> HttpResponse:
    """Records or rules were put right: every total is compared anew."""
    require(request, Capability.LICENCES_EDIT)
    for district in looked_after(request.user):
        forget_comparisons(district)
    messages.success(request, _("Compared anew with what is on record now."))
    return redirect("learning_plans:parallel_run")


urlpatterns = [
    path("renewals/parallel-run/", ParallelRun.as_view(), name="parallel_run"),
    path("renewals/parallel-run/again/", compare_again, name="compare_again"),
]
