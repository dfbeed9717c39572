"""How allauth and axes are told who signs in here."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedSignup(DefaultAccountAdapter):
    """Accounts come from HR and administrators; nobody makes their own."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


def attempted_login(request: HttpRequest | None, credentials: dict[str, Any] | None = None) -> str:
    """The address somebody tried to sign in with, under any of the names the login forms give it."""
    given = credentials or {}
    posted = request.POST.get("login", "") if request is not None else ""
    return str(given.get("email") or given.get("username") or posted).strip().lower()
