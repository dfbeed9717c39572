"""What people type into plans."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

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


class ItemForm(forms.ModelForm):
    class Meta:
        model = PlanItem
        fields = ("course", "task", "goal", "due_on", "is_required", "note")
        widgets = {"due_on": DayInput(), "note": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "course": _("Choose a course from the catalog, or leave this empty and describe a task."),
            "due_on": _("The due day itself still counts as in time."),
        }

    def __init__(self, *args: Any, courses: Any, goals: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["course"].queryset = courses  # type: ignore[attr-defined]
        self.fields["goal"].queryset = goals  # type: ignore[attr-defined]


class AssignForm(forms.Form):
    course = forms.ModelChoiceField(queryset=Course.objects.none(), label=_("Course"))
    due_on = forms.DateField(
        label=_("Due"), required=False, widget=DayInput(), help_text=_("The due day itself still counts as in time.")
    )
    is_required = forms.BooleanField(label=_("This is required"), required=False, initial=True)
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The teacher sees this note in their plan."),
    )

    def __init__(self, *args: Any, courses: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["course"].queryset = courses  # type: ignore[attr-defined]
