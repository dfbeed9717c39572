"""Closed unless a view names what it needs."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy
from rest_framework.permissions import BasePermission
from rest_framework.request import Request


class HasCapability(BasePermission):
    """What an action needs, of several one, stands in `capabilities`; an action that names nothing is refused."""

    message = gettext_lazy("Your roles, or the scopes of this token, do not allow this.")

    def has_permission(self, request: Request, view: Any) -> bool:
        if not request.user or not request.user.is_authenticated:
            return False
        action = getattr(view, "action", None)
        if action is None:
            return True  # answered by "method not allowed"
        needed = view.capabilities.get(action, ())
        return any(map(request.user.may, needed if isinstance(needed, tuple) else (needed,)))
