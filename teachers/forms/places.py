"""Settings of the district."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from pd_tracker.web.widgets import DayInput
from teachers.forms.kept import KeptForm
from teachers.models import District, SchoolYear

NEAR = ("America/", "Pacific/", "US/", "Canada/")


def zones() -> list[tuple[Any, list[tuple[str, str]]]]:
    """Every zone there is, those of American districts first."""
    names = sorted(available_timezones())
    near = [name for name in names if name.startswith(NEAR)]
    other = [name for name in names if "/" in name and not name.startswith(NEAR)]
    return [(_("Americas and Pacific"), pairs(near)), (_("Elsewhere"), pairs(other))]


def pairs(names: list[str]) -> list[tuple[str, str]]:
    return [(name, name.replace("_", " ")) for name in names]


class DistrictForm(KeptForm):
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=zones, help_text=_("Days begin and end by this zone, in every list and report.")
    )

    class Meta:
        model = District
        fields = ("name", "time_zone", "state_id", "nces_id", "records_begin_on")
        widgets = {"records_begin_on": DayInput()}


class SchoolYearForm(KeptForm):
    class Meta:
        model = SchoolYear
        fields = ("census_on",)
        widgets = {"census_on": DayInput()}
        help_texts = {"census_on": _("Staff of the year are counted on this day; reports on staying use it.")}
