"""What a program may send about practices, opinions and wishes."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from learning_plans.models import Adoption, CourseOpinion, Practice
from pd_tracker.api.keyset import KEY


class PracticeBody(serializers.ModelSerializer[Practice]):
    competency_id = serializers.IntegerField(required=False, allow_null=True, **KEY)
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
    completion_id = serializers.IntegerField(**KEY)

    class Meta:
        model = CourseOpinion
        fields = ("completion_id", "stars")


class WishBody(serializers.Serializer[Any]):
    course_code = serializers.CharField(max_length=60)
