"""What one may ask of the HR summary, the same on the page and at the command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pd_tracker.access import Reader
from pd_tracker.reports.facts.hr.scope import POSITIONS, Scope, YearSpan, schools_in_reach, year_spans
from pd_tracker.reports.parameters import Parameter, ParameterForm, read_school_year
from pd_tracker.web.widgets import DayInput

INCLUDE, LEAVE_OUT = "yes", "no"


def year_options(reader: Reader) -> list[tuple[str, str]]:
    return [(year.label, year.label) for year in year_spans(reader)]


def school_options(reader: Reader) -> list[tuple[str, str]]:
    schools = schools_in_reach(reader).order_by("name", "school_id").values_list("school_id", "name")
    return [(code, f"{name} ({code})") for code, name in schools]


YEAR = Parameter(
    "year",
    gettext_lazy("School year"),
    year_options,
    empty=gettext_lazy("Newest school year"),
    read=read_school_year,
)
SCHOOL = Parameter(
    "school",
    gettext_lazy("School"),
    school_options,
    empty=gettext_lazy("All schools"),
    other_names=("school_id",),
)
POSITION = Parameter("position", gettext_lazy("Position"), POSITIONS, empty=gettext_lazy("All positions"))
LEFT_NAMES = {INCLUDE: gettext_lazy("Include them"), LEAVE_OUT: gettext_lazy("Leave them out")}
LEFT = Parameter("left", gettext_lazy("People who left this year"), tuple(LEFT_NAMES.items()), default=INCLUDE)
REASON_NAMES = {LEAVE_OUT: gettext_lazy("Leave it out"), INCLUDE: gettext_lazy("Add it; that takes longer")}
REASONS = Parameter(
    "reasons", gettext_lazy("Whether each hour counts, and why"), tuple(REASON_NAMES.items()), default=LEAVE_OUT
)
PARAMETERS = (YEAR, SCHOOL, POSITION, LEFT, REASONS)


class AsOfField(forms.DateField):
    """A day of the school year, or none."""

    widget = DayInput

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("As of"),
            required=False,
            input_formats=["%Y-%m-%d"],
            help_text=gettext_lazy(
                "People and licenses as they stood on this day; learning after it is left out. Empty: today, or the "
                "last day of a year that is over."
            ),
            error_messages={"invalid": gettext_lazy("Write the day as 2026-01-31.")},
        )


@dataclass(frozen=True)
class Asked:
    """An understood question, with the words for it."""

    scope: Scope
    parameters: dict[str, str]
    school_name: str = ""

    @property
    def year(self) -> YearSpan:
        return self.scope.year

    @property
    def on(self) -> date:
        return self.scope.on

    @property
    def with_reasons(self) -> bool:
        return self.parameters.get(REASONS.name) == INCLUDE

    @property
    def in_words(self) -> list[tuple[Any, Any]]:
        position = dict(POSITIONS).get(self.scope.position)
        return [
            (SCHOOL.label, self.school_name or SCHOOL.empty),
            (POSITION.label, position or POSITION.empty),
            (LEFT.label, LEFT_NAMES[INCLUDE if self.scope.with_left else LEAVE_OUT]),
            (REASONS.label, REASON_NAMES[INCLUDE if self.with_reasons else LEAVE_OUT]),
            (gettext_lazy("Learning until"), self.scope.last_day),
        ]


class HrSummaryForm(ParameterForm):
    def __init__(self, reader: Reader, given: Mapping[str, str]) -> None:
        super().__init__(PARAMETERS, reader, given)
        self.fields["on"] = AsOfField()
        self.reader = reader
        self.years = {year.label: year for year in year_spans(reader)}

    def clean_year(self) -> str:
        label: str = self.cleaned_data["year"] or self.usual_year
        if label not in self.years:
            words = _("There is no school year {label} here. Choose one of: {listed}.")
            raise forms.ValidationError(words.format(label=label, listed=", ".join(self.years)))
        return label

    def clean_on(self) -> str:
        """As it is written in an address."""
        day, year = self.cleaned_data["on"], self.years.get(self.cleaned_data.get("year", ""))
        if day and year and not year.starts_on <= day <= year.ends_on:
            words = _("This day is not in the school year {label}, which runs from {first} to {last}.")
            raise forms.ValidationError(words.format(label=year.label, first=year.starts_on, last=year.ends_on))
        return day.isoformat() if day else ""

    @property
    def usual_year(self) -> str:
        """The newest year that has begun; with a day given, the year that holds it."""
        day = self.data.get("on") or self.reader.today.isoformat()
        begun = [label for label, year in self.years.items() if year.starts_on.isoformat() <= day]
        return (begun or list(self.years))[0]

    @property
    def asked(self) -> Asked:
        """The question; BadParameters when it cannot be understood."""
        chosen = self.chosen
        year, today = self.years[chosen["year"]], self.reader.today
        as_of = date.fromisoformat(chosen["on"]) if "on" in chosen else None
        school = schools_in_reach(self.reader).get(school_id=chosen["school"]) if "school" in chosen else None
        scope = Scope(
            user=self.reader,
            year=year,
            on=as_of or min(max(today, year.starts_on), year.ends_on),
            school=school.pk if school else None,
            position=chosen.get("position", ""),
            with_left=chosen["left"] == INCLUDE,
            is_as_of=as_of is not None,
        )
        return Asked(scope, chosen, school.name if school else "")
