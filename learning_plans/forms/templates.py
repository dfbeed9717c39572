"""What leaders write into templates."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from learning_plans.actions.shipped import SHIPPED
from learning_plans.forms.courses import CourseField
from learning_plans.models import Course, Framework, PlanTemplate, TemplateItem
from teachers.forms.kept import KeptForm
from teachers.models import District, School

COURSES_LIST = "courses-on-offer"
MOST_ITEMS = 30


class TemplateForm(KeptForm):
    class Meta:
        model = PlanTemplate
        fields = (
            "name",
            "guidance",
            "place",
            "position",
            "experience_from",
            "experience_to",
            "school_level",
            "school",
            "subject",
            "framework",
            "is_apart_from_evaluation",
            "mentor_within_days",
            "goals_within_days",
            "weekly_minutes",
            "review_days",
        )
        labels = {"experience_to": _("Years of experience, to")}
        help_texts = {
            "guidance": _("They stand at the top of each plan."),
            "position": _("Whatever is left empty holds for everybody."),
            "experience_from": _("Full years of teaching before this school year: a first year is 0."),
        }
        widgets = {"guidance": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, district: District, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school"].queryset = School.objects.filter(district=district)  # type: ignore[attr-defined]
        frameworks = Q(is_retired=False) | Q(pk=self.instance.framework_id)
        self.fields["framework"].queryset = Framework.objects.filter(frameworks)  # type: ignore[attr-defined]


class TemplateItemForm(forms.ModelForm):
    course = CourseField(
        label=_("Course"), required=False, widget=forms.TextInput(attrs={"list": COURSES_LIST, "autocomplete": "off"})
    )

    class Meta:
        model = TemplateItem
        fields = ("course", "task", "due_after_days", "is_required")

    def __init__(self, *args: Any, courses: QuerySet[Course], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = Q(pk__in=courses.values("pk")) | Q(pk=self.instance.course_id)
        self.fields["course"].queryset = Course.objects.filter(offered)  # type: ignore[attr-defined]


TemplateItemForms = forms.inlineformset_factory(
    PlanTemplate, TemplateItem, form=TemplateItemForm, extra=2, max_num=MOST_ITEMS, absolute_max=MOST_ITEMS + 10
)


class ShippedForm(forms.Form):
    take = forms.MultipleChoiceField(
        label=_("Templates to take"),
        choices=[(each.key, each.name) for each in SHIPPED],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one.")},
    )
