"""What a program may send about learning: people by staff id and courses by code, as in files."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from learning_plans.models import Completion, CreditLine, Goal, PlanItem
from learning_plans.models.choices import (
    BY_HAND,
    ConfidenceName,
    GoalStateName,
    LevelName,
    NeedAnswerName,
    RelevanceName,
)
from learning_plans.rules.reviews import DECIDABLE
from pd_tracker.api.keyset import KEY

NOTE_LENGTH, MOST_CREDIT, MOST_PEOPLE = 2000, 12, 500
MOST_MINUTES, MOST_RATINGS = 300_000, 500


class ReasonBody(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=400, help_text=_("The teacher reads it too."))


class NothingBody(serializers.Serializer[Any]):
    pass


class RatingBody(serializers.Serializer[Any]):
    competency_id = serializers.IntegerField(**KEY)
    level = serializers.ChoiceField(LevelName.choices, required=False, allow_null=True)
    confidence = serializers.ChoiceField(ConfidenceName.choices, required=False, allow_null=True)
    relevance = serializers.ChoiceField(RelevanceName.choices, required=False, allow_null=True)
    comment = serializers.CharField(max_length=NOTE_LENGTH, required=False, allow_blank=True)


class RatingsBody(serializers.Serializer[Any]):
    ratings = serializers.ListField(child=RatingBody(), max_length=MOST_RATINGS)


class AssessmentBody(serializers.Serializer[Any]):
    framework_id = serializers.IntegerField(**KEY)


class SuggestionBody(serializers.Serializer[Any]):
    staff_id = serializers.CharField(max_length=40)
    competency_id = serializers.IntegerField(**KEY)
    words = serializers.CharField(max_length=NOTE_LENGTH, help_text=_("The teacher reads this with your name."))


class AnswerBody(serializers.Serializer[Any]):
    answer = serializers.ChoiceField(NeedAnswerName.choices, help_text=_("“open” takes an answer back."))
    comment = serializers.CharField(max_length=NOTE_LENGTH, required=False, allow_blank=True, default="")
    put_off_until = serializers.DateField(required=False, allow_null=True, default=None)


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


class CommentBody(serializers.Serializer[Any]):
    comment = serializers.CharField(
        max_length=NOTE_LENGTH, required=False, allow_blank=True, default="", help_text=_("The teacher reads it too.")
    )


class GoalChangeBody(serializers.ModelSerializer[Goal]):
    reason = serializers.CharField(max_length=NOTE_LENGTH, required=False, allow_blank=True)
    competency_id = serializers.IntegerField(required=False, allow_null=True, **KEY)
    need_id = serializers.IntegerField(
        required=False, allow_null=True, help_text=_("A need that the teacher has accepted."), **KEY
    )
    kpi = serializers.CharField(
        max_length=40,
        required=False,
        allow_blank=True,
        help_text=_("The code of a figure. Where it stands today is kept with the goal."),
    )

    class Meta:
        model = Goal
        fields: tuple[str, ...] = ("title", "reason", "measure", "competency_id", "need_id", "kpi", "target")


class GoalBody(GoalChangeBody):
    staff_id = serializers.CharField(max_length=40)
    plan_id = serializers.IntegerField(
        required=False, help_text=_("Left out, the plan of the running school year."), **KEY
    )

    class Meta(GoalChangeBody.Meta):
        fields = ("staff_id", "plan_id", *GoalChangeBody.Meta.fields)


class GoalStateBody(serializers.Serializer[Any]):
    state = serializers.ChoiceField(
        [(state.value, state.label) for state in GoalStateName if state != GoalStateName.CARRIED]
    )


class ItemChangeBody(serializers.ModelSerializer[PlanItem]):
    course_code = serializers.CharField(max_length=60, required=False, help_text=_("Or describe a task."))
    goal_id = serializers.IntegerField(required=False, allow_null=True, **KEY)
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
    due_after_hire = serializers.IntegerField(
        min_value=0, max_value=3650, required=False, allow_null=True, default=None,
        help_text=_("In days, instead of one day for all."),
    )  # fmt: skip
    is_required = serializers.BooleanField(default=True)
    note = serializers.CharField(max_length=NOTE_LENGTH, required=False, allow_blank=True, default="")


class StartBody(serializers.Serializer[Any]):
    school_year = serializers.CharField(max_length=7, help_text=_("Its label; the running year or a later one."))
    school_id = serializers.CharField(
        max_length=30, required=False, default="", allow_blank=True, help_text=_("Left out, the whole district.")
    )


class ReviewBody(serializers.Serializer[Any]):
    staff_id = serializers.CharField(max_length=40)
    planned_on = serializers.DateField()


class ReviewedGoalBody(serializers.Serializer[Any]):
    goal_id = serializers.IntegerField(**KEY)
    state = serializers.ChoiceField([(state.value, GoalStateName(state).label) for state in DECIDABLE])


class DueBody(serializers.Serializer[Any]):
    item_id = serializers.IntegerField(**KEY)
    due_on = serializers.DateField(allow_null=True)


class HoldBody(serializers.Serializer[Any]):
    decision = serializers.CharField(max_length=4000)
    goals = ReviewedGoalBody(many=True, required=False)
    due = DueBody(many=True, required=False)
    next_on = serializers.DateField(required=False, allow_null=True, default=None)


class WordsBody(serializers.Serializer[Any]):
    words = serializers.CharField(max_length=4000)
