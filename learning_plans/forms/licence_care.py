"""What HR enters about one license beside its days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from learning_plans.credit.wording import name_of
from learning_plans.models import Waiver
from learning_plans.rules.credit.asking import FactKind
from pd_tracker.web.widgets import DayInput
from teachers.models.days import PLAUSIBLE_DAY


def reason_field() -> forms.CharField:
    return forms.CharField(
        label=_("Reason"), max_length=400, help_text=_("The teacher and whoever reads the history see it.")
    )


class WaiverForm(forms.ModelForm):
    class Meta:
        model = Waiver
        fields = ("amount", "reason")


class ReasonedForm(forms.Form):
    reason = reason_field()


class FactsForm(forms.Form):
    """One field for each thing that the rules of the license ask for, as they ask for it."""

    def __init__(self, *args: Any, asked: Mapping[str, FactKind], known: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked
        for name, kind in asked.items():
            self.fields[name] = FIELDS[kind](name, known.get(name))
        self.fields["reason"] = reason_field()

    @property
    def given(self) -> dict[str, Any]:
        """As facts are kept: texts, numbers and yes."""
        return {name: as_kept(self.cleaned_data[name]) for name in self.asked}


def label_of(name: str) -> str:
    words = name_of(name)
    return words[:1].upper() + words[1:]


def yes_no(name: str, value: Any) -> forms.Field:
    return forms.BooleanField(label=label_of(name), required=False, initial=bool(value))


def day(name: str, value: Any) -> forms.Field:
    return forms.DateField(
        label=label_of(name), required=False, initial=value, widget=DayInput(), validators=PLAUSIBLE_DAY
    )


def number(name: str, value: Any) -> forms.Field:
    return forms.DecimalField(
        label=label_of(name), required=False, initial=value, min_value=0, max_digits=8, decimal_places=3
    )


FIELDS = {FactKind.YES_NO: yes_no, FactKind.DAY: day, FactKind.NUMBER: number}


def as_kept(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


class ExtensionForm(forms.Form):
    until = forms.DateField(
        label=_("Extended by law until"),
        required=False,
        widget=DayInput(),
        validators=PLAUSIBLE_DAY,
        help_text=_("The last day. Leave it empty where no extension holds."),
    )
    reason = reason_field()
