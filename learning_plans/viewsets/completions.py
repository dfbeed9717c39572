"""Completions for programs: rows, tables, filters and actions of the pages."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from learning_plans import filters, serializers, tables
from learning_plans.actions import completions as completion_actions
from learning_plans.models import Completion, Course
from learning_plans.rules.choices import CompletionState
from learning_plans.viewsets.named import course_named, person_named
from pd_tracker.access import Capability
from pd_tracker.api.idempotency import writes
from pd_tracker.api.resources import Given, refuse_stale
from teachers.querysets.people import teachers_for
from teachers.viewsets import OfPeople


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
