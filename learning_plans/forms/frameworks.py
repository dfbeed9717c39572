"""Which figures speak about a competency."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from teachers.models import Kpi


class KpisForm(forms.Form):
    kpis = forms.ModelMultipleChoiceField(
        Kpi.objects.order_by("name"),
        label=_("Figures"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Where these figures of a teacher's classes lie well below comparable ones, this part is shown to the "
            "teacher as a place to grow. Choose only figures that teaching of this kind can move."
        ),
    )
