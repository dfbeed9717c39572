"""Entries about one person."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pd_tracker.access import Reader, Role
from pd_tracker.web.widgets import DayInput
from teachers.fields import PROFILE
from teachers.forms.kept import KeptForm
from teachers.models import Assignment, Employment, ExternalId, Leave, Licence, Pairing, School, Teacher, User
from teachers.models.choices import SeparationReasonName, SeparationTypeName

DAYS = {"started_on": DayInput(), "ended_on": DayInput()}
LAST_DAY = _("The last day still counts. Leave it empty while it runs.")


class ProfileForm(KeptForm):
    class Meta:
        model = Teacher
        fields = PROFILE
        help_texts = {
            "staff_id": _("As payroll knows the person; zeros in front are kept."),
            "preferred_name": _("Shown instead of the given name."),
            "email": _("Where the sign-in link goes. Each person needs their own."),
        }


class RowForm(KeptForm):
    """An entry of one person; `reader` decides what may be chosen."""

    def __init__(self, *args: Any, reader: Reader, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(reader)

    def offer(self, reader: Reader) -> None:
        """Choices that depend on who asks."""


class EmploymentForm(RowForm):
    class Meta:
        model = Employment
        fields = ("started_on", "ended_on", "position", "fte", "separation_type", "separation_reason")
        widgets = DAYS
        help_texts = {"ended_on": LAST_DAY, "fte": _("1 is full time.")}


class LeaveForm(RowForm):
    class Meta:
        model = Leave
        fields = ("started_on", "ended_on", "kind", "right_of_return")
        widgets = DAYS
        help_texts = {"ended_on": LAST_DAY}


class AssignmentForm(RowForm):
    class Meta:
        model = Assignment
        fields = ("school", "position", "subject", "grades", "fte", "started_on", "ended_on")
        widgets = DAYS
        help_texts = {"ended_on": LAST_DAY, "fte": _("1 is full time.")}

    def offer(self, reader: Reader) -> None:
        self.fields["school"].queryset = School.objects.visible_to(reader)  # type: ignore[attr-defined]


class PairingForm(RowForm):
    class Meta:
        model = Pairing
        fields = ("coach", "kind", "started_on", "ended_on")
        widgets = DAYS
        labels = {"coach": _("Coach or mentor")}
        help_texts = {"coach": _("People who hold the role of a coach or mentor."), "ended_on": LAST_DAY}

    def offer(self, reader: Reader) -> None:
        guides = User.objects.filter(role_grants__role__in=[Role.COACH.value, Role.MENTOR.value])
        self.fields["coach"].queryset = guides.distinct().order_by("name", "pk")  # type: ignore[attr-defined]


class LicenceForm(RowForm):
    class Meta:
        model = Licence
        fields = (
            "jurisdiction",
            "licence_type",
            "number",
            "issued_on",
            "valid_from",
            "valid_until",
            "extended_until",
            "endorsements",
            "rule_pack",
        )
        widgets = {name: DayInput() for name in ("issued_on", "valid_from", "valid_until", "extended_until")}


class ExternalIdForm(RowForm):
    class Meta:
        model = ExternalId
        fields = ("system", "id_type", "value")
        help_texts = {"system": _("The other system, for instance SIS or payroll.")}


class ReasonForm(forms.Form):
    """An official act that has to say why."""

    reason = forms.CharField(label=_("Reason"), max_length=400, help_text=_("Kept in the history of changes."))


class EndEmploymentForm(forms.Form):
    ended_on = forms.DateField(label=_("Last day"), widget=DayInput(), help_text=_("The last day still counts."))
    separation_type = forms.ChoiceField(
        label=_("Kind of separation"), choices=[("", _("Not said")), *SeparationTypeName.choices], required=False
    )
    separation_reason = forms.ChoiceField(
        label=_("Reason for leaving"), choices=[("", _("Not said")), *SeparationReasonName.choices], required=False,
        help_text=_("Only HR and the person read it."),
    )  # fmt: skip
    also_roles = forms.BooleanField(
        label=_("End the roles of their sign-in on the same day"), required=False, initial=True
    )
