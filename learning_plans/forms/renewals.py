"""Writing to people whose licenses end."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from learning_plans.rules.merging import FIELDS, unknown_fields

TEXT = gettext_lazy(
    "Dear {name},\n\n"
    "your license {license} is valid until {end}; {days_left} days are left. Still missing: {short}.\n\n"
    "Your record in PD Tracker shows what counts and why. Please write to us if something is missing there.\n\n"
    "Human Resources"
)


class NoticeForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=4_000,
        initial=TEXT,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=gettext_lazy("Filled for each person: {name}, {license}, {end}, {short}, {days_left}."),
    )
    in_site = forms.BooleanField(
        label=gettext_lazy("Tell those who sign in here"),
        required=False,
        initial=True,
        help_text=gettext_lazy("Everybody else gets the letter, which you print or merge on the next page."),
    )

    def __init__(self, *args: Any, lately: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if lately:
            label = ngettext(
                "Write again to %(count)d person who was written to within the last seven days",
                "Write again to %(count)d people who were written to within the last seven days",
                lately,
            )
            self.fields["again"] = forms.BooleanField(label=label % {"count": lately}, required=False)

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"].replace("\r\n", "\n")  # as browsers send what they were given
        if strangers := unknown_fields(text):
            known = ", ".join(f"{{{name}}}" for name in FIELDS)
            words = _("There is no field {%(name)s}. The fields are %(known)s.")
            raise ValidationError(words % {"name": strangers[0], "known": known})
        return text
