"""Practices for programs: what is shared, one's own drafts, and taking up what somebody shared."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from learning_plans.actions import practices as actions
from learning_plans.filters import practices as filters
from learning_plans.models import Adoption, Competency, Course, Practice
from learning_plans.serializers import NothingBody
from learning_plans.serializers import practices as serializers
from learning_plans.tables import practices as tables
from learning_plans.viewsets.named import course_named, own_teacher, refused
from pd_tracker.access import Capability
from pd_tracker.api.idempotency import writes
from pd_tracker.api.resources import Given, TableViewSet, refuse_stale


class PracticeViewSet(TableViewSet):
    """What teachers tried and shared, and one's own drafts. Who tries something is counted, never named."""

    model = Practice
    table = tables.PRACTICE
    filterset_class = filters.PracticeFilter
    ordering = "-shared_at"
    capabilities: ClassVar[dict[str, Capability]] = {
        **dict.fromkeys(("list", "retrieve"), Capability.COURSES_VIEW),
        **dict.fromkeys(
            ("create", "partial_update", "share", "take_back", "take_up", "stop"), Capability.PRACTICES_SHARE
        ),
    }
    bodies: ClassVar[dict[str, Any]] = {
        "create": serializers.PracticeBody,
        "partial_update": serializers.PracticeBody,
        "take_up": serializers.AdoptionBody,
        **dict.fromkeys(("share", "take_back", "stop"), NothingBody),
    }
    examples: ClassVar[dict[str, Given]] = {
        "create": {"title": "Exit tickets", "how": "Three questions on paper", "focus_area": "classroom talk"},
        "partial_update": {"outcome": "Most students answered two of three."},
        "take_up": {"comment": "It worked best on Mondays."},
    }
    versioned = frozenset({"partial_update", "share", "take_back"})
    more_schema: ClassVar[dict[str, Any]] = {
        "how_it_went": {"type": "array", "items": {"type": "string"}},
        "i_try_it_since": {"type": "string", "format": "date", "nullable": True},
    }

    def rows(self) -> QuerySet[Practice]:
        return Practice.objects.visible_to(self.request.user).with_adoptions()

    def more(self, row: Practice) -> dict[str, Any]:
        here = Adoption.objects.visible_to(self.request.user).filter(practice=row)
        mine = here.filter(teacher__user=self.request.user.pk).first()
        told = here.exclude(comment="").values_list("comment", flat=True)
        return {"how_it_went": list(told), "i_try_it_since": mine.adopted_on if mine else None}

    @writes
    def create(self, request: Request) -> Response:
        """A draft, until it is shared."""
        practice = self.changed(Practice(teacher=own_teacher(request)), self.given(request))
        made = actions.save_practice(practice=practice, actor=request.user, at=timezone.now())
        return self.shown(made.pk, status=201)

    @writes
    def partial_update(self, request: Request, pk: str) -> Response:
        given = self.given(request)
        practice = self.own(request, pk, given)
        actions.save_practice(practice=self.changed(practice, given), actor=request.user, at=timezone.now())
        return self.shown(practice.pk)

    @action(detail=True, methods=["post"])
    @writes
    def share(self, request: Request, pk: str) -> Response:
        practice = self.own(request, pk, {}, needs_version=False)
        actions.share_practice(practice=practice, actor=request.user, at=timezone.now())
        return self.shown(practice.pk)

    @action(detail=True, methods=["post"])
    @writes
    def take_back(self, request: Request, pk: str) -> Response:
        practice = self.own(request, pk, {}, needs_version=False)
        actions.take_practice_back(practice=practice, actor=request.user, at=timezone.now())
        return self.shown(practice.pk)

    @action(detail=True, methods=["post"])
    @writes
    def take_up(self, request: Request, pk: str) -> Response:
        """I try this too; sent again with a comment, it says how it went."""
        comment = self.given(request)["comment"]
        practice = get_object_or_404(Practice.objects.visible_to(request.user).shared(), pk=pk)
        adoption = Adoption.objects.own(request.user).filter(practice=practice).first()
        if adoption is not None:
            actions.say_how_it_went(adoption=adoption, comment=comment, actor=request.user)
        else:
            teacher, on = own_teacher(request), request.user.today
            actions.adopt(practice=practice, teacher=teacher, actor=request.user, on=on, comment=comment)
        return self.shown(practice.pk)

    @action(detail=True, methods=["post"])
    @writes
    def stop(self, request: Request, pk: str) -> Response:
        adoption = get_object_or_404(Adoption.objects.own(request.user), practice=pk)
        actions.stop_trying(adoption=adoption, actor=request.user)
        return self.shown(int(pk))

    def changed(self, practice: Practice, given: Given) -> Practice:
        user = self.request.user
        if "course_code" in given:
            code = given.pop("course_code")
            practice.course = course_named(Course.objects.visible_to(user), code) if code else None
        if given.get("competency_id") is not None:
            known = Competency.objects.visible_to(user).filter(is_retired=False, pk=given["competency_id"])
            if not known.exists():
                raise refused("competency_id", _("There is no such competency in use."))
        for name, value in given.items():
            setattr(practice, name, value)
        return practice

    def own(self, request: Request, pk: str, given: Given, *, needs_version: bool = True) -> Practice:
        rows = Practice.objects.editable_by(request.user).select_for_update(of=("self",))
        practice: Practice = get_object_or_404(rows.select_related("course"), pk=pk)
        also = {"course_code": practice.course.code if practice.course else ""}
        refuse_stale(request, practice, given, required=needs_version, also=also)
        return practice
