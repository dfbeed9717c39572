"""What a program may send about learning: people by staff id and courses by code, as in files."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from learning_plans.models import Adoption, Completion, CourseOpinion, CreditLine, PlanItem, Practice
from learning_plans.models.choices import BY_HAND

NOTE_LENGTH, MOST_CREDIT, MOST_PEOPLE = 2000, 12, 500
MOST_MINUTES = 300_000


class ReasonBody(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=400, help_text=_("The teacher reads it too."))


class NothingBody(serializers.Serializer[Any]):
    pass


class CreditBody(serializers.ModelSerializer[CreditLine]):
    class Meta:
        model = CreditLine
        fields = ("unit", "amount", "category")
        extra_kwargs = {"unit": {"required": True}, "category": {"default": ""}}


class LearntBody(serializers.ModelSerializer[Completion]):
    course_code = serializers.CharField(max_length=60)
    minutes = serializers.IntegerField(
        min_value=0, max_value=MOST_MINUTES, required=False, help_text=_("Left out, the length of the course.")
    )
    credit = CreditBody(many=True, required=False)

    class Meta:
        model = Completion
        fields: tuple[str, ...] = ("course_code", "completed_on", "minutes", "category", "fund", "credit")

    def validate_credit(self, lines: list[Any]) -> list[Any]:
        if len(lines) > MOST_CREDIT:
            raise serializers.ValidationError(_("Send at most %(most)d lines of credit.") % {"most": MOST_CREDIT})
        # A change may leave out fields, and the lines of credit would take that for themselves.
        if not all({"unit", "amount"} <= set(line) for line in lines):
            raise serializers.ValidationError(_("Give each line of credit its unit and its amount."))
        return [{"category": "", **line} for line in lines]


class CompletionBody(LearntBody):
    staff_id = serializers.CharField(max_length=40)

    class Meta(LearntBody.Meta):
        fields = ("staff_id", *LearntBody.Meta.fields, "source", "external_key")

    def get_fields(self) -> dict[str, Any]:
        choices = [(source.value, source.label) for source in BY_HAND]
        return super().get_fields() | {"source": serializers.ChoiceField(choices, default=BY_HAND[1].value)}


class CompletionChangeBody(LearntBody):
    """The person stays: a completion recorded for the wrong one is voided and recorded again."""

    reason = serializers.CharField(max_length=400, help_text=_("The teacher reads it too."))

    class Meta(LearntBody.Meta):
        fields = (*LearntBody.Meta.fields, "source", "reason")


class ItemChangeBody(serializers.ModelSerializer[PlanItem]):
    course_code = serializers.CharField(max_length=60, required=False, help_text=_("Or describe a task."))
    goal_id = serializers.IntegerField(min_value=1, max_value=2**63 - 1, required=False, allow_null=True)
    note = serializers.CharField(max_length=NOTE_LENGTH, required=False, allow_blank=True)

    class Meta:
        model = PlanItem
        fields: tuple[str, ...] = ("course_code", "task", "goal_id", "due_on", "is_required", "note")


class ItemBody(ItemChangeBody):
    staff_id = serializers.CharField(max_length=40)

    class Meta(ItemChangeBody.Meta):
        fields = ("staff_id", *ItemChangeBody.Meta.fields)


class AssignBody(serializers.Serializer[Any]):
    staff_ids = serializers.ListField(
        child=serializers.CharField(max_length=40), allow_empty=False, max_length=MOST_PEOPLE
    )
    course_code = serializers.CharField(max_length=60)
    due_on = serializers.DateField(required=False, allow_null=True, default=None)
    is_required = serializers.BooleanField(default=True)
    note = serializers.CharField(max_length=NOTE_LENGTH, required=False, allow_blank=True, default="")


class PracticeBody(serializers.ModelSerializer[Practice]):
    competency_id = serializers.IntegerField(min_value=1, max_value=2**63 - 1, required=False, allow_null=True)
    course_code = serializers.CharField(
        max_length=60, required=False, allow_blank=True, help_text=_("The course that gave the idea.")
    )

    class Meta:
        model = Practice
        fields = ("title", "how", "outcome", "evidence_url", "focus_area", "competency_id", "course_code")


class AdoptionBody(serializers.ModelSerializer[Adoption]):
    class Meta:
        model = Adoption
        fields = ("comment",)
        extra_kwargs = {"comment": {"default": ""}}


class OpinionBody(serializers.ModelSerializer[CourseOpinion]):
    completion_id = serializers.IntegerField(min_value=1, max_value=2**63 - 1)

    class Meta:
        model = CourseOpinion
        fields = ("completion_id", "stars")


class WishBody(serializers.Serializer[Any]):
    course_code = serializers.CharField(max_length=60)
