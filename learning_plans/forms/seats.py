"""How seats are given, and the seed of a draw."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from learning_plans.models import Session
from pd_tracker.web.widgets import DayInput


class SeatsForm(forms.ModelForm):
    class Meta:
        model = Session
        fields = ("capacity", "seat_policy", "draw_on", "seed_source")
        widgets = {"draw_on": DayInput()}
        help_texts = {
            "draw_on": _("Only for a draw. People apply until the day before."),
            "seed_source": _(
                "Only for a draw. A number that nobody can know or choose before that day and anybody can look up, "
                "such as the evening numbers of the state lottery on the day of the draw."
            ),
        }


class SeedForm(forms.Form):
    seed = forms.CharField(label=_("Seed"), max_length=200)
