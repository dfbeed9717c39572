"""What people say when they make, change and end a rule for required training."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from learning_plans.forms.courses import CourseField
from learning_plans.models import AssignmentRule
from learning_plans.models.choices import DutyName
from learning_plans.rules.choices import Audience, DueRule, Repeats
from pd_tracker.web.widgets import DayInput
from teachers.forms.kept import KeptForm

DUE = ("repeats", "every_years", "cycle_from", "due_rule", "due_on", "due_days", "early_days")
IN_DAYS = {DueRule.AFTER_HIRE, DueRule.AFTER_JOINING, DueRule.AFTER_START}
AFTER_YEARS = {Repeats.CYCLE, Repeats.COMPLETION}
HELP = {
    "every_years": _("Only for what comes back every so many years: 2 means every two years."),
    "cycle_from": _("Only for cycles that are the same for everybody. They follow each other from this day on."),
    "early_days": _(
        "Only for what comes back: from so many days before the school year, the cycle or the end of a training’s "
        "validity on, people can renew it, and it counts for what comes next."
    ),
    "name": _("People read it in their plan, for instance “Safety training 2026-27”."),
    "note": _("The teacher sees this note in their plan."),
    "due_on": _(
        "Only with one day for everybody. The due day itself still counts as in time. What comes back with a school "
        "year or a cycle is due on the first such day and month after the start, whatever the year."
    ),
    "due_days": _(
        "Only for days after being hired, after the rule first holds, or after the start. Whoever would be late from "
        "the start gets 30 days from today."
    ),
}
WIDGETS = {"due_on": DayInput(), "cycle_from": DayInput(), "note": forms.Textarea(attrs={"rows": 3})}


class DueMixin:
    """Leaves out the days and numbers that another way of being due or of coming back had filled in."""

    cleaned_data: dict[str, Any]

    def clean(self) -> dict[str, Any] | None:
        cleaned: dict[str, Any] | None = super().clean()  # type: ignore[misc]
        due = self.cleaned_data.get("due_rule")
        if due != DueRule.FIXED:
            self.cleaned_data["due_on"] = None
        if due not in IN_DAYS:
            self.cleaned_data["due_days"] = None
        repeats = self.cleaned_data.get("repeats")
        if repeats not in AFTER_YEARS:
            self.cleaned_data["every_years"] = None
        if repeats != Repeats.CYCLE:
            self.cleaned_data["cycle_from"] = None
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

    duties = forms.MultipleChoiceField(
        label=_("Employed as, or with the role of"),
        required=False,
        choices=DutyName.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Choose none for everybody, or all it is for: whoever is any of these."),
    )

    class Meta:
        model = AssignmentRule
        fields = ("name", "course", "is_required", "audience", "people", "school", "subject", "duties", *DUE, "note")
        widgets = WIDGETS
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
        widgets = WIDGETS
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
