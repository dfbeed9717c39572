"""What people type into plans."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from learning_plans.forms.courses import CourseField
from learning_plans.models import Course, Goal, PlanItem
from pd_tracker.web.widgets import DayInput


class GoalForm(forms.ModelForm):
    class Meta:
        model = Goal
        fields = ("title", "reason", "measure", "competency")
        widgets = {"reason": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "title": _("One thing to get better at, in plain words."),
            "measure": _("What you will see or count when the goal is met."),
        }


NOTE_LENGTH = 2000


class ItemForm(forms.ModelForm):
    course = CourseField(
        label=_("Course"),
        required=False,
        help_text=_("Type part of its title or code and choose one, or leave this empty and describe a task."),
    )
    note = forms.CharField(
        label=_("Note"), required=False, max_length=NOTE_LENGTH, widget=forms.Textarea(attrs={"rows": 3})
    )

    class Meta:
        model = PlanItem
        fields = ("course", "task", "goal", "due_on", "is_required", "note")
        widgets = {"due_on": DayInput()}
        help_texts = {"due_on": _("The due day itself still counts as in time.")}

    def __init__(self, *args: Any, courses: Any, goals: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What stands in the plan may stay there, even when it is no longer on offer.
        offered = Q(pk__in=courses.values("pk")) | Q(pk=self.instance.course_id)
        self.fields["course"].queryset = Course.objects.filter(offered)  # type: ignore[attr-defined]
        self.fields["goal"].queryset = goals  # type: ignore[attr-defined]


class AssignForm(forms.Form):
    course = CourseField(label=_("Course"), help_text=_("Type part of its title or code and choose one."))
    due_on = forms.DateField(
        label=_("Due"), required=False, widget=DayInput(), help_text=_("The due day itself still counts as in time.")
    )
    due_after_hire = forms.IntegerField(
        label=_("Or: days after each was hired"),
        required=False,
        min_value=0,
        max_value=3650,
        help_text=_("Instead of one day for all. Whose days are over gets 30 days from today."),
    )
    is_required = forms.BooleanField(
        label=_("This is required"),
        required=False,
        initial=True,
        help_text=_("Required training becomes overdue. Without this mark it is a recommendation."),
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The teacher sees this note in their plan."),
    )

    def __init__(self, *args: Any, courses: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["course"].queryset = courses  # type: ignore[attr-defined]
