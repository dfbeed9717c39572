"""One form for everything that is saved with an export: its name, filters, what its kind asks, and when it is made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pd_tracker.access import Reader
from pd_tracker.reports.exports.columns import SOURCES, Source
from pd_tracker.reports.exports.florida import STAFF_ID
from pd_tracker.reports.facts.hr.components import id_systems, state_number
from pd_tracker.reports.facts.hr.entitled import entitled
from pd_tracker.reports.hr_summary.form import HrSummaryForm
from pd_tracker.reports.models import NamedExport
from pd_tracker.reports.models.exports import KindName, ScheduleName, Weekday
from pd_tracker.reports.rules.exports import ExportKind, Schedule
from pd_tracker.reports.rules.florida import LearningMethod, Purpose

PURPOSES = {
    Purpose.ENDORSEMENT: gettext_lazy("A – Add-on endorsement"),
    Purpose.ALTERNATIVE_CERTIFICATION: gettext_lazy("B – Alternative certification"),
    Purpose.CERTIFICATE_RENEWAL: gettext_lazy("C – Renewal of the educator certificate"),
    Purpose.OTHER_LICENSE: gettext_lazy("D – Other professional certificate or license"),
    Purpose.SKILL_BUILDING: gettext_lazy("E – Professional skill building"),
}
METHODS = {
    LearningMethod.WORKSHOP: gettext_lazy("A – Workshop"),
    LearningMethod.ONLINE_INTERACTIVE: gettext_lazy("B – Electronic, interactive"),
    LearningMethod.ONLINE: gettext_lazy("C – Electronic, not interactive"),
    LearningMethod.LEARNING_COMMUNITY: gettext_lazy("D – Learning community or lesson study"),
    LearningMethod.INQUIRY: gettext_lazy("F – Independent inquiry"),
    LearningMethod.COACHING: gettext_lazy("G – Structured coaching or mentoring"),
    LearningMethod.PRACTICE: gettext_lazy("H – Implementation of practices"),
    LearningMethod.JOB_EMBEDDED: gettext_lazy("I – Job-embedded workshop"),
    LearningMethod.DELIBERATE_PRACTICE: gettext_lazy("J – Deliberate practice"),
}
DELIMITER_NAMES = {
    "comma": gettext_lazy("Comma"),
    "semicolon": gettext_lazy("Semicolon"),
    "tab": gettext_lazy("Tab"),
    "bar": gettext_lazy("Vertical bar"),
}
DAY_NAMES = {"iso": "2026-01-31", "us": "01/31/2026", "plain": "20260131", "us_plain": "01312026"}
LETTER = RegexValidator(r"^[A-Z]$", gettext_lazy("One capital letter."))
AS_IN_MANUAL = gettext_lazy("The letter that the state's manual of the year gives it.")
OWN = ("name", "schedule", "weekday", "recipients")


@dataclass(frozen=True, slots=True)
class Group:
    title: Any
    fields: list[forms.BoundField]


@dataclass(frozen=True, slots=True)
class Chosen:
    """One column that may be chosen: its name, its place in the file, its heading there."""

    label: Any
    place: forms.BoundField
    head: forms.BoundField


class ExportForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=120,
        help_text=gettext_lazy("You find it by this name among your exports."),
    )
    schedule = forms.ChoiceField(label=gettext_lazy("When it is made"), choices=ScheduleName.choices)
    weekday = forms.TypedChoiceField(
        label=gettext_lazy("Weekday"),
        choices=[("", gettext_lazy("No weekday")), *Weekday.choices],
        coerce=int,
        empty_value=None,
        required=False,
        help_text=gettext_lazy("Only for every week."),
    )

    def __init__(self, *args: Any, reader: Reader, export: NamedExport, table: str = "", **kwargs: Any) -> None:
        kwargs["initial"] = started_with(export) | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.reader, self.export = reader, export
        self.filter_fields = HrSummaryForm(reader, {}).fields
        self.option_fields = options_of(reader, export, table)
        self.source = SOURCES.get(export.options.get("table", table)) if export.kind == ExportKind.COLUMNS else None
        people = entitled(reader)
        self.fields |= self.filter_fields | self.option_fields
        self.fields["recipients"] = forms.ModelMultipleChoiceField(
            people,
            label=gettext_lazy("Who gets it"),
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text=gettext_lazy(
                "Only people who may run HR exports. Each gets a file of what they may see themselves; whoever may no "
                "longer run exports when it is made gets nothing, and you are told."
            ),
        )
        if export._state.adding:
            self.initial.setdefault("recipients", [reader.pk])

    @property
    def groups(self) -> list[Group]:
        plain = [name for name in self.option_fields if not name.startswith(("place_", "head_"))]
        return [
            Group("", [self["name"]]),
            Group(_("Filters"), [self[name] for name in self.filter_fields]),
            *([Group(KindName(self.export.kind).label, [self[name] for name in plain])] if plain else []),
        ]

    @property
    def schedule_group(self) -> Group:
        return Group(_("When, and for whom"), [self["schedule"], self["weekday"], self["recipients"]])

    @property
    def columns(self) -> list[Chosen]:
        labels = self.source.labels().items() if self.source else ()
        return [Chosen(label, self[f"place_{key}"], self[f"head_{key}"]) for key, label in labels]

    def clean(self) -> dict[str, Any]:
        given = {name: str(self.data[name]) for name in self.filter_fields if self.data.get(name)}
        asked = HrSummaryForm(self.reader, given)
        if not asked.is_valid():
            for name in asked.errors.keys() & self.fields.keys() - self.errors.keys():
                self.add_error(name, asked.errors[name])
        self.filters = {name: asked.cleaned_data[name] for name in given if asked.cleaned_data.get(name)}
        self.clean_schedule_with_weekday()
        if self.source is not None:
            self.chosen = chosen_columns(self.source, self.cleaned_data)
            if not self.chosen:
                self.add_error(None, _("Choose at least one column: give it a number for its place in the file."))
        return self.cleaned_data

    def clean_schedule_with_weekday(self) -> None:
        schedule, weekday = self.cleaned_data.get("schedule"), self.cleaned_data.get("weekday")
        if schedule == Schedule.WEEKLY and weekday is None:
            self.add_error("weekday", _("Choose the weekday on which it is made."))
        if schedule != Schedule.WEEKLY:
            self.cleaned_data["weekday"] = None
        if schedule != Schedule.NONE and not self.cleaned_data.get("recipients"):
            self.add_error("recipients", _("Choose at least one person who gets it."))

    def filled(self) -> NamedExport:
        """The export as the form says."""
        export = self.export
        for name in ("name", "schedule", "weekday"):
            setattr(export, name, self.cleaned_data[name])
        export.filters, export.options = self.filters, self.options
        return export

    @property
    def options(self) -> dict[str, Any]:
        plain = {
            name: self.cleaned_data[name] for name in self.option_fields if not name.startswith(("place_", "head_"))
        }
        if self.source is None:
            return plain
        return plain | {"table": table_of(self.source), "columns": self.chosen}


def table_of(source: Source) -> str:
    return next(key for key, each in SOURCES.items() if each is source)


def chosen_columns(source: Source, cleaned: Mapping[str, Any]) -> list[list[str]]:
    """Key and heading, in the order of the numbers; equal numbers stand in the order of the table."""
    keys = [column.key for column in source.columns if cleaned.get(f"place_{column.key}") is not None]
    ordered = sorted(keys, key=lambda key: cleaned[f"place_{key}"])
    return [[key, cleaned.get(f"head_{key}", "")] for key in ordered]


def started_with(export: NamedExport) -> dict[str, Any]:
    """What the form shows before anybody has typed."""
    columns = enumerate(export.options.get("columns", ()), start=1)
    placed = {
        name: value
        for place, (key, head) in columns
        for name, value in ((f"place_{key}", place), (f"head_{key}", head))
    }
    own = {name: getattr(export, name) for name in ("name", "schedule", "weekday")}
    people = {"recipients": list(export.recipients.values_list("pk", flat=True))} if export.pk else {}
    return own | people | export.filters | export.options | placed


def options_of(reader: Reader, export: NamedExport, table: str) -> dict[str, forms.Field]:
    match ExportKind(export.kind):
        case ExportKind.FLORIDA:
            return florida_fields(reader)
        case ExportKind.COLUMNS:
            return column_fields(SOURCES[export.options.get("table", table)])
        case ExportKind.WORKBOOK:
            return {}


def florida_fields(reader: Reader) -> dict[str, forms.Field]:
    systems = [(STAFF_ID, _("Staff id")), *((name, name) for name in id_systems(reader))]
    letter = {"max_length": 1, "validators": [LETTER], "help_text": AS_IN_MANUAL}
    number = state_number(reader)
    return {
        "district": forms.CharField(
            label=_("District number"),
            max_length=2,
            initial=number if number.isdigit() and len(number) <= 2 else "",
            validators=[RegexValidator(r"^[0-9]{1,2}$", _("One or two digits."))],
        ),
        "person_id": forms.ChoiceField(
            label=_("Id of a person"),
            choices=systems,
            help_text=_("At most 10 letters and digits."),
        ),
        "purpose": forms.ChoiceField(
            label=_("Primary purpose"), choices=as_choices(PURPOSES), initial=Purpose.SKILL_BUILDING.value
        ),
        "other_method": forms.ChoiceField(
            label=_("Learning method of other training"),
            choices=as_choices(METHODS),
            help_text=_(
                "Workshops, conferences, coaching, mentoring, learning communities and self-study have a letter of "
                "their own; this one is for the rest."
            ),
        ),
        "implementation_method": forms.CharField(label=_("Implementation method"), **letter),
        "staff_evaluation": forms.CharField(label=_("Evaluation method, staff"), **letter),
        "student_evaluation": forms.CharField(label=_("Evaluation method, students"), **letter),
        "transaction": forms.ChoiceField(
            label=_("Transaction"), choices=[("A", _("A – Add")), ("C", _("C – Change")), ("D", _("D – Delete"))]
        ),
    }


def column_fields(source: Source) -> dict[str, forms.Field]:
    fields: dict[str, forms.Field] = {
        "delimiter": forms.ChoiceField(label=_("Between the columns"), choices=as_choices(DELIMITER_NAMES)),
        "days": forms.ChoiceField(label=_("Days are written as"), choices=as_choices(DAY_NAMES)),
        "mark": forms.BooleanField(
            label=_("Begin with the mark by which Excel knows letters with accents"), required=False
        ),
    }
    for key, label in source.labels().items():
        fields[f"place_{key}"] = forms.IntegerField(
            label=_("Place of “{column}”").format(column=label), required=False, min_value=1, max_value=999
        )
        fields[f"head_{key}"] = forms.CharField(
            label=_("Heading of “{column}”").format(column=label), required=False, max_length=100
        )
    return fields


def as_choices(names: Mapping[Any, Any]) -> Iterable[tuple[str, Any]]:
    return [(str(key), label) for key, label in names.items()]
