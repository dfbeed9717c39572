"""Frameworks, self-assessments, needs and priorities for programs: rows, tables, filters and actions of the pages."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from learning_plans import filters, serializers
from learning_plans.actions import assessing
from learning_plans.actions import needs as need_actions
from learning_plans.models import Competency, Framework, Need, Priority, SelfAssessment
from learning_plans.rules.choices import NeedAnswer
from learning_plans.rules.needs import weight_of
from learning_plans.tables.needs import COMPETENCIES, FRAMEWORKS, NEEDS, PRIORITIES, SELF_ASSESSMENTS
from learning_plans.viewsets.named import person_named, refused
from pd_tracker.access import Capability
from pd_tracker.api.idempotency import writes
from pd_tracker.api.resources import Given, TableViewSet, refuse_stale
from teachers.models import Teacher
from teachers.querysets.people import teachers_for
from teachers.viewsets import OfPeople

READ_BY_STAFF = {"list": Capability.COURSES_VIEW, "retrieve": Capability.COURSES_VIEW}
TEXT, WHOLE = {"type": "string"}, {"type": "integer", "nullable": True}


class FrameworkViewSet(TableViewSet):
    """Frameworks of competencies; their parts stand under /competencies/."""

    model = Framework
    table = FRAMEWORKS
    filterset_class = filters.FrameworkFilter
    ordering = "name"
    capabilities: ClassVar[dict[str, Capability]] = READ_BY_STAFF

    def rows(self) -> QuerySet[Framework]:
        count = Count("competencies", filter=Q(competencies__is_retired=False))
        return Framework.objects.visible_to(self.request.user).annotate(part_count=count)


class CompetencyViewSet(TableViewSet):
    """The parts of frameworks. Retired ones stay, since courses, needs and goals point at them."""

    model = Competency
    table = COMPETENCIES
    filterset_class = filters.CompetencyFilter
    ordering = "code"
    capabilities: ClassVar[dict[str, Capability]] = READ_BY_STAFF

    def rows(self) -> QuerySet[Competency]:
        return Competency.objects.visible_to(self.request.user)


class PriorityViewSet(TableViewSet):
    """What schools and the district work on."""

    model = Priority
    table = PRIORITIES
    filterset_class = filters.PriorityFilter
    ordering = "-started_on"
    capabilities: ClassVar[dict[str, Capability]] = READ_BY_STAFF

    def rows(self) -> QuerySet[Priority]:
        return Priority.objects.visible_to(self.request.user)


class SelfAssessmentViewSet(OfPeople):
    """A teacher's own assessments. Until one is finished, only its teacher reads it."""

    model = SelfAssessment
    table = SELF_ASSESSMENTS
    filterset_class = filters.SelfAssessmentFilter
    ordering = "-started_at"
    part = "growth"
    capabilities: ClassVar[dict[str, Capability]] = {
        "list": Capability.NEEDS_VIEW,
        "retrieve": Capability.NEEDS_VIEW,
        **dict.fromkeys(("create", "rate", "finish"), Capability.NEEDS_ANSWER),
    }
    bodies: ClassVar[dict[str, Any]] = {
        "create": serializers.AssessmentBody,
        "rate": serializers.RatingsBody,
        "finish": serializers.NothingBody,
    }
    examples: ClassVar[dict[str, Given]] = {
        "create": {"framework_id": 1},
        "rate": {"ratings": [{"competency_id": 2, "level": 2, "confidence": 3, "relevance": 4, "comment": "Mornings"}]},
    }
    more_schema: ClassVar[dict[str, Any]] = {
        "ratings": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "competency_id": {"type": "integer"}, "level": WHOLE, "confidence": WHOLE, "relevance": WHOLE,
                    "comment": TEXT,
                },
            },
        }
    }  # fmt: skip

    def rows(self) -> QuerySet[SelfAssessment]:
        finished_or_own = Q(finished_at__isnull=False) | Q(teacher__user=self.request.user.pk)
        return SelfAssessment.objects.visible_to(self.request.user).filter(finished_or_own)

    def version_of(self, row: SelfAssessment) -> int:
        return int(row.saved_at.timestamp() * 1000)

    def more(self, row: SelfAssessment) -> dict[str, Any]:
        names = ("competency_id", "level", "confidence", "relevance", "comment")
        return {"ratings": list(row.ratings.order_by("competency__place", "competency").values(*names))}

    @writes
    def create(self, request: Request) -> Response:
        """Begins one; where one is open against the framework, that is answered with."""
        frameworks = Framework.objects.visible_to(request.user)
        framework = frameworks.filter(pk=self.given(request)["framework_id"]).first()
        if framework is None:
            raise refused("framework_id", _("There is no such framework."))
        teacher = get_object_or_404(Teacher.objects.filter(user=request.user.pk))
        begun = assessing.begin_assessment(teacher=teacher, framework=framework, actor=request.user, at=timezone.now())
        return self.shown(begun.pk, status=201)

    @action(detail=True, methods=["post"])
    @writes
    def rate(self, request: Request, pk: str) -> Response:
        """Keeps answers; what is not named stays as it is."""
        assessment = self.own(request, pk)
        said = {rating.pop("competency_id"): rating for rating in map(dict, self.given(request)["ratings"])}
        assessing.rate(assessment=assessment, said=said, at=timezone.now())
        return self.shown(assessment.pk)

    @action(detail=True, methods=["post"])
    @writes
    def finish(self, request: Request, pk: str) -> Response:
        assessment = self.own(request, pk)
        assessing.finish_assessment(assessment=assessment, actor=request.user, at=timezone.now(), on=request.user.today)
        return self.shown(assessment.pk)

    def own(self, request: Request, pk: str) -> SelfAssessment:
        return get_object_or_404(SelfAssessment.objects.filter(teacher__user=request.user.pk), pk=pk)


