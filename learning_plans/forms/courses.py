"""Choosing one course out of hundreds: typed with suggestions from the browser, not scrolled for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from learning_plans.models import Course


class CourseInput(forms.TextInput):
    """A text field with the courses as suggestions; `choices` is set by the field."""

    template_name = "learning_plans/parts/course_input.html"
    choices: Any = ()

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        listed = f"{context['widget']['attrs'].get('id', name)}_list"
        context["widget"]["attrs"] |= {"list": listed, "autocomplete": "off", "class": "govuk-!-width-two-thirds"}
        return context | {"listed": listed, "courses": [label for key, label in self.choices if key]}


class CourseField(forms.ModelChoiceField):
    """Takes "Title (CODE)" as suggested, or a code or title alone where only one course goes by it."""

    widget = CourseInput
    default_error_messages = {
        "invalid_choice": _("No course here is called “%(value)s”. Type part of its title or code and choose one."),
        "several": _("Several courses are called “%(value)s”. Choose one of them, with its code."),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Course.objects.none(), **kwargs)

    def label_from_instance(self, course: Any) -> str:
        return f"{course.title} ({course.code})"

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            value = Course.objects.filter(pk=value).first()
        return self.label_from_instance(value) if isinstance(value, Course) else value

    def to_python(self, value: Any) -> Course | None:
        asked = str(value or "").strip()
        if not asked:
            return None
        code = asked.rpartition("(")[2].removesuffix(")") if asked.endswith(")") else asked
        found = [course for course in self.queryset.filter(code=code) if self.is_meant(course, asked)]
        found = found or list(self.queryset.filter(title__iexact=asked)[:2])
        if len(found) == 1:
            return found[0]
        reason = "several" if found else "invalid_choice"
        raise ValidationError(self.error_messages[reason], code=reason, params={"value": asked})

    def is_meant(self, course: Course, asked: str) -> bool:
        return asked in {course.code, self.label_from_instance(course)}

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(self.prepare_value(initial) or "") != str(data or "")
