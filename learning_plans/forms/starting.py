"""Whose plans to start, and for which school year."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pd_tracker.access import Capability
from teachers.actions.years import years_to_plan
from teachers.models import District, School, SchoolYear, User


def district_of(user: User) -> District | None:
    """The district for which, or for a school of which, somebody may start plans."""
    reach = user.reach(Capability.PLANS_START)
    found = District.objects.filter(pk__in=reach.district_ids) | District.objects.filter(schools__in=reach.school_ids)
    return found.distinct().order_by("pk").first()


class StartForm(forms.Form):
    """Sent by GET to look ahead and by POST to start; a school may be left out only by who reaches the district."""

    year = forms.ChoiceField(label=_("School year"))
    school = forms.ModelChoiceField(School.objects.none(), label=_("School"), required=False)

    def __init__(self, *args: Any, actor: User, district: District, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reach = actor.reach(Capability.PLANS_START)
        self.years = {year.label: year for year in years_to_plan(district.pk, on=actor.today)}
        self.fields["year"].choices = [(label, label) for label in self.years]  # type: ignore[attr-defined]
        schools = School.objects.filter(district=district).open(on=actor.today)
        field = self.fields["school"]
        if district.pk in reach.district_ids:
            field.empty_label = _("The whole district")  # type: ignore[attr-defined]
        else:
            schools, field.required = schools.filter(pk__in=reach.school_ids), True
            field.empty_label = None  # type: ignore[attr-defined]
        field.queryset = schools  # type: ignore[attr-defined]

    def clean_year(self) -> SchoolYear:
        return self.years[self.cleaned_data["year"]]
