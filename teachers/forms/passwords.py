"""The password forms of allauth in the words of this site."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ChangePasswordForm, ResetPasswordKeyForm
from django.utils.translation import gettext_lazy as _


class OwnWords:
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {
            "oldpassword": _("Current password"),
            "password1": _("New password"),
            "password2": _("New password once more"),
        }
        for name in self.fields.keys() & labels.keys():  # type: ignore[attr-defined]
            field = self.fields[name]  # type: ignore[attr-defined]
            field.label = labels[name]
            field.widget.attrs.pop("placeholder", None)


class ChangePassword(OwnWords, ChangePasswordForm):
    pass


class ChoosePassword(OwnWords, ResetPasswordKeyForm):
    pass
