"""What a program may send about people."""

from __future__ import annotations

from rest_framework import serializers

from teachers.fields import PROFILE
from teachers.models import Teacher


class ProfileBody(serializers.ModelSerializer[Teacher]):
    class Meta:
        model = Teacher
        fields = PROFILE


class ProfileChangeBody(ProfileBody):
    reason = serializers.CharField(max_length=400, required=False, allow_blank=True, help_text="Kept with the change.")

    class Meta:
        model = Teacher
        fields = (*PROFILE, "reason")
