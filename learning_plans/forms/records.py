"""What HR types about finished learning."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from learning_plans.forms.courses import CourseField
from learning_plans.models import Completion, CreditLine
from learning_plans.models.choices import BY_HAND, UnitName
from pd_tracker.web.widgets import DayInput
from teachers.forms.kept import KeptForm


class CompletionForm(KeptForm):
    reason_required = True
    course = CourseField(label=_("Course"), help_text=_("Type part of its title or code and choose one."))
    hours = forms.DecimalField(
        label=_("Hours"),
        required=False,
        min_value=Decimal(0),
        max_value=Decimal(5000),
        help_text=_("Time spent. Leave hours and minutes empty to take the length of the course."),
    )
    extra_minutes = forms.IntegerField(label=_("Minutes"), required=False, min_value=0, max_value=59)

    class Meta:
        model = Completion
        fields = ("course", "completed_on", "category", "fund", "source")
        widgets = {"completed_on": DayInput()}
        help_texts = {
            "category": _("Left empty, the category of the course is taken."),
            "fund": _("Who paid, for instance Title II-A."),
        }

    field_order = (
        "course",
        "completed_on",
        "hours",
        "extra_minutes",
        "category",
        "fund",
        "source",
        "reason",
        "version",
    )

    def __init__(self, *args: Any, courses: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["course"].queryset = courses  # type: ignore[attr-defined]
        if self.instance.pk is None:
            self.fields["source"].choices = [(source.value, source.label) for source in BY_HAND]  # type: ignore[attr-defined]
        else:
            self.initial["hours"], self.initial["extra_minutes"] = divmod(self.instance.minutes, 60)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        minutes = self.spent()
        if minutes is not None:
            self.instance.minutes = minutes
        return cleaned

    def spent(self) -> int | None:
        hours, minutes, course = (self.cleaned_data.get(name) for name in ("hours", "extra_minutes", "course"))
        if hours is None and minutes is None:
            return course.minutes if course is not None else None
        total = (hours or Decimal(0)) * 60 + (minutes or 0)
        if total != int(total):
            self.add_error("hours", _("This is not a whole number of minutes. Enter the minutes beside the hours."))
            return None
        return int(total)


class CreditForm(forms.ModelForm):
    amount = forms.DecimalField(label=_("Amount"), required=False, min_value=Decimal(0), max_digits=8, decimal_places=3)
    unit = forms.ChoiceField(label=_("Unit"), choices=UnitName.choices, required=False, initial=UnitName.HOUR)

    class Meta:
        model = CreditLine
        fields = ("amount", "unit", "category")


CreditForms = forms.formset_factory(CreditForm, extra=1, max_num=12, absolute_max=20)


def credit_given(credit: Any) -> list[Any]:
    """The lines with an amount; a line whose amount was cleared is gone."""
    lines = [form.cleaned_data for form in credit if form.cleaned_data.get("amount") is not None]
    return [{"unit": line["unit"], "amount": line["amount"], "category": line["category"]} for line in lines]
