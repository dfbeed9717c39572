"""What is asked on the page of a license."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from learning_plans.forms.courses import CourseField


class WhatIfForm(forms.Form):
    course = CourseField(label=_("Course"), help_text=_("Its code or a part of its name."))

    def __init__(self, *args: Any, courses: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["course"].queryset = courses  # type: ignore[attr-defined]
