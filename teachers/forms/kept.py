"""Forms that change a row: they ask why, and notice when somebody else changed the row in the meantime."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from pd_tracker.audit.versions import latest_version
from pd_tracker.web.cells import in_words
from pd_tracker.web.chips import one


@dataclass(frozen=True, slots=True)
class Conflict:
    """One field that two people changed: what stands now and what this person typed."""

    label: Any
    theirs: str
    mine: str


class KeptForm(forms.ModelForm):
    """A row's form with a reason and the version it was opened at; a new row has neither."""

    asks_reason = True
    reason_required = False
    reason_label: Any = _("Reason for the change")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conflicts: list[Conflict] = []
        if self.instance.pk is None:
            return
        if self.asks_reason:
            self.fields["reason"] = forms.CharField(
                label=self.reason_label,
                required=self.reason_required,
                max_length=400,
                help_text=_("Kept with the change, for whoever reads the history."),
            )
        self.fields["version"] = forms.IntegerField(
            widget=forms.HiddenInput, required=False, initial=latest_version(self.instance)
        )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if "version" in self.fields and self.cleaned_data.get("version") != self.fields["version"].initial:
            self.conflicts = self.compared()
            self.add_error(
                None,
                _("Somebody changed this entry after you opened it. Compare both below, then save again or leave it."),
            )
            # Whoever saves again has seen the other text.
            data = self.data.copy()  # type: ignore[attr-defined]
            data[self.add_prefix("version")] = self.fields["version"].initial
            self.data = data
        return cleaned

    def compared(self) -> list[Conflict]:
        """Called before the row takes over what was typed, so `initial` is what stands in the database."""
        return [
            Conflict(
                self.fields[name].label,
                shown(self.fields[name], self.initial.get(name)),
                shown(self.fields[name], self.cleaned_data.get(name)),
            )
            for name in self.changed_data
            if name != "version" and not (name == "reason" and self.asks_reason)
        ]


def take_errors(form: Any, error: ValidationError) -> None:
    """Puts what an action refused beside its fields; what belongs to no field of the form goes on top."""
    found = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}
    for name, errors in found.items():
        form.add_error(name if name in form.fields else None, ValidationError(errors))


def shown(field: forms.Field, value: Any) -> str:
    if isinstance(field, forms.ModelChoiceField) and value and not isinstance(value, Model):
        value = field.queryset.filter(pk=value).first()
    return in_words(value) if isinstance(value, Model) else one(field, value)
