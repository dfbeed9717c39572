"""What may be chosen in a report: one form reads the page's address, the terminal's --param and the API alike."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pd_tracker.access import Reader

Options = Sequence[tuple[str, Any]]
SHOWN_OPTIONS = 12
ALL = gettext_lazy("All")
SCHOOL_YEAR = re.compile(r"(\d{4})\s*[-–/]\s*(\d{2}|\d{4})")


class BadParameters(ValueError):
    """Values a report cannot read; `sentences` say which and what would do."""

    def __init__(self, sentences: Iterable[str]) -> None:
        self.sentences = tuple(sentences)
        super().__init__(" ".join(self.sentences))


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing to choose. `options` may ask the database; `empty` is the word for not choosing."""

    name: str
    label: Any
    options: Options | Callable[[Reader], Options]
    empty: Any = ALL
    default: str = ""
    help: Any = ""
    other_names: tuple[str, ...] = ()
    other_words: Mapping[str, str] | None = None
    read: Callable[[str], str | None] | None = None

    def field(self, reader: Reader) -> ParameterField:
        options = self.options(reader) if callable(self.options) else self.options
        return ParameterField(self, options)


class ParameterField(forms.ChoiceField):
    """Takes an option's key however it is written; another shape only when the parameter reads it."""

    def __init__(self, parameter: Parameter, options: Options) -> None:
        first = [] if parameter.default else [("", parameter.empty)]
        super().__init__(choices=[*first, *options], required=False, label=parameter.label, help_text=parameter.help)
        self.parameter, self.options = parameter, options

    def clean(self, value: Any) -> str:
        text = str(value or "").strip()
        if not text:
            return self.parameter.default
        found = self._option(text)
        if found is None:
            raise forms.ValidationError(self._complaint(text))
        return found

    def _option(self, text: str) -> str | None:
        if self.parameter.read is not None:
            return self.parameter.read(text)
        words = {plain(key): key for key, _label in self.options}
        words |= {plain(word): key for word, key in (self.parameter.other_words or {}).items()}
        return words.get(plain(text))

    def _complaint(self, text: str) -> str:
        keys = [key for key, _label in self.options]
        listed = ", ".join(keys[:SHOWN_OPTIONS]) + (", …" if len(keys) > SHOWN_OPTIONS else "")
        if not listed:
            return _("“{text}” cannot be chosen here: there is nothing to choose from yet.").format(text=text)
        return _("“{text}” is not one of the choices. Choose one of: {listed}.").format(text=text, listed=listed)


class ParameterForm(forms.Form):
    """The parameters of one report, as far as they were given; a name the report does not know is refused."""

    def __init__(self, parameters: Sequence[Parameter], reader: Reader, given: Mapping[str, str]) -> None:
        names = {other: made.name for made in parameters for other in made.other_names}
        super().__init__({names.get(name, name): value for name, value in given.items()})
        self.fields.update({made.name: made.field(reader) for made in parameters})

    def clean(self) -> dict[str, str]:
        unknown = sorted(set(self.data) - set(self.fields))
        if unknown:
            raise forms.ValidationError(
                _("This report has no parameter “{name}”. It takes: {names}.").format(
                    name="”, “".join(unknown), names=", ".join(self.fields)
                )
            )
        return self.cleaned_data

    @property
    def chosen(self) -> dict[str, str]:
        """The values to build with; BadParameters when something cannot be read."""
        if not self.is_valid():
            raise BadParameters(self.sentences)
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def sentences(self) -> list[str]:
        """Every complaint as a sentence that names its parameter."""
        own = [str(text) for text in self.non_field_errors()]
        return own + [f"{name}: {text}" for name in self.fields for text in self.errors.get(name, ())]


def plain(text: str) -> str:
    return re.sub(r"[\s_\-–]+", "", text.casefold())


def read_school_year(text: str) -> str | None:
    """2023-24, 2023-2024 or 2023/24 as the label of a school year; anything else is none."""
    shape = SCHOOL_YEAR.fullmatch(text)
    if shape is None:
        return None
    start, end = int(shape[1]), shape[2]
    following = str(start + 1)
    return f"{start}-{following[2:]}" if end in {following, following[2:]} else None
