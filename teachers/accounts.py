"""How allauth and axes are told who signs in here, and how somebody new gets their first password."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest
from django.urls import reverse


class ClosedSignup(DefaultAccountAdapter):
    """Accounts come from HR and administrators; nobody makes their own."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


def attempted_login(request: HttpRequest | None, credentials: dict[str, Any] | None = None) -> str:
    """The address somebody tried to sign in with, under any of the names the login forms give it."""
    given = credentials or {}
    posted = request.POST.get("login", "") if request is not None else ""
    return str(given.get("email") or given.get("username") or posted).strip().lower()


def one_time_link(user: AbstractBaseUser, base_url: str) -> str:
    """An address where a person chooses a password once; it ends with use, and after PASSWORD_RESET_TIMEOUT."""
    key = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})
    return urljoin(base_url, path)
