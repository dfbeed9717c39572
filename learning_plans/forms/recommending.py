"""Narrowing recommendations, and weighing their parts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from learning_plans.models import RecommendationWeights
from learning_plans.rules.recommending import PartName, Ranked, Travel
from teachers.forms.kept import KeptForm

SOON_DAYS = 30


class HelpForm(forms.Form):
    free = forms.BooleanField(label=_("Costs nothing"), required=False)
    online = forms.BooleanField(label=_("Online"), required=False)
    soon = forms.BooleanField(label=_("Can begin within 30 days"), required=False)

    def clean(self) -> dict[str, Any]:
        """What is not ticked asks for nothing, rather than for the opposite."""
        return {name: ticked or None for name, ticked in self.cleaned_data.items()}

    def keeps(self, one: Ranked) -> bool:
        asked = self.cleaned_data if self.is_valid() else {}
        course = one.course
        begins_any_time = _why(one) == "any_time"
        return (
            (not asked.get("free") or course.cost == 0)
            and (not asked.get("online") or begins_any_time or any(o.travel is Travel.ONLINE for o in course.openings))
            and (not asked.get("soon") or begins_any_time or any(o.days_until <= SOON_DAYS for o in course.openings))
        )


def _why(one: Ranked) -> str:
    return next(part.why for part in one.parts if part.name is PartName.AVAILABILITY)


class WeightsForm(KeptForm):
    reason_required = True

    class Meta:
        model = RecommendationWeights
        fields = tuple(part.value for part in PartName)
        help_texts = {
            "fit": _("Courses about the very competency come before those that only touch it or one near it."),
            "evidence": _("By the tier recorded for the course; one step up or down where our own results stand out."),
            "availability": _("Soon, near and with free seats comes first; what begins any time counts as now."),
            "cost": _("Free comes first; 100 dollars count half."),
            "credit": _("Hours in a category count fully, hours alone half."),
            "opinions": _("From five answers on, pulled toward the average of all courses."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "reason" not in self.fields:  # nobody has set weights yet, and even the first have a reason
            self.fields["reason"] = forms.CharField(label=self.reason_label, max_length=400)
