"""What people say when they choose renewal rules, say what categories mean, and make rules of their own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learning_plans.credit.pack_text_words import number_labels, problem_sentence
from learning_plans.credit.pack_words import Part, described
from learning_plans.credit.wording import name_of
from learning_plans.models import DistrictPack
from learning_plans.rules.credit.amending import NotFound, Number, numbers, with_numbers
from learning_plans.rules.credit.reading import LONGEST_TEXT, NUMBER, BadPack, read_pack
from pd_tracker.web.widgets import DayInput
from teachers.forms.kept import KeptForm

# Addresses of other pages stand where the short name of rules does.
TAKEN = frozenset({"choices", "categories", "changes", "check"})
REASON = gettext_lazy("Kept in the history of changes.")


class ReasonField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=gettext_lazy("Reason"), max_length=400, help_text=REASON, **kwargs)


class ChoiceForm(forms.Form):
    jurisdiction = forms.CharField(
        label=gettext_lazy("State"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("As it is written on the licenses, for instance NY. Empty: every state."),
    )
    licence_type = forms.CharField(
        label=gettext_lazy("Type of license"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("As it is written on the licenses. Empty: every type."),
    )
    rule_pack = forms.ChoiceField(label=gettext_lazy("Renewal rules"))
    holds_from = forms.DateField(
        label=gettext_lazy("For periods that end on or after"),
        required=False,
        widget=DayInput(),
        help_text=gettext_lazy(
            "Today or a later day: what has ended stays as it was decided. Leave it empty only where no rules held so "
            "far; then they hold for all periods."
        ),
    )
    reason = ReasonField()

    def __init__(self, *args: Any, packs: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rule_pack"].choices = [("", _("Choose…")), *packs]  # type: ignore[attr-defined]


class AdaptForm(forms.ModelForm):
    class Meta:
        model = DistrictPack
        fields = ("code", "title", "owner")
        help_texts = {"code": gettext_lazy("Licenses and files may name it, for instance NY-ours.")}

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if code.casefold() in TAKEN:
            raise ValidationError(_("Choose another short name; this one is an address of this site."))
        return code


class OwnerForm(KeptForm):
    class Meta:
        model = DistrictPack
        fields = ("owner",)


# --- Meanings ---------------------------------------------------------------------------------------------------

PLAIN = "-"


def field_of(category: str) -> str:
    """The same category is the same field, whatever others came or went since the page was opened."""
    return f"m-{hashlib.sha256(category.casefold().encode()).hexdigest()[:16]}"


class MeaningsForm(forms.Form):
    """One question for each category: what does it count as?"""

    def __init__(
        self, *args: Any, categories: Iterable[str], codes: Iterable[str], said: Mapping[str, list[str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.said, self.categories = {name.casefold(): found for name, found in said.items()}, list(categories)
        offered = [*((code, name_of(code)) for code in codes), (PLAIN, _("hours without a category"))]
        for category in self.categories:
            was = self.said.get(category.casefold())
            self.fields[field_of(category)] = forms.MultipleChoiceField(
                label=category or _("(no category)"),
                choices=offered,
                required=False,
                initial=[PLAIN] if was == [] else was,
                widget=forms.CheckboxSelectMultiple,
            )
        self.fields["reason"] = ReasonField()

    def clean(self) -> dict[str, Any] | None:
        for category in self.categories:
            chosen = self.cleaned_data.get(field_of(category), [])
            if PLAIN in chosen and len(chosen) > 1:
                self.add_error(
                    field_of(category), _("Choose either categories of the rules or hours without a category.")
                )
        return self.cleaned_data

    @property
    def meanings(self) -> dict[str, list[str] | None]:
        """What is said otherwise than before; none where nothing is said any more."""
        changed = {}
        for category in self.categories:
            chosen = sorted(self.cleaned_data[field_of(category)])
            now = [] if chosen == [PLAIN] else chosen or None
            was = self.said.get(category.casefold())
            if now != (None if was is None else sorted(was)):
                changed[category] = now
        return changed


# --- The text of own rules --------------------------------------------------------------------------------------


class RulesForm(forms.Form):
    """The rules as text, from which day on they hold, and why. `base` is the version that was opened."""

    text = forms.CharField(
        label=gettext_lazy("The rules"),
        strip=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 28, "spellcheck": "false", "class": "pd-code"}),
    )
    base = forms.IntegerField(widget=forms.HiddenInput)
    holds_from = forms.DateField(
        label=gettext_lazy("For periods that end on or after"),
        required=False,
        widget=DayInput(),
        help_text=gettext_lazy(
            "Today or a later day: what has ended stays as it was decided. Leave it empty only while these rules hold "
            "for nobody."
        ),
    )
    reason = ReasonField()

    def __init__(self, *args: Any, code: str, latest: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.code, self.latest = code, latest

    def clean_text(self) -> str:
        text = in_lines(self.cleaned_data["text"])
        try:
            read_pack(text, name=self.code)
        except BadPack as error:
            raise ValidationError(problem_sentence(error)) from error
        return text

    def clean(self) -> dict[str, Any] | None:
        if self.cleaned_data.get("base") not in (None, self.latest):
            words = _("Somebody made version %(number)d while you wrote. Look at it before you go on.")
            self.add_error(None, words % {"number": self.latest})
        return self.cleaned_data


class NumbersForm(RulesForm):
    """The numbers of the same text, each in a field of its own; the text travels along unseen."""

    def __init__(self, *args: Any, text: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].widget = forms.HiddenInput()
        self.numbers, labels = labeled(text)
        own = {f"n-{each.key}": number_field(each, labels[each.key]) for each in self.numbers}
        self.fields = {**own, **self.fields}

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        text = self.cleaned_data.get("text")
        changed = {
            each.key: self.cleaned_data[f"n-{each.key}"]
            for each in self.numbers
            if self.cleaned_data.get(f"n-{each.key}", each.value) != each.value
        }
        if text is None or self.errors or not changed:
            return cleaned
        try:
            self.cleaned_data["text"] = with_numbers(text, changed)
            read_pack(self.cleaned_data["text"], name=self.code)
        except (NotFound, BadPack):
            self.add_error(None, _("These numbers cannot be changed here. Change them in the text."))
        return cleaned


def labeled(text: str) -> tuple[list[Number], dict[str, str]]:
    try:
        return (found := numbers(text)), number_labels(text, found)
    except BadPack:
        return [], {}


def number_field(number: Number, label: str) -> forms.CharField:
    def checked(value: str) -> None:
        is_number = value.isascii() and value.isdigit() if number.is_whole else NUMBER.fullmatch(value)
        if not is_number or value.startswith("-"):
            raise ValidationError(
                _("Give a whole number from 0 on.") if number.is_whole else _("Give a number like 15 or 22.5.")
            )

    widget = forms.TextInput(attrs={"inputmode": "numeric" if number.is_whole else "decimal", "class": "pd-short"})
    return forms.CharField(label=label, initial=number.value, max_length=16, validators=[checked], widget=widget)


def in_lines(text: str) -> str:
    """Browsers end lines in their own way."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def checked(text: str, *, code: str) -> tuple[str, list[Part]]:
    """What is wrong with a text, or else what it says."""
    try:
        pack = read_pack(in_lines(text), name=code)
    except BadPack as error:
        return problem_sentence(error), []
    return "", described(pack)
