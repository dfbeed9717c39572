"""Courses, sessions, completions and plans for programs: rows, tables, filters and actions of the pages."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from learning_plans import filters, serializers, tables
from learning_plans.actions import completions as completion_actions
from learning_plans.actions import plans as plan_actions
from learning_plans.models import Completion, Course, Goal, Plan, PlanItem, Session
from learning_plans.rules.choices import CompletionState
from pd_tracker.access import Capability
from pd_tracker.api.idempotency import writes
from pd_tracker.api.problems import Problem, line
from pd_tracker.api.resources import Given, TableViewSet, refuse_stale
from teachers.models import Teacher
from teachers.querysets.people import teachers_for
from teachers.viewsets import OfPeople


def refused(field: str, words: str) -> Problem:
    return Problem(_("This cannot be taken as it is; the lines below say why."), [line(field, words)])


def person_named(request: Request, staff_id: str, capability: Capability) -> Teacher:
    """Somebody out of reach and somebody who does not exist are the same to whoever asks."""
    found = teachers_for(request.user, capability).filter(staff_id=staff_id).first()
    if found is None:
        raise refused("staff_id", _("There is nobody with this staff id for whom you may do this."))
    return found


def course_named(rows: QuerySet[Course], code: str) -> Course:
    found = rows.filter(code=code).first()
    if found is None:
        raise refused("course_code", _("There is no course with this code that you could choose."))
    return found


class CourseViewSet(TableViewSet):
    """The catalog, whether on offer or not; `state` and the days of approval tell."""

    model = Course
    table = tables.COURSE
    filterset_class = filters.CourseFilter
    ordering = "title"
    capabilities: ClassVar[dict[str, Capability]] = {
        "list": Capability.COURSES_VIEW,
        "retrieve": Capability.COURSES_VIEW,
    }
    more_schema: ClassVar[dict[str, Any]] = {"competencies": {"type": "array", "items": {"type": "string"}}}

    def rows(self) -> QuerySet[Course]:
        return Course.objects.visible_to(self.request.user)

    def more(self, row: Course) -> dict[str, Any]:
        return {"competencies": [str(competency) for competency in row.competencies.all()]}


class SessionViewSet(TableViewSet):
    """Runs of courses, with the seats that are taken."""

    model = Session
    table = tables.SESSIONS
    filterset_class = filters.SessionFilter
    ordering = "starts_at"
    capabilities: ClassVar[dict[str, Capability]] = {
        "list": Capability.COURSES_VIEW,
        "retrieve": Capability.COURSES_VIEW,
    }

    def rows(self) -> QuerySet[Session]:
        return Session.objects.visible_to(self.request.user).with_seats()


class CompletionViewSet(OfPeople):
    """What people finished. Facts are corrected with a reason or voided, never deleted."""

    model = Completion
    table = tables.COMPLETION
    filterset_class = filters.CompletionFilter
    ordering = "-completed_on"
    part = "record"
    capabilities: ClassVar[dict[str, Capability]] = {
        "list": Capability.COMPLETIONS_VIEW,
        "retrieve": Capability.COMPLETIONS_VIEW,
        **dict.fromkeys(("create", "partial_update", "void", "restore", "approve"), Capability.COMPLETIONS_EDIT),
    }
    bodies: ClassVar[dict[str, Any]] = {
        "create": serializers.CompletionBody,
        "partial_update": serializers.CompletionChangeBody,
        "void": serializers.ReasonBody,
        "restore": serializers.ReasonBody,
        "approve": serializers.NothingBody,
    }
    examples: ClassVar[dict[str, Given]] = {
        "create": {
            "staff_id": "004217", "course_code": "PD-101", "completed_on": "2026-10-06", "minutes": 360,
            "external_key": "FL-88213", "credit": [{"unit": "hour", "amount": 6, "category": "Instruction"}],
        },
        "partial_update": {"minutes": 330, "reason": "The last half hour was canceled."},
        "void": {"reason": "Recorded for the wrong person."},
        "restore": {"reason": "It was the right person after all."},
    }  # fmt: skip
    versioned = frozenset({"partial_update", "void", "restore", "approve"})
    more_schema: ClassVar[dict[str, Any]] = {
        "credit": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "unit": {"type": "string"}, "amount": {"type": "number"}, "category": {"type": "string"},
                },
            },
        }
    }  # fmt: skip

    def rows(self) -> QuerySet[Completion]:
        return Completion.objects.visible_to(self.request.user)

    def more(self, row: Completion) -> dict[str, Any]:
        lines = row.credit_lines.order_by("unit", "category").values_list("unit", "amount", "category")
        return {"credit": [{"unit": unit, "amount": float(amount), "category": name} for unit, amount, name in lines]}

    @writes
    def create(self, request: Request) -> Response:
        given = self.given(request)
        teacher = person_named(request, given.pop("staff_id"), Capability.COMPLETIONS_EDIT)
        course = course_named(Course.objects.visible_to(request.user), given.pop("course_code"))
        credit, state = given.pop("credit", []), CompletionState.APPROVED.value
        completion = Completion(teacher=teacher, course=course, state=state, **{"minutes": course.minutes} | given)
        made = completion_actions.record_completion(
            completion=completion, credit=credit, actor=request.user, at=timezone.now(), on=request.user.today
        )
        return self.shown(made.pk, status=201)

    @writes
    def partial_update(self, request: Request, pk: str) -> Response:
        given = self.given(request)
        reason, credit = given.pop("reason", ""), given.pop("credit", None)
        completion = self.editable(request, pk, given)
        if "course_code" in given:
            completion.course = course_named(Course.objects.visible_to(request.user), given.pop("course_code"))
        for name, value in given.items():
            setattr(completion, name, value)
        completion_actions.correct_completion(
            completion=completion, credit=credit, actor=request.user, reason=reason, on=request.user.today
        )
        return self.shown(completion.pk)

    @action(detail=True, methods=["post"])
    @writes
    def void(self, request: Request, pk: str) -> Response:
        return self.done(completion_actions.void_completion, request, pk, **self.given(request))

    @action(detail=True, methods=["post"])
    @writes
    def restore(self, request: Request, pk: str) -> Response:
        return self.done(completion_actions.restore_completion, request, pk, **self.given(request))

    @action(detail=True, methods=["post"])
    @writes
    def approve(self, request: Request, pk: str) -> Response:
        return self.done(completion_actions.approve_completion, request, pk, at=timezone.now())

    def done(self, act: Any, request: Request, pk: str, **also: Any) -> Response:
        completion = self.editable(request, pk, {}, needs_version=False)
        act(completion=completion, actor=request.user, **also)
        return self.shown(completion.pk)

    def editable(self, request: Request, pk: str, given: Given, *, needs_version: bool = True) -> Completion:
        rows = Completion.objects.filter(teacher__in=teachers_for(request.user, Capability.COMPLETIONS_EDIT))
        locked = rows.select_for_update(of=("self",)).select_related("teacher", "course")
        completion: Completion = get_object_or_404(locked, pk=pk)
        also = {"course_code": completion.course.code}
        refuse_stale(request, completion, given, required=needs_version, also=also)
        return completion


class PlanViewSet(OfPeople):
    """Personal plans, one for a person and school year; their items stand under /plan-items/."""

    model = Plan
    table = tables.PLANS
    filterset_class = filters.PlanFilter
    ordering = "-school_year"
    part = "plan"
    capabilities: ClassVar[dict[str, Capability]] = {"list": Capability.PLANS_VIEW, "retrieve": Capability.PLANS_VIEW}
    more_schema: ClassVar[dict[str, Any]] = {
        "goals": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "id": {"type": "integer"}, "title": {"type": "string"}, "reason": {"type": "string"},
                    "measure": {"type": "string"}, "competency": {"type": "string", "nullable": True},
                },
            },
        }
    }  # fmt: skip

    def rows(self) -> QuerySet[Plan]:
        return Plan.objects.visible_to(self.request.user)

    def more(self, row: Plan) -> dict[str, Any]:
        goals = Goal.objects.visible_to(self.request.user).filter(plan=row)
        return {"goals": list(goals.values("id", "title", "reason", "measure", "competency__code"))}


class PlanItemViewSet(OfPeople):
    """Courses and tasks of plans. Whether a course is done is read from the completions."""

    model: ClassVar[type[Model]] = PlanItem
    table = tables.PLAN_ITEMS
    filterset_class = filters.PlanItemFilter
    ordering = "due_on"
    part = "plan"
    capabilities: ClassVar[dict[str, Capability]] = {
        "list": Capability.PLANS_VIEW,
        "retrieve": Capability.PLANS_VIEW,
        "assign": Capability.TRAINING_ASSIGN,
        **dict.fromkeys(("create", "partial_update", "withdraw", "restore"), Capability.PLANS_EDIT),
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
        teacher = person_named(request, given.pop("staff_id"), Capability.PLANS_EDIT)
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
        plan_actions.withdraw_items(items=[item], actor=request.user, at=timezone.now())
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
        editable = teachers_for(request.user, Capability.PLANS_EDIT)
        rows = PlanItem.objects.filter(plan__teacher__in=editable).select_for_update(of=("self",))
        item: PlanItem = get_object_or_404(rows.select_related("plan__teacher", "course"), pk=pk)
        also = {"course_code": item.course.code if item.course else ""}
        refuse_stale(request, item, given, required=needs_version, also=also)
        return item
