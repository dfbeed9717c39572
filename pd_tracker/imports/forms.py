"""What a person says about a file: what it is, and which of its columns is which."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pd_tracker.access import Reader
from pd_tracker.imports.actions import LONG
from pd_tracker.imports.catalogue import importers
from pd_tracker.imports.fields import DATE_SHAPES
from pd_tracker.imports.importer import Importer, Options
from pd_tracker.imports.rows import match_columns, quoted
from pd_tracker.imports.running import Look, Source, first_look
from pd_tracker.sheets.reading import Unreadable
from pd_tracker.web.vitals import refuse_when_disk_is_full
from pd_tracker.web.widgets import DayInput

YEAR_MEANS = [
    ("end", gettext_lazy("2004 is the school year that ends in 2004")),
    ("start", gettext_lazy("2004 is the school year that starts in 2004")),
]


class UploadForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("What the file holds"), widget=forms.RadioSelect)
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "An Excel workbook (.xlsx) or a .csv file, up to 200,000 rows; a framework may be a CASE file (.json), too."
        ),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt,.tsv,.json"}),
        validators=[refuse_when_disk_is_full],
    )
    as_of = forms.DateField(
        label=gettext_lazy("Day the file was made"),
        widget=DayInput,
        help_text=gettext_lazy("What a roster says holds up to this day. Nothing after it is taken as known."),
    )
    is_full = forms.BooleanField(
        label=gettext_lazy("This roster lists everybody who works here"),
        required=False,
        help_text=gettext_lazy("Then whoever is missing from it is shown to you as having left."),
    )
    date_shape = forms.ChoiceField(
        label=gettext_lazy("Dates that are written as text"),
        required=False,
        choices=[
            ("", gettext_lazy("There are none, or they look like 2025-08-18")),
            *((key, key) for key in DATE_SHAPES),
        ],
        help_text=gettext_lazy("Dates that Excel knows as dates are always understood."),
    )
    year_means = forms.ChoiceField(
        label=gettext_lazy("School years with one number"), choices=YEAR_MEANS, widget=forms.RadioSelect, initial="end"
    )

    def __init__(self, *args: Any, actor: Reader, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.look: Look | None = None
        self.fields["kind"].choices = [(kind, importer.title) for kind, importer in importers().items()]  # type: ignore[attr-defined]
        self.fields["as_of"].initial = actor.today

    def clean_as_of(self) -> Any:
        day = self.cleaned_data["as_of"]
        if day > self.actor.today:
            raise forms.ValidationError(_("This day has not come yet."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if {"kind", "file", "as_of"} <= cleaned.keys():
            source = Source(cleaned["file"].file, cleaned["file"].name)
            try:
                self.look = first_look(source, self.importer, self.options, long_from=LONG)
            except Unreadable as refusal:
                self.add_error("file", str(refusal))
        return cleaned

    @property
    def importer(self) -> Importer:
        return importers()[self.cleaned_data["kind"]]

    @property
    def options(self) -> Options:
        said = self.cleaned_data
        return Options(
            as_of=said["as_of"],
            today=self.actor.today,
            is_full=said["is_full"] and self.importer.is_extract,
            date_shape=said.get("date_shape", ""),
            year_means=said.get("year_means") or "end",
        )


class MatchForm(forms.Form):
    """One choice for each of their columns."""

    def __init__(self, *args: Any, importer: Importer, look: Look, mapping: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.importer, self.look = importer, look
        choices = [("", _("Leave out"))] + [(field.key, self.option(field)) for field in importer.fields]
        proposed = look.guesses | dict(mapping)
        self.headings = {f"column_{index}": heading for index, heading in enumerate(look.headings) if heading}
        for index, heading in enumerate(look.headings):
            if heading:
                self.fields[f"column_{index}"] = forms.ChoiceField(
                    label=heading,
                    choices=choices,
                    required=False,
                    initial=proposed.get(heading, ""),
                    help_text=" · ".join(sample for sample in look.samples[index] if sample),
                )

    def option(self, field: Any) -> str:
        needed = field.required or field.needs_column
        return _("%(label)s (needed)") % {"label": field.label} if needed else str(field.label)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        self.refuse_doubles(cleaned)
        if not self.errors:
            try:
                match_columns(self.look.headings, self.importer.fields, self.mapping)
            except Unreadable:
                missing = [str(field.label) for field in self.missing(cleaned)]
                raise forms.ValidationError(
                    _("Say which column holds: %(missing)s.") % {"missing": quoted(missing)}
                ) from None
        return cleaned

    def refuse_doubles(self, cleaned: Mapping[str, str]) -> None:
        seen: dict[str, str] = {}
        for name, key in list(cleaned.items()):
            if key and key in seen:
                words = _("“%(heading)s” is already this field; choose one of the two.")
                self.add_error(name, words % {"heading": self.headings[seen[key]]})
            elif key:
                seen[key] = name

    def missing(self, cleaned: Mapping[str, str]) -> list[Any]:
        chosen = set(cleaned.values())
        return [
            field
            for field in self.importer.fields
            if (field.required or field.needs_column) and field.key not in chosen
        ]

    @property
    def mapping(self) -> dict[str, str]:
        return {heading: self.cleaned_data.get(name, "") for name, heading in self.headings.items()}
