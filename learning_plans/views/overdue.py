"""Who is late with required training, for everybody who may read the plans of others."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet

from learning_plans.filters.assigning import OverdueFilter
from learning_plans.models import PlanItem
from learning_plans.tables.assigning import OVERDUE, OVERDUE_BY_SCHOOL
from pd_tracker.access import Capability
from pd_tracker.web.views import TablePage
from teachers.actions.viewing import note_export
from teachers.models import Teacher


def overdue_by_school(rows: QuerySet[Any]) -> list[tuple[Any, ...]]:
    """How many people and things of these rows each school has, the most first; who works at no school stands last."""
    counted = rows.order_by().values("school_name").annotate(
        people=Count("plan__teacher", distinct=True), things=Count("pk")
    )  # fmt: skip
    found = counted.values_list("school_name", "people", "things")
    return sorted(found, key=lambda row: (row[0] is None, -row[1], row[0] or ""))


class Overdue(TablePage):
    capability = Capability.PLANS_VIEW
    template_name = "learning_plans/overdue.html"
    table = OVERDUE
    filterset_class = OverdueFilter
    ordering = "due_on"
    row_url_name = "learning_plans:plan"

    def get_queryset(self) -> QuerySet[PlanItem]:
        user = self.request.user
        items = PlanItem.objects.visible_to(user).overdue(on=user.today).with_person(on=user.today)
        return items.filter(plan__school_year__ends_on__gte=user.today)

    def download(self, rows: QuerySet[PlanItem], wanted: str) -> Any:
        people = Teacher.objects.filter(pk__in=rows.order_by().values("plan__teacher"))
        note_export(reader=self.request.user, teachers=people, part="plan")
        return super().download(rows, wanted)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        by_school = overdue_by_school(kwargs["rows"])
        kwargs["by_school"] = OVERDUE_BY_SCHOOL.with_rows(by_school) if len(by_school) > 1 else None
        context = super().get_context_data(**kwargs)
        shown = PlanItem.objects.filter(pk__in=context["row_keys"]).values_list("pk", "plan__teacher")
        teachers = dict(shown)
        return context | {"row_keys": [teachers[key] for key in context["row_keys"]]}
