"""Recommendations, opinions and wishes for programs."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from learning_plans.actions import recommending as actions
from learning_plans.filters.practices import WishFilter
from learning_plans.models import Completion, Course, CourseOpinion, CourseWish, Need
from learning_plans.models.reasons import sentence
from learning_plans.querysets.candidates import recommended
from learning_plans.rules.recommending import Ranked
from learning_plans.serializers import practices as serializers
from learning_plans.tables import practices as tables
from learning_plans.viewsets.named import course_named, own_teacher
from pd_tracker.access import Capability
from pd_tracker.api.idempotency import writes
from pd_tracker.api.resources import ID, ApiViewSet, Given
from pd_tracker.api.shapes import schema_of, shaped
from teachers.actions.viewing import note_view
from teachers.querysets.people import teachers_for
from teachers.viewsets import OfPeople

MOST = 50
PART = {
    "type": "object",
    "properties": {
        "part": {"type": "string"},
        "value": {"type": "number", "nullable": True, "description": "From 0 to 1; empty where it is not known."},
        "words": {"type": "string"},
    },
}
RECOMMENDATION = {
    "type": "object",
    "properties": {
        "course_id": {"type": "integer", "description": "The id under /courses/."},
        "course": {"type": "string"},
        "score": {"type": "number", "description": "From 0 to 1: the weighted mean of the parts that are known."},
        "parts": {"type": "array", "items": PART},
    },
}


class RecommendationViewSet(ApiViewSet):
    """The fifty courses that answer a need best, by the weights of the district, with every part in words."""

    capabilities: ClassVar[dict[str, Capability]] = {"retrieve": Capability.NEEDS_VIEW}
    answers: ClassVar[dict[str, dict[str, Any]]] = {"retrieve": {"type": "array", "items": RECOMMENDATION}}

    def get_queryset(self) -> QuerySet[Need]:
        return Need.objects.none() if getattr(self, "swagger_fake_view", False) else self.needs()

    def needs(self) -> QuerySet[Need]:
        return Need.objects.visible_to(self.request.user).select_related("teacher", "competency__framework")

    def retrieve(self, request: Request, pk: str) -> Response:
        user = request.user
        if not (user.may(Capability.COMPLETIONS_VIEW) and user.may(Capability.PLANS_VIEW)):
            # Else courses that are done or planned already would stand in the list.
            raise PermissionDenied(_("Recommendations take needs:read, completions:read and plans:read together."))
        need = get_object_or_404(self.needs(), pk=pk)
        note_view(reader=user, teacher=need.teacher, part="plan")
        return Response([said(one) for one in recommended(user, need, on=user.today, after=timezone.now())[:MOST]])


def said(one: Ranked) -> dict[str, Any]:
    parts = [{"part": part.name.value, "value": part.value, "words": sentence(part)} for part in one.parts]
    return {"course_id": one.course.key, "course": one.course.title, "score": one.score, "parts": parts}


class OpinionViewSet(ApiViewSet):
    """One's own answers to “Would you recommend it?”; of others there are averages on the page of the course."""

    capabilities: ClassVar[dict[str, Capability]] = dict.fromkeys(("list", "create"), Capability.PRACTICES_SHARE)
    bodies: ClassVar[dict[str, Any]] = {"create": serializers.OpinionBody}
    examples: ClassVar[dict[str, Given]] = {"create": {"completion_id": 4711, "stars": 5}}
    answers: ClassVar[dict[str, dict[str, Any]]] = {
        "list": {"type": "array", "items": schema_of((ID, *tables.OPINIONS.columns))},
        "create": schema_of((ID, *tables.OPINIONS.columns)),
    }

    def list(self, request: Request) -> Response:
        own = CourseOpinion.objects.visible_to(request.user).order_by("-given_at", "-pk")
        return Response(rows_of(own, tables.OPINIONS.also(ID)))

    @writes
    def create(self, request: Request) -> Response:
        """The first answer about a completion, or another one in its place."""
        given = self.given(request)
        own = Completion.objects.filter(teacher__in=teachers_for(request.user, Capability.PRACTICES_SHARE))
        completion = get_object_or_404(own.select_related("teacher"), pk=given["completion_id"])
        made = actions.give_opinion(completion=completion, stars=given["stars"], actor=request.user, at=timezone.now())
        kept = CourseOpinion.objects.visible_to(request.user).filter(pk=made.pk)
        return Response(rows_of(kept, tables.OPINIONS.also(ID))[0], status=201)


class WishViewSet(OfPeople):
    """Who asks for a session of which course, as far as the reader may see their records; one's own can be changed."""

    model = CourseWish
    table = tables.COURSE_WISHES
    filterset_class = WishFilter
    ordering = "-wished_at"
    part = "record"
    capabilities: ClassVar[dict[str, Capability]] = {
        "list": Capability.COMPLETIONS_VIEW,
        **dict.fromkeys(("create", "destroy"), Capability.PRACTICES_SHARE),
    }
    bodies: ClassVar[dict[str, Any]] = {"create": serializers.WishBody}
    examples: ClassVar[dict[str, Given]] = {"create": {"course_code": "PD-101"}}
    answers: ClassVar[dict[str, dict[str, Any]]] = {"create": schema_of((ID, *tables.COURSE_WISHES.columns))}
    retrieve = None  # type: ignore[assignment]

    def rows(self) -> QuerySet[CourseWish]:
        return CourseWish.objects.visible_to(self.request.user)

    @writes
    def create(self, request: Request) -> Response:
        user = request.user
        course = course_named(
            Course.objects.visible_to(user).on_offer(on=user.today), self.given(request)["course_code"]
        )
        wish = actions.ask_for_run(teacher=own_teacher(request), course=course, actor=user, at=timezone.now())
        return Response(rows_of(CourseWish.objects.filter(pk=wish.pk), self.get_table())[0], status=201)

    @writes
    def destroy(self, request: Request, pk: str) -> Response:
        own = CourseWish.objects.filter(teacher__in=teachers_for(request.user, Capability.PRACTICES_SHARE))
        actions.take_wish_back(wish=get_object_or_404(own, pk=pk), actor=request.user)
        return Response(status=204)


def rows_of(rows: QuerySet[Any], table: Any) -> list[dict[str, Any]]:
    return shaped(list(rows.values_list(*table.lookups)), table.columns)
