"""When and where a course runs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learning_plans.models import Session
from pd_tracker.web.widgets import MomentInput
from teachers.forms.kept import KeptForm

LONGEST = timedelta(days=366)


class SessionForm(KeptForm):
    class Meta:
        model = Session
        fields = ("section", "starts_at", "ends_at", "location", "capacity")
        widgets = {"starts_at": MomentInput(), "ends_at": MomentInput()}
        help_texts = {
            "section": gettext_lazy("A few words or a number that tells this run from others, such as “A”."),
            "capacity": gettext_lazy("Leave empty for as many as come. How seats are given is set under Seats."),
        }

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        starts, ends = self.cleaned_data.get("starts_at"), self.cleaned_data.get("ends_at")
        if starts and ends and ends - starts > LONGEST:
            self.add_error("ends_at", _("This lies more than a year after the start."))
        return cleaned
