"""Whose plan stands where: for principals and leaders, the school's or district's people with their plans."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from learning_plans.filters import PlanListFilter, year_asked
from learning_plans.models import Plan
from learning_plans.models.choices import PlanStateName
from learning_plans.rules.choices import PlanDecisionKind, PlanState
from learning_plans.tables import plans as tables
from pd_tracker.access import Capability
from pd_tracker.web.views import TablePage
from teachers.actions.viewing import note_export
from teachers.fields import reaches_others
from teachers.models import Teacher
from teachers.querysets.people import teachers_for


class Plans(TablePage):
    capability = Capability.PLANS_VIEW
    template_name = "learning_plans/plans.html"
    table = tables.PLAN_LIST
    filterset_class = PlanListFilter
    ordering = "name"
    row_url_name = "learning_plans:plan"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not reaches_others(request.user, self.capability):
            raise PermissionDenied(_("Your own plan stands under “My plan”."))
        return super().dispatch(request, *args, **kwargs)

    def people(self) -> QuerySet[Teacher]:
        user = self.request.user
        return teachers_for(user, Capability.PLANS_VIEW).filter(pk__in=Teacher.objects.listed_to(user).values("pk"))

    def get_queryset(self) -> QuerySet[Teacher]:
        user = self.request.user
        rows = self.people().employed(on=user.today).with_post(on=user.today)  # type: ignore[attr-defined]
        of_year = Plan.objects.visible_to(user).filter(school_year__label=year_asked(self.request))
        plans = of_year.filter(teacher=OuterRef("pk"))
        decided = plans.filter(decisions__kind=PlanDecisionKind.SUBMITTED.value).order_by("-decisions__decided_at")
        return rows.annotate(
            plan_state=Subquery(plans.values("state")[:1]),
            handed_in_at=Subquery(decided.values("decisions__decided_at")[:1]),
        )

    def download(self, rows: QuerySet[Teacher], wanted: str) -> Any:
        people = Teacher.objects.filter(pk__in=rows.order_by().values("pk"))
        note_export(reader=self.request.user, teachers=people, part="plan")
        return super().download(rows, wanted)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Counts are of every plan, drafts and those apart too: how many there are is no secret."""
        user, year = self.request.user, year_asked(self.request)
        plans = Plan.objects.filter(teacher__in=self.people().employed(on=user.today))  # type: ignore[attr-defined]
        counted = dict(
            plans.filter(school_year__label=year).order_by().values_list("state").annotate(count=Count("pk"))
        )
        return super().get_context_data(
            **kwargs,
            year=year,
            counts=[(PlanStateName(state.value).label, counted.get(state.value, 0)) for state in PlanState],
            waiting=Plan.objects.waiting_for(user).filter(school_year__label=year).count(),
            may_start=user.may(Capability.PLANS_START),
            may_edit_templates=user.may(Capability.TEMPLATES_EDIT),
            empty_title=_("Nobody here yet"),
        )
