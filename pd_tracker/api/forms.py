"""What is asked about a new token."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pd_tracker.access import Reader
from pd_tracker.api.actions import scopes_for

LIVES = [(30, _("30 days")), (90, _("90 days")), (180, _("180 days")), (365, _("a year"))]


class TokenForm(forms.Form):
    name = forms.CharField(
        label=_("What it is for"), max_length=80, help_text=_("So that you know later which program uses it.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Never more than your own roles allow at that moment. Choose as little as the program needs."),
    )
    days = forms.TypedChoiceField(label=_("How long it works"), choices=LIVES, coerce=int, initial=90)

    def __init__(self, *args: Any, owner: Reader, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = [(scope.value, scope.label) for scope in scopes_for(owner)]  # type: ignore[attr-defined]
