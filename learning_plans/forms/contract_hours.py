"""How many hours the contract asks for, as HR enters it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from learning_plans.models import ContractHours
from pd_tracker.web.widgets import DayInput
from teachers.forms.kept import KeptForm


class ContractHoursForm(KeptForm):
    rule_pack = forms.ChoiceField(label=_("Rules"), help_text=_("They say which hours count, and whether FTE matters."))

    class Meta:
        model = ContractHours
        fields = ("hours", "position", "school", "rule_pack", "holds_from")
        widgets = {"holds_from": DayInput()}
        help_texts = {
            "position": _("Empty: everybody for whom nothing closer is entered."),
            "school": _("Empty: every school."),
            "holds_from": _("A school year begins on July 1. Leave it empty for all years."),
        }

    def __init__(self, *args: Any, schools: Any, packs: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school"].queryset = schools  # type: ignore[attr-defined]
        self.fields["rule_pack"].choices = list(packs)  # type: ignore[attr-defined]
