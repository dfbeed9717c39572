"""The filters that are on, each with the address that takes it off."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from pd_tracker.sheets.table import Kind
from pd_tracker.web.addresses import without
from pd_tracker.web.cells import in_words


@dataclass(frozen=True, slots=True)
class Chip:
    label: str
    value: str
    url: str


def chips(form: forms.Form, query: QueryDict) -> list[Chip]:
    values = getattr(form, "cleaned_data", {}) if form.is_bound and form.is_valid() else {}
    return [
        Chip(str(field.label), spoken(form.fields[field.name], values[field.name]), without(query, names(field, query)))
        for field in form
        if not is_empty(values.get(field.name))
    ]


def is_empty(value: Any) -> bool:
    return value is None or value in ("", [], ()) or (isinstance(value, QuerySet) and not value)


def names(field: forms.BoundField, query: QueryDict) -> list[str]:
    """A range travels as several parameters (`day_after`, `day_before`); all of them belong to its chip."""
    others = set(field.form.fields) - {field.name}
    return [name for name in query if name == field.name or (name.startswith(f"{field.name}_") and name not in others)]


def spoken(field: forms.Field, value: Any) -> str:
    if isinstance(value, slice):
        return stretch(field, value)
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ", ".join(one(field, each) for each in value)
    return one(field, value)


def stretch(field: forms.Field, value: slice) -> str:
    ends = {"low": one(field, value.start), "high": one(field, value.stop)}
    if value.stop is None:
        return _("from %(low)s") % ends
    return (_("up to %(high)s") if value.start is None else _("%(low)s to %(high)s")) % ends


def one(field: forms.Field, value: Any) -> str:
    if isinstance(value, bool):
        return in_words(value, Kind.YES_NO)
    if isinstance(value, date):
        return in_words(value, Kind.DATE)
    labels = {str(key): label for key, label in flat(getattr(field, "choices", ()))}
    return str(labels.get(str(value), in_words(value)))


def flat(choices: Any) -> Iterable[tuple[Any, Any]]:
    """Choices without their groups. A queryset's own choices are left alone: the value already knows its name."""
    if isinstance(choices, forms.models.ModelChoiceIterator):
        return
    for key, label in choices:
        if isinstance(label, (list, tuple)):
            yield from label
        else:
            yield key, label
