"""Rules for required training for programs, and the people they hold for."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from learning_plans import serializers
from learning_plans.actions import assigning
from learning_plans.filters.assigning import RuleFilter, RuleMemberFilter
from learning_plans.models import AssignmentRule, Course, RuleMember
from learning_plans.querysets.assigning import ruled_districts, ruled_schools
from learning_plans.serializers.assigning import EndBody, ExemptionBody, RuleBody
from learning_plans.tables.assigning import FORESEEN, MEMBER, RULES
from learning_plans.viewsets.named import course_named, refused
from pd_tracker.access import Capability
from pd_tracker.api.idempotency import writes
from pd_tracker.api.resources import Given, TableViewSet
from pd_tracker.api.shapes import shaped
from teachers.viewsets import OfPeople

ACTS = ("list", "retrieve", "create", "hold", "end")


class AssignmentRuleViewSet(TableViewSet):
    """Rules that put a course into plans and hold for newcomers; their people stand under /rule-members/.

    `repeats` says whether training comes back: every `school_year`, every `every_years` in a `cycle` that is the same
    for everybody, or so long after each person's last `completion`.

    With `preview` nothing is made: the answer says whom the rule would hold for today. A rule for more than 200 people
    is put into plans in the background; `held` then grows.
    """

    model = AssignmentRule
    table = RULES
    filterset_class = RuleFilter
    ordering = "name"
    capabilities: ClassVar[dict[str, Capability]] = dict.fromkeys(ACTS, Capability.RULES_EDIT)
    bodies: ClassVar[dict[str, Any]] = {"create": RuleBody, "hold": serializers.NothingBody, "end": EndBody}
    examples: ClassVar[dict[str, Given]] = {
        "create": {
            "name": "Safety training", "course_code": "PD-101", "audience": "first_year", "due_rule": "after_hire",
            "due_days": 60, "preview": True,
        },
        "end": {"withdraw": True, "reason": "The law has changed."},
    }  # fmt: skip

    def rows(self) -> QuerySet[AssignmentRule]:
        return AssignmentRule.objects.visible_to(self.request.user).with_counts(on=self.request.user.today)

    @writes
    def create(self, request: Request) -> Response:
        given, user = self.given(request), request.user
        is_preview, staff_ids = given.pop("preview"), given.pop("staff_ids")
        rule = self.stated(given)
        chosen = assigning.reachable(user, staff_ids) if staff_ids else None
        assigning.check_rule(rule, chosen=chosen, actor=user, on=user.today)
        foreseen = assigning.foresee(rule, chosen=chosen, on=user.today)
        if is_preview:
            rows = shaped(foreseen.rows, FORESEEN.columns)
            return Response({"would_hold_for": foreseen.count, "first": rows}, status=201)
        assigning.make_rule(rule=rule, chosen=chosen, actor=user, at=timezone.now(), on=user.today)
        assigning.put_into_plans(rule, count=foreseen.count, actor=user, at=timezone.now(), on=user.today)
        return self.shown(rule.pk, status=201)

    def stated(self, given: Given) -> AssignmentRule:
        user = self.request.user
        district = get_object_or_404(ruled_districts(user)[:1])
        courses = Course.objects.visible_to(user).filter(district=district).on_offer(on=user.today)
        course, school_id = course_named(courses, given.pop("course_code")), given.pop("school_id")
        school = ruled_schools(user).filter(school_id=school_id).first() if school_id else None
        if school_id and school is None:
            raise refused("school_id", _("There is no school with this id for which you may make rules."))
        return AssignmentRule(district=district, course=course, school=school, **given)

    @action(detail=True, methods=["post"])
    @writes
    def hold(self, request: Request, pk: str) -> Response:
        """Checks at once whom the rule holds for, as happens every day by itself."""
        rule = self.running(pk)
        newcomers = assigning.foresee(rule, chosen=None, on=request.user.today).count - rule.held_count
        assigning.put_into_plans(
            rule, count=abs(newcomers), actor=request.user, at=timezone.now(), on=request.user.today
        )
        return self.shown(rule.pk)

    @action(detail=True, methods=["post"])
    @writes
    def end(self, request: Request, pk: str) -> Response:
        """Nobody joins any more; `withdraw` says whether training that is not done yet leaves the plans."""
        rule, at = self.running(pk), timezone.now()
        assigning.take_out_of_plans(rule, actor=request.user, at=at, on=request.user.today, **self.given(request))
        return self.shown(rule.pk)

    def running(self, pk: str) -> AssignmentRule:
        rule: AssignmentRule = get_object_or_404(self.rows().select_related("course"), pk=pk)
        if rule.ended_at is not None:
            raise refused("", _("This rule has ended. Make a new one instead."))
        return rule


class RuleMemberViewSet(OfPeople):
    """Whom the rules hold or held for: since when, until when, and how they stand to it today.

    Of training that comes back, `due_on` is the due day of what is asked now, and `valid_until` the last day on which
    the last completion still counts.
    """

    model = RuleMember
    table = MEMBER
    filterset_class = RuleMemberFilter
    ordering = "joined_on"
    part = "plan"
    capabilities: ClassVar[dict[str, Capability]] = dict.fromkeys(
        ("list", "retrieve", "exempt", "end_exemption"), Capability.RULES_EDIT
    )
    bodies: ClassVar[dict[str, Any]] = {"exempt": ExemptionBody, "end_exemption": serializers.NothingBody}
    examples: ClassVar[dict[str, Given]] = {"exempt": {"reason": "On loan to the county office this year."}}

    def rows(self) -> QuerySet[RuleMember]:
        user = self.request.user
        rules = AssignmentRule.objects.visible_to(user)
        return (
            RuleMember.objects.visible_to(user)
            .filter(rule__in=rules)
            .with_state(on=user.today)
            .with_person(on=user.today)
        )

    @action(detail=True, methods=["post"])
    @writes
    def exempt(self, request: Request, pk: str) -> Response:
        """An exempt person is never overdue and gets no reminders."""
        member, reason = self.member(pk), self.given(request)["reason"]
        assigning.exempt(member=member, reason=reason, actor=request.user, at=timezone.now())
        return self.shown(member.pk)

    @action(detail=True, methods=["post"], url_path="end-exemption")
    @writes
    def end_exemption(self, request: Request, pk: str) -> Response:
        member = self.member(pk)
        assigning.end_exemption(member=member, actor=request.user)
        return self.shown(member.pk)

    def member(self, pk: str) -> RuleMember:
        member: RuleMember = get_object_or_404(self.rows().select_related("rule__course", "teacher"), pk=pk)
        return member
