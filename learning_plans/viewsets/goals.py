"""Goals of plans for programs: set, changed, met or dropped by the actions of the pages."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from learning_plans import filters, serializers
from learning_plans.actions.goals import save_goal, set_goal_state
from learning_plans.actions.plans import parts_writing
from learning_plans.models import Competency, Goal, Need, Plan
from learning_plans.querysets.plans import teachers_written_by
from learning_plans.rules.choices import GoalState, NeedAnswer, PlanState
from learning_plans.rules.plan_life import may_write_goals
from learning_plans.tables.plans import GOALS
from learning_plans.viewsets.named import person_written, refused
from learning_plans.viewsets.plans import WRITING
from pd_tracker.access import Capability
from pd_tracker.api.idempotency import writes
from pd_tracker.api.resources import Given, refuse_stale
from teachers.models import Kpi, Teacher
from teachers.querysets.people import reaches
from teachers.viewsets import OfPeople


class GoalViewSet(OfPeople):
    """Goals, as far as one may read the plans they stand in."""

    model = Goal
    table = GOALS
    filterset_class = filters.GoalFilter
    ordering = "created_at"
    part = "plan"
    capabilities: ClassVar[dict[str, Any]] = {
        "list": Capability.PLANS_VIEW,
        "retrieve": Capability.PLANS_VIEW,
        **dict.fromkeys(("create", "partial_update", "set_state"), WRITING),
    }
    bodies: ClassVar[dict[str, Any]] = {
        "create": serializers.GoalBody,
        "partial_update": serializers.GoalChangeBody,
        "set_state": serializers.GoalStateBody,
    }
    examples: ClassVar[dict[str, Given]] = {
        "create": {"staff_id": "004217", "title": "Ask open questions", "measure": "A colleague counts them twice."},
        "partial_update": {"measure": "A colleague counts them once a term."},
        "set_state": {"state": "met"},
    }
    versioned = frozenset({"partial_update", "set_state"})

    def rows(self) -> QuerySet[Goal]:
        return Goal.objects.visible_to(self.request.user)

    @writes
    def create(self, request: Request) -> Response:
        given = self.given(request)
        teacher = person_written(request, given.pop("staff_id"))
        plan_id = given.pop("plan_id", None)
        goal = Goal()
        if plan_id is not None:
            plan = Plan.objects.visible_to(request.user).filter(teacher=teacher, pk=plan_id).first()
            if plan is None:
                raise refused("plan_id", _("This person has no such plan."))
            goal.plan = plan
        return self.kept(self.changed(goal, given, teacher), teacher, status=201)

    @writes
    def partial_update(self, request: Request, pk: str) -> Response:
        given = self.given(request)
        goal = self.editable(request, pk, given)
        return self.kept(self.changed(goal, given, goal.plan.teacher), goal.plan.teacher)

    @action(detail=True, methods=["post"], url_path="state")
    @writes
    def set_state(self, request: Request, pk: str) -> Response:
        goal = self.editable(request, pk, {}, needs_version=False)
        set_goal_state(goal=goal, state=GoalState(self.given(request)["state"]), actor=request.user)
        return self.shown(goal.pk)

    def kept(self, goal: Goal, teacher: Teacher, *, status: int = 200) -> Response:
        user = self.request.user
        return self.shown(save_goal(goal=goal, teacher=teacher, actor=user, on=user.today).pk, status=status)

    def changed(self, goal: Goal, given: Given, teacher: Teacher) -> Goal:
        if given.get("competency_id") and not Competency.objects.filter(pk=given["competency_id"]).exists():
            raise refused("competency_id", _("There is no such competency."))
        if given.get("need_id"):
            needs = Need.objects.visible_to(self.request.user).filter(teacher=teacher)
            if not needs.filter(pk=given["need_id"], answer=NeedAnswer.ACCEPTED.value).exists():
                raise refused("need_id", _("This person has no such need, or has not accepted it."))
        if "kpi" in given:
            goal.kpi = self.kpi_named(given.pop("kpi"), goal, teacher)
        for name, value in given.items():
            setattr(goal, name, value)
        return goal

    def kpi_named(self, code: str, goal: Goal, teacher: Teacher) -> Kpi | None:
        """Choosing a figure shows where it stands, so it is for those who see the figures anyway."""
        if not code:
            return None
        kpi = Kpi.objects.filter(code=code).first()
        if kpi is None or (kpi != goal.kpi and not reaches(self.request.user, Capability.KPIS_VIEW, teacher)):
            raise refused("kpi", _("There is no figure with this code that you could choose for this person."))
        return kpi

    def editable(self, request: Request, pk: str, given: Given, *, needs_version: bool = True) -> Goal:
        rows = Goal.objects.filter(plan__teacher__in=teachers_written_by(request.user)).select_for_update(of=("self",))
        goal: Goal = get_object_or_404(rows.select_related("plan__teacher", "kpi"), pk=pk)
        if not may_write_goals(PlanState(goal.plan.state), parts_writing(goal.plan.teacher, request.user)):
            raise PermissionDenied
        refuse_stale(request, goal, given, required=needs_version)
        return goal
