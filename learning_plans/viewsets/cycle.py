"""Templates, starts of cycles and reviews for programs: the rows and actions of the pages."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Count, F, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from learning_plans import serializers
from learning_plans.actions import cycles, reviews, starting
from learning_plans.actions.starting import Outcome
from learning_plans.filters import cycle as filters
from learning_plans.forms.starting import StartForm, district_of
from learning_plans.models import CycleStart, PlanReview, PlanTemplate
from learning_plans.rules.choices import GoalState
from learning_plans.tables.plans import REVIEWS
from learning_plans.tables.templates import TEMPLATE
from learning_plans.viewsets.named import person_named, refused
from pd_tracker.access import Capability
from pd_tracker.api.idempotency import writes
from pd_tracker.api.resources import ApiViewSet, TableViewSet, refuse_stale
from teachers.models import School
from teachers.querysets.people import teachers_for
from teachers.viewsets import OfPeople

COUNT, LABEL = {"type": "integer"}, {"type": "string"}
ITEM = ("task", "due_after_days", "is_required")
STARTED = {
    "type": "object",
    "properties": {"id": COUNT, "school_year": LABEL, "state": LABEL, "done": COUNT, "plans": COUNT},
}
BY_TEMPLATE = {
    "type": "array",
    "items": {"type": "object", "properties": {"template": LABEL, "because": LABEL, "count": COUNT}},
}


class TemplateViewSet(TableViewSet):
    """What plans begin with, in the order in which they are tried."""

    model = PlanTemplate
    table = TEMPLATE
    filterset_class = filters.TemplateFilter
    ordering = "place"
    capabilities: ClassVar[dict[str, Capability]] = {
        "list": Capability.TEMPLATES_EDIT,
        "retrieve": Capability.TEMPLATES_EDIT,
    }
    more_schema: ClassVar[dict[str, Any]] = {
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "course": {"type": "string", "nullable": True, "description": "Its code."},
                    "task": LABEL,
                    "due_after_days": {"type": "integer", "nullable": True},
                    "is_required": {"type": "boolean"},
                },
            },
        }
    }

    def rows(self) -> QuerySet[PlanTemplate]:
        return PlanTemplate.objects.visible_to(self.request.user).annotate(plan_count=Count("plans"))

    def more(self, row: PlanTemplate) -> dict[str, Any]:
        items = row.items.annotate(code=F("course__code"))
        return {"items": [{"course": item.pop("code"), **item} for item in items.values("code", *ITEM)]}


class CycleViewSet(ApiViewSet):
    """Starting plans for a school or the district: look ahead first, then start, and ask how far it is."""

    capabilities: ClassVar[dict[str, Capability]] = dict.fromkeys(
        ("retrieve", "create", "preview"), Capability.PLANS_START
    )
    bodies: ClassVar[dict[str, Any]] = {"create": serializers.StartBody, "preview": serializers.StartBody}
    examples: ClassVar[dict[str, dict[str, Any]]] = {
        "create": {"school_year": "2027-28"},
        "preview": {"school_year": "2027-28", "school_id": "0101"},
    }
    answers: ClassVar[dict[str, dict[str, Any]]] = {
        "preview": {
            "type": "object",
            "properties": {
                **{outcome.value: COUNT for outcome in Outcome},
                "by_template": BY_TEMPLATE,
            },
        },
        "create": STARTED,
        "retrieve": STARTED,
    }

    @action(detail=False, methods=["post"])
    @writes
    def preview(self, request: Request) -> Response:
        """Writes nothing: how many would get which template and why, who has a plan, and whom no template fits."""
        given = self.chosen(request)
        teachers = teachers_for(request.user, Capability.PLANS_START)
        found = starting.look_ahead(teachers, year=given["year"], school=given["school"], on=request.user.today)
        counts = {outcome.value: len(found.of(outcome)) for outcome in Outcome}
        by_template = [
            {"template": template.name, "because": template.for_whom, "count": count}
            for template, count in found.by_template
        ]
        return Response(counts | {"by_template": by_template})

    @writes
    def create(self, request: Request) -> Response:
        given = self.chosen(request)
        start = cycles.start_cycle(**given, actor=request.user, on=request.user.today, at=timezone.now())
        return Response(self.told(start), status=201)

    def retrieve(self, request: Request, pk: str) -> Response:
        starts = CycleStart.objects.visible_to(request.user).select_related("job", "school_year")
        return Response(self.told(get_object_or_404(starts, pk=pk)))

    def told(self, start: CycleStart) -> dict[str, Any]:
        job = start.job
        return {
            "id": start.pk,
            "school_year": start.school_year.label,
            "state": job.state if job else "",
            "done": job.done if job else 0,
            "plans": start.plans.count(),
        }

    def chosen(self, request: Request) -> dict[str, Any]:
        """The choices of the page, named as programs name them."""
        given, district = self.given(request), district_of(request.user)
        if district is None:
            raise Http404
        school = School.objects.filter(district=district, school_id=given["school_id"]).first()
        if given["school_id"] and school is None:
            raise refused("school_id", _("There is no school with this id for which you may start plans."))
        asked = {"year": given["school_year"], "school": school.pk if school else ""}
        form = StartForm(asked, actor=request.user, district=district)
        if "year" in form.errors:
            years = ", ".join(form.years)
            raise refused(
                "school_year", _("Plans can be started for these school years: %(years)s.") % {"years": years}
            )
        if not form.is_valid():
            raise refused("school_id", _("There is no school with this id for which you may start plans."))
        return {"year": form.cleaned_data["year"], "school": form.cleaned_data["school"], "district": district}


class ReviewViewSet(OfPeople):
    """Reviews of plans, for the teacher and who looks after them. Once held they stay, and can be added to."""

    model = PlanReview
    table = REVIEWS
    filterset_class = filters.ReviewFilter
    ordering = "planned_on"
    part = "plan"
    capabilities: ClassVar[dict[str, Capability]] = {
        **dict.fromkeys(("list", "retrieve"), Capability.PLANS_VIEW_DRAFTS),
        **dict.fromkeys(("create", "hold", "words"), Capability.REVIEWS_HOLD),
    }
    bodies: ClassVar[dict[str, Any]] = {
        "create": serializers.ReviewBody,
        "hold": serializers.HoldBody,
        "words": serializers.WordsBody,
    }
    examples: ClassVar[dict[str, dict[str, Any]]] = {
        "create": {"staff_id": "004217", "planned_on": "2027-01-29"},
        "hold": {"decision": "We keep the goal.", "goals": [{"goal_id": 12, "state": "met"}], "next_on": "2027-05-14"},
        "words": {"words": "She has called back since."},
    }
    versioned = frozenset({"hold", "words"})
    more_schema: ClassVar[dict[str, Any]] = {
        "figures": {"type": "object", "additionalProperties": True},
        "changes": {"type": "array", "items": {"type": "object", "additionalProperties": True}},
    }

    def rows(self) -> QuerySet[PlanReview]:
        return PlanReview.objects.visible_to(self.request.user)

    def more(self, row: PlanReview) -> dict[str, Any]:
        return {"figures": row.figures, "changes": row.changes}

    @writes
    def create(self, request: Request) -> Response:
        given, on = self.given(request), request.user.today
        teacher = person_named(request, given["staff_id"], Capability.REVIEWS_HOLD)
        plan = starting.open_plan(teacher, on=on)
        made = reviews.plan_review(plan=plan, planned_on=given["planned_on"], actor=request.user, on=on)
        return self.shown(made.pk, status=201)

    @action(detail=True, methods=["post"])
    @writes
    def hold(self, request: Request, pk: str) -> Response:
        review = self.holdable(request, pk)
        given = self.given(request)
        changes = reviews.Changes(
            goals={line["goal_id"]: GoalState(line["state"]) for line in given.get("goals", [])},
            due={line["item_id"]: line["due_on"] for line in given.get("due", [])},
        )
        reviews.hold_review(
            review=review,
            decision=given["decision"],
            changes=changes,
            next_on=given["next_on"],
            actor=request.user,
            on=request.user.today,
        )
        return self.shown(review.pk)

    @action(detail=True, methods=["post"])
    @writes
    def words(self, request: Request, pk: str) -> Response:
        review = self.holdable(request, pk)
        words = self.given(request)["words"]
        reviews.add_words(review=review, words=words, actor=request.user, on=request.user.today)
        return self.shown(review.pk)

    def holdable(self, request: Request, pk: str) -> PlanReview:
        holds = teachers_for(request.user, Capability.REVIEWS_HOLD)
        review: PlanReview = get_object_or_404(PlanReview.objects.filter(plan__teacher__in=holds), pk=pk)
        refuse_stale(request, review, {}, required=False)
        return review
