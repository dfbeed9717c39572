"""Merging two records of one person, or keeping them apart."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class MergeForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=300, help_text=gettext_lazy("Kept with every row that moves.")
    )
    typed = forms.CharField(label=gettext_lazy("Type the name of the record that goes"), max_length=300)

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name = name

    def clean_typed(self) -> str:
        typed: str = self.cleaned_data["typed"]
        if " ".join(typed.split()).casefold() != " ".join(self.name.split()).casefold():
            raise ValidationError(_("This is not the name of the record that goes: %(name)s.") % {"name": self.name})
        return typed


class ApartForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("What tells them apart"), max_length=400)
