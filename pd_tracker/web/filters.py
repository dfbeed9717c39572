"""Filters of our own."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _


class YesNoFilter(django_filters.TypedChoiceFilter):
    """Yes, no or any, in words; the filter's method receives True or False."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=[("", _("Any")), ("true", _("Yes")), ("false", _("No"))],
            coerce=lambda value: value == "true",
            **kwargs,
        )
