"""What a program may send about rules for required training."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from learning_plans.models import AssignmentRule
from learning_plans.models.choices import DutyName
from learning_plans.serializers import MOST_PEOPLE, NOTE_LENGTH

MOST_DAYS, MOST_YEARS, MOST_EARLY_DAYS = 3650, 10, 366


class RuleBody(serializers.ModelSerializer[AssignmentRule]):
    course_code = serializers.CharField(max_length=60)
    staff_ids = serializers.ListField(
        child=serializers.CharField(max_length=40), max_length=MOST_PEOPLE, required=False, default=list
    )
    school_id = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    note = serializers.CharField(max_length=NOTE_LENGTH, required=False, allow_blank=True, default="")
    due_days = serializers.IntegerField(min_value=0, max_value=MOST_DAYS, required=False, allow_null=True)
    duties = serializers.ListField(
        child=serializers.ChoiceField(choices=DutyName.choices), max_length=len(DutyName), required=False, default=list
    )
    every_years = serializers.IntegerField(min_value=1, max_value=MOST_YEARS, required=False, allow_null=True)
    early_days = serializers.IntegerField(min_value=0, max_value=MOST_EARLY_DAYS, required=False)
    preview = serializers.BooleanField(default=False)

    class Meta:
        model = AssignmentRule
        fields = (
            "name", "course_code", "is_required", "note", "audience", "staff_ids", "school_id", "subject", "duties",
            "repeats", "every_years", "cycle_from", "early_days", "due_rule", "due_on", "due_days", "preview",
        )  # fmt: skip


class EndBody(serializers.Serializer[Any]):
    withdraw = serializers.BooleanField()
    reason = serializers.CharField(max_length=400)


class ExemptionBody(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=1000)
