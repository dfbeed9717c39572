"""Plans and their items for programs: rows, tables, filters and actions of the pages."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from learning_plans import filters, serializers
from learning_plans.actions import plan_life
from learning_plans.actions import plans as plan_actions
from learning_plans.actions.closed_copies import FIGURES
from learning_plans.models import Course, Goal, Plan, PlanDecision, PlanItem
from learning_plans.querysets.measures import may_read_figures
from learning_plans.querysets.plans import parts_of, teachers_written_by
from learning_plans.rules.choices import PlanState
from learning_plans.rules.plan_life import Act, may, may_change_item
from learning_plans.tables.plans import PLAN_ITEMS, PLANS
from learning_plans.viewsets.named import course_named, person_written, refused
from pd_tracker.access import Capability
from pd_tracker.api.idempotency import writes
from pd_tracker.api.resources import Given, refuse_stale
from teachers.models import Teacher
from teachers.querysets.people import teachers_for
from teachers.viewsets import OfPeople

WRITING = (Capability.PLANS_WRITE_OWN, Capability.PLANS_EDIT)
APPROVING = (Capability.PLANS_APPROVE, Capability.PLANS_APPROVE_APART)
TEXT, NUMBER = {"type": "string"}, {"type": "number", "nullable": True}


class PlanViewSet(OfPeople):
    """Personal plans, one for a person and school year; goals stand under /goals/, items under /plan-items/."""

    model = Plan
    table = PLANS
    filterset_class = filters.PlanFilter
    ordering = "-school_year"
    part = "plan"
    capabilities: ClassVar[dict[str, Any]] = {
        "list": Capability.PLANS_VIEW,
        "retrieve": Capability.PLANS_VIEW,
        **dict.fromkeys(("submit", "take_back"), WRITING),
        **dict.fromkeys(("return_to_teacher", "approve"), APPROVING),
        "close": (*WRITING, *APPROVING),
    }
    bodies: ClassVar[dict[str, Any]] = {
        **dict.fromkeys(("submit", "take_back"), serializers.NothingBody),
        **dict.fromkeys(("return_to_teacher", "approve", "close"), serializers.CommentBody),
    }
    examples: ClassVar[dict[str, Given]] = {"return_to_teacher": {"comment": "Choose a later day for the course."}}
    versioned = frozenset({"submit", "take_back", "return_to_teacher", "approve", "close"})
    more_schema: ClassVar[dict[str, Any]] = {
        "goals": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "id": {"type": "integer"}, "title": TEXT, "reason": TEXT, "measure": TEXT, "state": TEXT,
                    "competency": TEXT | {"nullable": True}, "kpi": TEXT | {"nullable": True},
                    "baseline": NUMBER, "baseline_on": TEXT | {"format": "date", "nullable": True}, "target": NUMBER,
                },
            },
        },
        "decisions": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"step": TEXT, "comment": TEXT, "by": TEXT, "at": TEXT | {"format": "date-time"}},
            },
        },
        "closed_copy": {"type": "object", "nullable": True, "description": "What a closed plan said."},
    }  # fmt: skip

    def rows(self) -> QuerySet[Plan]:
        return Plan.objects.visible_to(self.request.user)

    def more(self, row: Plan) -> dict[str, Any]:
        user = self.request.user
        goals = Goal.objects.visible_to(user).filter(plan=row).select_related("competency", "kpi")
        decisions = PlanDecision.objects.visible_to(user).filter(plan=row).select_related("decided_by")
        sees_figures = may_read_figures(user, row.teacher)
        return {
            "goals": [goal_shown(goal, sees_figures=sees_figures) for goal in goals],
            "decisions": [
                {"step": one.kind, "comment": one.comment, "by": str(one.decided_by or ""), "at": one.decided_at}
                for one in decisions
            ],
            "closed_copy": closed_copy_for(row, sees_figures=sees_figures),
        }

    def asked(self, request: Request, pk: str, act: Act, *, needs_version: bool = False) -> Plan:
        rows = self.rows().select_for_update(of=("self",)).select_related("teacher", "school_year")
        plan: Plan = get_object_or_404(rows, pk=pk)
        if not may(act, parts_of(request.user, plan)):
            raise PermissionDenied
        refuse_stale(request, plan, {}, required=needs_version)
        return plan

    @action(detail=True, methods=["post"])
    @writes
    def submit(self, request: Request, pk: str) -> Response:
        plan = self.asked(request, pk, Act.SUBMIT)
        plan_life.submit(plan=plan, actor=request.user, on=request.user.today)
        return self.shown(plan.pk)

    @action(detail=True, methods=["post"], url_path="take-back")
    @writes
    def take_back(self, request: Request, pk: str) -> Response:
        plan = self.asked(request, pk, Act.TAKE_BACK)
        plan_life.take_back(plan=plan, actor=request.user)
        return self.shown(plan.pk)

    @action(detail=True, methods=["post"], url_path="return")
    @writes
    def return_to_teacher(self, request: Request, pk: str) -> Response:
        """Says what should change. If-Match names the plan that was read."""
        plan = self.asked(request, pk, Act.RETURN, needs_version=True)
        plan_life.return_plan(plan=plan, actor=request.user, **self.given(request))
        return Response(status=204)  # a draft again, which whoever returned it may not read

    @action(detail=True, methods=["post"])
    @writes
    def approve(self, request: Request, pk: str) -> Response:
        """If-Match names the plan that was read."""
        plan = self.asked(request, pk, Act.APPROVE, needs_version=True)
        plan_life.approve(plan=plan, actor=request.user, **self.given(request))
        return self.shown(plan.pk)

    @action(detail=True, methods=["post"])
    @writes
    def close(self, request: Request, pk: str) -> Response:
        plan = self.asked(request, pk, Act.CLOSE)
        plan_life.close(plan=plan, actor=request.user, on=request.user.today, **self.given(request))
        return self.shown(plan.pk)


def closed_copy_for(plan: Plan, *, sees_figures: bool) -> dict[str, Any] | None:
    if plan.closed_copy is None or sees_figures:
        return plan.closed_copy
    goals = [{key: value for key, value in goal.items() if key not in FIGURES} for goal in plan.closed_copy["goals"]]
    return plan.closed_copy | {"goals": goals}


def goal_shown(goal: Goal, *, sees_figures: bool) -> dict[str, Any]:
    baseline, target = (None if one is None else float(one) for one in (goal.baseline, goal.target))
    figures = {"baseline": baseline, "baseline_on": goal.baseline_on, "target": target}
    return {
        "id": goal.pk,
        **{name: getattr(goal, name) for name in ("title", "reason", "measure", "state")},
        "competency": goal.competency.code if goal.competency else None,
        "kpi": goal.kpi.code if goal.kpi else None,
        **(figures if sees_figures else {}),
    }


class PlanItemViewSet(OfPeople):
    """Courses and tasks of plans. Whether a course is done is read from the completions."""

    model: ClassVar[type[Model]] = PlanItem
    table = PLAN_ITEMS
    filterset_class = filters.PlanItemFilter
    ordering = "due_on"
    part = "plan"
    capabilities: ClassVar[dict[str, Any]] = {
        "list": Capability.PLANS_VIEW,
        "retrieve": Capability.PLANS_VIEW,
        "assign": Capability.TRAINING_ASSIGN,
        **dict.fromkeys(("create", "partial_update", "withdraw", "restore"), WRITING),
    }
    bodies: ClassVar[dict[str, Any]] = {
        "create": serializers.ItemBody,
        "partial_update": serializers.ItemChangeBody,
        "assign": serializers.AssignBody,
        "withdraw": serializers.NothingBody,
        "restore": serializers.NothingBody,
    }
    examples: ClassVar[dict[str, Given]] = {
        "create": {"staff_id": "004217", "course_code": "PD-101", "due_on": "2027-01-29", "is_required": True},
        "partial_update": {"due_on": "2027-02-26"},
        "assign": {"staff_ids": ["004217", "004218"], "course_code": "PD-101", "due_on": "2027-01-29"},
    }
    creating = frozenset({"create", "assign"})
    versioned = frozenset({"partial_update", "withdraw", "restore"})
    answers: ClassVar[dict[str, dict[str, Any]]] = {
        "assign": {
            "type": "object",
            "properties": {
                "assigned": {"type": "array", "items": {"type": "integer"}, "description": "Ids of the new items."},
                "already_had": {"type": "array", "items": {"type": "string"}, "description": "Staff ids."},
            },
        }
    }

    def rows(self) -> QuerySet[PlanItem]:
        return PlanItem.objects.visible_to(self.request.user).with_facts()

    @property
    def on_offer(self) -> QuerySet[Course]:
        user = self.request.user
        return Course.objects.visible_to(user).on_offer(on=user.today)

    @writes
    def create(self, request: Request) -> Response:
        given = self.given(request)
        teacher = person_written(request, given.pop("staff_id"))
        item = self.changed(PlanItem(), given, teacher)
        plan_actions.save_item(item=item, teacher=teacher, actor=request.user, on=request.user.today)
        return self.shown(item.pk, status=201)

    @writes
    def partial_update(self, request: Request, pk: str) -> Response:
        given = self.given(request)
        item = self.editable(request, pk, given)
        teacher = item.plan.teacher
        plan_actions.save_item(
            item=self.changed(item, given, teacher), teacher=teacher, actor=request.user, on=request.user.today
        )
        return self.shown(item.pk)

    @action(detail=False, methods=["post"])
    @writes
    def assign(self, request: Request) -> Response:
        """One course for several people at once; who has it already is left as they are."""
        given = self.given(request)
        wanted = set(given.pop("staff_ids"))
        teachers = list(teachers_for(request.user, Capability.TRAINING_ASSIGN).filter(staff_id__in=wanted))
        strangers = sorted(wanted - {teacher.staff_id for teacher in teachers})
        if strangers:
            words = _("There is nobody with these staff ids to whom you may assign training: %(ids)s.")
            raise refused("staff_ids", words % {"ids": ", ".join(strangers)})
        course = course_named(self.on_offer, given.pop("course_code"))
        made = plan_actions.assign_training(
            teachers=teachers, course=course, coach=request.user, on=request.user.today, **given
        )
        had = [teacher.staff_id for teacher in made.already_had]
        return Response({"assigned": [item.pk for item in made.items], "already_had": had}, status=201)

    @action(detail=True, methods=["post"])
    @writes
    def withdraw(self, request: Request, pk: str) -> Response:
        item = self.editable(request, pk, {}, needs_version=False)
        plan_actions.take_out(item=item, actor=request.user, at=timezone.now())
        return self.shown(item.pk)

    @action(detail=True, methods=["post"])
    @writes
    def restore(self, request: Request, pk: str) -> Response:
        item = self.editable(request, pk, {}, needs_version=False)
        plan_actions.restore_item(item=item, actor=request.user)
        return self.shown(item.pk)

    def changed(self, item: PlanItem, given: Given, teacher: Teacher) -> PlanItem:
        if "course_code" in given:
            item.course = course_named(self.on_offer, given.pop("course_code"))
        if given.get("goal_id") is not None:
            goals = Goal.objects.visible_to(self.request.user).filter(plan__teacher=teacher)
            if not goals.filter(pk=given["goal_id"]).exists():
                raise refused("goal_id", _("This person has no such goal."))
        for name, value in given.items():
            setattr(item, name, value)
        return item

    def editable(self, request: Request, pk: str, given: Given, *, needs_version: bool = True) -> PlanItem:
        rows = PlanItem.objects.filter(plan__teacher__in=teachers_written_by(request.user))
        rows = rows.select_for_update(of=("self",))
        item: PlanItem = get_object_or_404(rows.select_related("plan__teacher", "course"), pk=pk)
        parts = plan_actions.parts_writing(item.plan.teacher, request.user)
        if not may_change_item(PlanState(item.plan.state), parts, item, user_id=request.user.pk):
            raise PermissionDenied
        also = {"course_code": item.course.code if item.course else ""}
        refuse_stale(request, item, given, required=needs_version, also=also)
        return item
