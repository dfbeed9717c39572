"""What a program may send about coaching."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from learning_plans.models import CoachingCycle, Visit
from learning_plans.models.choices import SharingName
from pd_tracker.api.keyset import KEY

LONGEST_NOTE, MOST_ITEMS = 20_000, 50


def id_field(**kwargs: Any) -> serializers.IntegerField:
    return serializers.IntegerField(**KEY, **kwargs)


class CycleChangeBody(serializers.ModelSerializer[CoachingCycle]):
    goal_id = id_field(required=False, allow_null=True)

    class Meta:
        model = CoachingCycle
        fields: tuple[str, ...] = ("focus", "goal_id", "started_on")


class CycleBody(CycleChangeBody):
    staff_id = serializers.CharField(max_length=40)

    class Meta(CycleChangeBody.Meta):
        fields = ("staff_id", *CycleChangeBody.Meta.fields)


class CloseBody(serializers.Serializer[Any]):
    ended_on = serializers.DateField()
    outcome = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class VisitChangeBody(serializers.ModelSerializer[Visit]):
    cycle_id = id_field(required=False, allow_null=True)
    item_ids = serializers.ListField(
        child=id_field(), required=False, max_length=MOST_ITEMS, help_text=_("Ids under /plan-items/.")
    )

    class Meta:
        model = Visit
        fields: tuple[str, ...] = (
            "visited_on", "minutes", "activity", "cycle_id", "focus_tags", "next_step", "next_step_on", "item_ids",
        )  # fmt: skip


class VisitBody(VisitChangeBody):
    staff_id = serializers.CharField(max_length=40)

    class Meta(VisitChangeBody.Meta):
        fields = ("staff_id", *VisitChangeBody.Meta.fields)


class NoteChangeBody(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=LONGEST_NOTE, trim_whitespace=False)
    sharing = serializers.ChoiceField(SharingName.choices, default=SharingName.PRIVATE.value)


class NoteBody(NoteChangeBody):
    visit_id = id_field()
