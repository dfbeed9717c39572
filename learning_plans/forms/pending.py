"""What somebody decides about waiting completions, and what proves one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import URLValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learning_plans.actions.evidence import checked_kind
from learning_plans.actions.pending import Act
from pd_tracker.web.vitals import refuse_when_disk_is_full


class DecideForm(forms.Form):
    act = forms.ChoiceField(
        label=gettext_lazy("What happens with them"),
        choices=[
            (Act.APPROVE.value, gettext_lazy("Approve: they count from now on")),
            (Act.RETURN.value, gettext_lazy("Return: the teacher reads why and can add what is missing")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=400,
        help_text=gettext_lazy("Needed to return something. The teacher reads it."),
    )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.cleaned_data.get("act") == Act.RETURN and not self.cleaned_data.get("reason"):
            self.add_error("reason", _("Say why. The teacher reads it too."))
        return cleaned


class EvidenceForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("PDF, PNG or JPEG, up to 10 MB."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
        validators=[refuse_when_disk_is_full],
    )
    link = forms.URLField(
        label=gettext_lazy("Or a link"),
        required=False,
        max_length=500,
        assume_scheme="https",
        validators=[URLValidator(schemes=["https", "http"])],
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=400,
        help_text=gettext_lazy("The teacher and whoever approves the hours can open it; nobody else."),
    )

    def clean_file(self) -> UploadedFile[Any] | None:
        file: UploadedFile[Any] | None = self.cleaned_data["file"]
        if file is not None:
            checked_kind(file)
        return file

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if not self.errors and bool(self.cleaned_data.get("file")) == bool(self.cleaned_data.get("link")):
            raise ValidationError(_("Give a file or a link, one of the two."))
        return cleaned
