"""Roles and sign-ins."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pd_tracker.access import Role
from pd_tracker.web.widgets import DayInput
from teachers.models import District, School, User
from teachers.models.choices import RoleName
from teachers.rules.granting import grantable


class GrantRoleForm(forms.Form):
    email = forms.EmailField(label=_("Email"), help_text=_("The address the person signs in with."))
    name = forms.CharField(
        label=_("Name"), max_length=200, required=False, help_text=_("Needed when this person has no sign-in yet.")
    )
    role = forms.ChoiceField(label=_("Role"))
    school = forms.ModelChoiceField(
        label=_("School"),
        queryset=School.objects.none(),
        required=False,
        empty_label=_("The whole district"),
        help_text=_("A role for one school opens that school only."),
    )
    starts_on = forms.DateField(label=_("First day"), widget=DayInput())
    ends_on = forms.DateField(
        label=_("Last day"), widget=DayInput(), required=False, help_text=_("Leave empty while nobody knows.")
    )

    def __init__(self, *args: Any, actor: User, district: District, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        schools = School.objects.filter(district=district)
        own_schools = {held.school_id for held in actor.held_roles if held.school_id is not None}
        roles: set[Role] = set()
        for school_id in {None, *own_schools}:
            roles |= grantable(actor.held_roles, district_id=district.pk, school_id=school_id)
        self.fields["role"].choices = [(role.value, RoleName(role).label) for role in Role if role in roles]  # type: ignore[attr-defined]
        self.fields["school"].queryset = schools  # type: ignore[attr-defined]


class EndRoleForm(forms.Form):
    last_day = forms.DateField(
        label=_("Last day"),
        widget=DayInput(),
        help_text=_("The role still works on this day. Choose yesterday to end it at once."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=400, required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["last_day"].initial = today