class NeedViewSet(OfPeople):
    """Where teachers could grow, with what speaks for it; sending one suggests it to somebody you look after."""

    model = Need
    table = NEEDS
    filterset_class = filters.NeedFilter
    ordering = "competency_code"
    part = "growth"
    capabilities: ClassVar[dict[str, Capability]] = {
        "list": Capability.NEEDS_VIEW,
        "retrieve": Capability.NEEDS_VIEW,
        "create": Capability.NEEDS_SUGGEST,
        "answer": Capability.NEEDS_ANSWER,
    }
    bodies: ClassVar[dict[str, Any]] = {"create": serializers.SuggestionBody, "answer": serializers.AnswerBody}
    examples: ClassVar[dict[str, Given]] = {
        "create": {"staff_id": "004217", "competency_id": 3, "words": "In both visits the same five answered."},
        "answer": {"answer": "put_off", "put_off_until": "2027-01-11", "comment": "After the tests"},
    }
    versioned = frozenset({"answer"})
    more_schema: ClassVar[dict[str, Any]] = {
        "reasons": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "source": TEXT, "weight": TEXT, "found_on": {"type": "string", "format": "date"},
                    "words": {"type": "array", "items": TEXT}, "given_by": {"type": "string", "nullable": True},
                },
            },
        }
    }  # fmt: skip

    def rows(self) -> QuerySet[Need]:
        return Need.objects.visible_to(self.request.user).speaking()

    def more(self, row: Need) -> dict[str, Any]:
        reasons = row.reasons.select_related("given_by")
        return {
            "reasons": [
                {
                    "source": reason.source,
                    "weight": weight_of(float(reason.strength)).value,
                    "found_on": reason.found_on,
                    "words": reason.sentences,
                    "given_by": reason.given_by.name if reason.given_by else None,
                }
                for reason in reasons
            ]
        }

    @writes
    def create(self, request: Request) -> Response:
        given = self.given(request)
        teacher = person_named(request, given["staff_id"], Capability.NEEDS_SUGGEST)
        in_use = Competency.objects.visible_to(request.user).filter(is_retired=False, framework__is_retired=False)
        competency = in_use.filter(pk=given["competency_id"]).first()
        if competency is None:
            raise refused("competency_id", _("There is no such competency in use."))
        reason = need_actions.suggest_need(
            teacher=teacher, competency=competency, words=given["words"], actor=request.user, on=request.user.today
        )
        return self.shown(reason.need_id, status=201)

    @action(detail=True, methods=["post"])
    @writes
    def answer(self, request: Request, pk: str) -> Response:
        """Only the teacher answers."""
        own = Need.objects.filter(teacher__in=teachers_for(request.user, Capability.NEEDS_ANSWER))
        need = get_object_or_404(own.select_for_update(of=("self",)), pk=pk)
        given = self.given(request)
        refuse_stale(request, need, given, required=False)
        said = NeedAnswer(given.pop("answer"))
        need_actions.answer_need(
            need=need, answer=said, actor=request.user, at=timezone.now(), on=request.user.today, **given
        )
        return self.shown(need.pk)
