"""What I tried, and how it went for somebody else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from learning_plans.forms.courses import CourseField, CourseInput
from learning_plans.models import Adoption, Competency, Practice
from pd_tracker.access import Reader
from teachers.forms.kept import KeptForm

NO_STUDENTS = _("Please name no student, and nothing that lets one be guessed.")


class PracticeForm(KeptForm):
    evidence_url = Practice._meta.get_field("evidence_url").formfield(assume_scheme="https")
    course = CourseField(
        label=_("Learned in"), required=False, help_text=_("The course that gave you the idea. Type part of its title.")
    )

    class Meta:
        model = Practice
        fields = ("title", "how", "outcome", "evidence_url", "focus_area", "competency", "course")
        widgets = {
            "how": forms.Textarea(attrs={"rows": 6}),
            "outcome": forms.Textarea(attrs={"rows": 4}),
            "focus_area": CourseInput(),
        }
        help_texts = {
            "title": _("In a few words, so that colleagues find it."),
            "how": NO_STUDENTS,
            "outcome": NO_STUDENTS,
            "focus_area": _("One word or two. Choose one that is there if it fits, so that your practice is found."),
        }

    def __init__(self, *args: Any, reader: Reader, courses: Any, areas: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["course"].queryset = courses
        fields["focus_area"].widget.choices = [(area, area) for area in areas]
        in_use = Competency.objects.visible_to(reader).filter(is_retired=False, framework__is_retired=False)
        fields["competency"].queryset = in_use.select_related("framework")


class AdoptionForm(forms.ModelForm):
    class Meta:
        model = Adoption
        fields = ("comment",)
        widgets = {"comment": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"comment": NO_STUDENTS}
