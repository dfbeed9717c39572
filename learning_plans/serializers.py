"""What a program may send about learning: people by staff id and courses by code, as in files."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from learning_plans.models import Completion, CreditLine, PlanItem
from learning_plans.models.choices import BY_HAND, CompletionSourceName

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


class CompletionBody(serializers.ModelSerializer[Completion]):
    staff_id = serializers.CharField(max_length=40)
    course_code = serializers.CharField(max_length=60)
    minutes = serializers.IntegerField(
        min_value=0, max_value=MOST_MINUTES, required=False, help_text=_("Left out, the length of the course.")
    )
    source = serializers.ChoiceField(
        [(source.value, source.label) for source in BY_HAND], default=CompletionSourceName.EXTERNAL.value
    )
    credit = CreditBody(many=True, required=False, max_length=MOST_CREDIT)

    class Meta:
        model = Completion
        fields = (
            "staff_id", "course_code", "completed_on", "minutes", "category", "fund", "source", "external_key", "credit",
        )  # fmt: skip


class CompletionChangeBody(CompletionBody):
    """The person stays: a completion recorded for the wrong one is voided and recorded again."""

    staff_id = None
    source = serializers.ChoiceField(CompletionSourceName.choices, required=False)
    reason = serializers.CharField(max_length=400, help_text=_("The teacher reads it too."))

    class Meta:
        model = Completion
        fields = ("course_code", "completed_on", "minutes", "category", "fund", "source", "credit", "reason")


class ItemBody(serializers.ModelSerializer[PlanItem]):
    staff_id = serializers.CharField(max_length=40)
    course_code = serializers.CharField(max_length=60, required=False, help_text=_("Or describe a task."))
    goal_id = serializers.IntegerField(min_value=1, max_value=2**63 - 1, required=False, allow_null=True)
    note = serializers.CharField(max_length=NOTE_LENGTH, required=False, allow_blank=True)

    class Meta:
        model = PlanItem
        fields = ("staff_id", "course_code", "task", "goal_id", "due_on", "is_required", "note")


class ItemChangeBody(ItemBody):
    staff_id = None

    class Meta:
        model = PlanItem
        fields = ("course_code", "task", "goal_id", "due_on", "is_required", "note")


class AssignBody(serializers.Serializer[Any]):
    staff_ids = serializers.ListField(
        child=serializers.CharField(max_length=40), allow_empty=False, max_length=MOST_PEOPLE
    )
    course_code = serializers.CharField(max_length=60)
    due_on = serializers.DateField(required=False, allow_null=True, default=None)
    is_required = serializers.BooleanField(default=True)
    note = serializers.CharField(max_length=NOTE_LENGTH, required=False, allow_blank=True, default="")
