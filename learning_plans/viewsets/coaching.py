"""Coaching for programs: rows, tables, filters and actions of the pages."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from learning_plans.actions import coaching as actions
from learning_plans.filters import coaching as filters
from learning_plans.models import CoachingCycle, CoachingNote, Goal, PlanItem, Visit
from learning_plans.serializers import NothingBody
from learning_plans.serializers import coaching as serializers
from learning_plans.tables import coaching as tables
from learning_plans.viewsets.named import person_named, refused
from pd_tracker.access import Capability
from pd_tracker.api.idempotency import writes
from pd_tracker.api.resources import Given, refuse_stale
from teachers.models import Teacher
from teachers.viewsets import OfPeople

READING = dict.fromkeys(("list", "retrieve"), Capability.COACHING_VIEW)
WRITING = dict.fromkeys(("create", "partial_update"), Capability.COACHING_WRITE)


class OfCoaching(OfPeople):
    """Written by who coaches the person, read by both."""

    part = "coaching"

    @property
    def coach(self) -> Any:
        return self.request.user

    def own(self, request: Request, pk: str, given: Given, *, needs_version: bool = True) -> Any:
        rows: Any = self.model._default_manager.all()
        row = get_object_or_404(rows.editable_by(request.user).select_for_update(of=("self",)), pk=pk)
        refuse_stale(request, row, given, required=needs_version)
        return row


class CycleViewSet(OfCoaching):
    """Coaching cycles: from a goal over visits and feedback to a second visit."""

    model = CoachingCycle
    table = tables.CYCLES
    filterset_class = filters.CycleFilter
    ordering = "-started_on"
    capabilities: ClassVar[dict[str, Capability]] = {
        **READING,
        **WRITING,
        **dict.fromkeys(("close", "reopen"), Capability.COACHING_WRITE),
    }
    bodies: ClassVar[dict[str, Any]] = {
        "create": serializers.CycleBody,
        "partial_update": serializers.CycleChangeBody,
        "close": serializers.CloseBody,
        "reopen": NothingBody,
    }
    examples: ClassVar[dict[str, Given]] = {
        "create": {"staff_id": "004217", "focus": "Wait time after questions", "started_on": "2026-10-05"},
        "partial_update": {"focus": "Wait time after open questions"},
        "close": {"ended_on": "2026-12-11", "outcome": "Three seconds in nine questions of ten."},
    }
    versioned = frozenset({"partial_update", "close", "reopen"})

    def rows(self) -> QuerySet[CoachingCycle]:
        return CoachingCycle.objects.visible_to(self.request.user)

    @writes
    def create(self, request: Request) -> Response:
        given = self.given(request)
        teacher = person_named(request, given.pop("staff_id"), Capability.COACHING_WRITE)
        return self.kept(CoachingCycle(teacher=teacher, coach=self.coach), given, status=201)

    @writes
    def partial_update(self, request: Request, pk: str) -> Response:
        given = self.given(request)
        return self.kept(self.own(request, pk, given), given, status=200)

    def kept(self, cycle: CoachingCycle, given: Given, *, status: int) -> Response:
        user = self.request.user
        if given.get("goal_id") is not None:
            goals = Goal.objects.visible_to(user).filter(plan__teacher=cycle.teacher)
            if not goals.filter(pk=given["goal_id"]).exists():
                raise refused("goal_id", _("This person has no such goal."))
        for name, value in given.items():
            setattr(cycle, name, value)
        return self.shown(actions.save_cycle(cycle=cycle, actor=user, on=user.today).pk, status=status)

    @action(detail=True, methods=["post"])
    @writes
    def close(self, request: Request, pk: str) -> Response:
        cycle = self.own(request, pk, {}, needs_version=False)
        given = self.given(request)
        actions.close_cycle(cycle=cycle, actor=request.user, on=request.user.today, **given)
        return self.shown(cycle.pk)

    @action(detail=True, methods=["post"])
    @writes
    def reopen(self, request: Request, pk: str) -> Response:
        cycle = self.own(request, pk, {}, needs_version=False)
        return self.shown(actions.reopen_cycle(cycle=cycle, actor=request.user).pk)


class VisitViewSet(OfCoaching):
    """Visits with the time they took; the teacher reads them too."""

    model = Visit
    table = tables.VISITS
    filterset_class = filters.VisitFilter
    ordering = "-visited_on"
    capabilities: ClassVar[dict[str, Capability]] = READING | WRITING | {"destroy": Capability.COACHING_WRITE}
    bodies: ClassVar[dict[str, Any]] = {
        "create": serializers.VisitBody,
        "partial_update": serializers.VisitChangeBody,
    }
    examples: ClassVar[dict[str, Given]] = {
        "create": {
            "staff_id": "004217", "visited_on": "2026-10-12", "minutes": 45, "activity": "visit",
            "focus_tags": "questions, wait time", "next_step": "Count to three before calling on anybody",
            "next_step_on": "2026-10-26",
        },
        "partial_update": {"minutes": 50},
    }  # fmt: skip
    more_schema: ClassVar[dict[str, Any]] = {"item_ids": {"type": "array", "items": {"type": "integer"}}}

    def rows(self) -> QuerySet[Visit]:
        return Visit.objects.visible_to(self.request.user)

    def more(self, row: Visit) -> dict[str, Any]:
        items = PlanItem.objects.visible_to(self.request.user).filter(visits=row)
        return {"item_ids": list(items.order_by("pk").values_list("pk", flat=True))}

    @writes
    def create(self, request: Request) -> Response:
        given = self.given(request)
        teacher = person_named(request, given.pop("staff_id"), Capability.COACHING_WRITE)
        return self.kept(Visit(teacher=teacher, coach=self.coach), given, status=201)

    @writes
    def partial_update(self, request: Request, pk: str) -> Response:
        given = self.given(request)
        return self.kept(self.own(request, pk, given), given, status=200)

    @writes
    def destroy(self, request: Request, pk: str) -> Response:
        """With the notes about it; nothing of it is kept."""
        actions.remove_visit(visit=self.own(request, pk, {}, needs_version=False), actor=request.user)
        return Response(status=204)

    def kept(self, visit: Visit, given: Given, *, status: int) -> Response:
        user, items = self.request.user, self.items_named(visit.teacher, given.pop("item_ids", None))
        if given.get("cycle_id") is not None:
            own = CoachingCycle.objects.editable_by(user).filter(teacher=visit.teacher)
            if not own.filter(pk=given["cycle_id"]).exists():
                raise refused("cycle_id", _("You have no such cycle with this person."))
        for name, value in given.items():
            setattr(visit, name, value)
        actions.save_visit(visit=visit, items=items, actor=user, on=user.today, at=timezone.now())
        return self.shown(visit.pk, status=status)

    def items_named(self, teacher: Teacher, keys: list[int] | None) -> list[PlanItem] | None:
        if keys is None:
            return None
        rows = PlanItem.objects.visible_to(self.request.user).filter(plan__teacher=teacher, pk__in=keys)
        found = list(rows.select_related("plan"))
        if len(found) < len(set(keys)):
            raise refused("item_ids", _("Not all of these are in a plan of this person."))
        return found


class NoteViewSet(OfCoaching):
    """Notes about visits. The words are in the answer for one note only, and never in what a program sent twice."""

    model = CoachingNote
    table = tables.NOTES
    filterset_class = filters.NoteFilter
    ordering = "-written_at"
    capabilities: ClassVar[dict[str, Capability]] = READING | WRITING | {"destroy": Capability.COACHING_WRITE}
    bodies: ClassVar[dict[str, Any]] = {
        "create": serializers.NoteBody,
        "partial_update": serializers.NoteChangeBody,
    }
    examples: ClassVar[dict[str, Given]] = {
        "create": {"visit_id": 81, "text": "Asked twelve questions, waited after four.", "sharing": "shared"},
        "partial_update": {"sharing": "private"},
    }
    more_schema: ClassVar[dict[str, Any]] = {
        "text": {
            "type": "string",
            "nullable": True,
            "description": "Null where the reader may only know that there is a note, and in answers to writing.",
        }
    }

    def rows(self) -> QuerySet[CoachingNote]:
        return CoachingNote.objects.known_to(self.request.user)

    def more(self, row: CoachingNote) -> dict[str, Any]:
        """Answers to writing are stored for programs that ask twice; words of notes are stored in one place only."""
        if self.action != "retrieve":
            return {"text": None}
        readable = CoachingNote.objects.visible_to(self.request.user).filter(pk=row.pk)
        return {"text": readable.values_list("text", flat=True).first()}

    @writes
    def create(self, request: Request) -> Response:
        given = self.given(request)
        visits = Visit.objects.editable_by(request.user).filter(pk=given.pop("visit_id"))
        visit = visits.select_related("teacher").first()
        if visit is None:
            raise refused("visit_id", _("You have logged no such visit."))
        note = CoachingNote(visit=visit, author=self.coach, **given)
        actions.save_note(note=note, actor=request.user, at=timezone.now())
        return self.shown(note.pk, status=201)

    @writes
    def partial_update(self, request: Request, pk: str) -> Response:
        given = self.given(request)
        note = self.own(request, pk, {})
        for name, value in given.items():
            setattr(note, name, value)
        actions.save_note(note=note, actor=request.user, at=timezone.now())
        return self.shown(note.pk)

    @writes
    def destroy(self, request: Request, pk: str) -> Response:
        """Nothing of it is kept."""
        actions.delete_note(note=self.own(request, pk, {}, needs_version=False), actor=request.user)
        return Response(status=204)
