"""What people say when they make, change and end a rule for required training."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from learning_plans.forms.courses import CourseField
from learning_plans.models import AssignmentRule
from learning_plans.rules.choices import Audience, DueRule
from pd_tracker.web.widgets import DayInput
from teachers.forms.kept import KeptForm

DUE = ("due_rule", "due_on", "due_days")
HELP = {
    "name": _("People read it in their plan, for instance “Safety training 2026-27”."),
    "note": _("The teacher sees this note in their plan."),
    "due_on": _("Only with one day for everybody. The due day itself still counts as in time."),
    "due_days": _(
        "Only for days after being hired or after the rule first holds. Whoever would be late from the start gets 30 "
        "days from today."
    ),
}


class DueMixin:
    """Leaves out the day or the number that another way of being due had filled in."""

    cleaned_data: dict[str, Any]

    def clean(self) -> dict[str, Any] | None:
        cleaned: dict[str, Any] | None = super().clean()  # type: ignore[misc]
        due = self.cleaned_data.get("due_rule")
        if due != DueRule.FIXED:
            self.cleaned_data["due_on"] = None
        if due not in {DueRule.AFTER_HIRE, DueRule.AFTER_JOINING}:
            self.cleaned_data["due_days"] = None
        return cleaned


class RuleForm(DueMixin, forms.ModelForm):
    course = CourseField(label=_("Course"), help_text=_("Type part of its title or code and choose one."))
    people = forms.CharField(
        label=_("Staff ids"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Only for people you choose: one staff id on each line."),
    )

    class Meta:
        model = AssignmentRule
        fields = ("name", "course", "is_required", "audience", "people", "school", "subject", *DUE, "note")
        widgets = {"due_on": DayInput(), "note": forms.Textarea(attrs={"rows": 3})}
        help_texts = HELP | {"subject": _("Leave empty for every subject.")}

    def __init__(self, *args: Any, courses: Any, schools: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.pop("people", None)  # typed as ids, which the row does not have
        self.fields["course"].queryset = courses  # type: ignore[attr-defined]
        self.fields["school"].queryset = schools  # type: ignore[attr-defined]

    def clean_people(self) -> list[str]:
        return self.cleaned_data["people"].split()

    @property
    def staff_ids(self) -> list[str]:
        return self.cleaned_data["people"] if self.cleaned_data["audience"] == Audience.PEOPLE else []


class SureField(forms.BooleanField):
    """A confirmation is no change of the row."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class RuleChangeForm(DueMixin, KeptForm):
    class Meta:
        model = AssignmentRule
        fields = ("name", "is_required", *DUE, "note")
        widgets = {"due_on": DayInput(), "note": forms.Textarea(attrs={"rows": 3})}
        help_texts = HELP

    def __init__(self, *args: Any, open_items: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if open_items:
            words = ngettext(
                "Yes, change this in the plan of the %(count)d person who has not done it yet",
                "Yes, change this in the plans of the %(count)d people who have not done it yet",
                open_items,
            )
            self.fields["is_sure"] = SureField(label=words % {"count": open_items})


class RuleEndForm(forms.Form):
    withdraw = forms.TypedChoiceField(
        label=_("What happens to training that is not done yet?"),
        choices=[("yes", _("Take it out of the plans")), ("no", _("Leave it in the plans"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Reason"), max_length=400, help_text=_("Kept for whoever reads the history."))


class ExemptionForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason for the exemption"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The teacher reads it in their plan."),
    )
