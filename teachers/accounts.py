"""How allauth and axes are told who signs in here, and how somebody new gets their first password."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import reverse


class ClosedSignup(DefaultAccountAdapter):
    """Accounts come from HR and administrators; nobody makes their own."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Wrong passwords are counted by axes alone, for one person at one address.

        Counted for the person, a stranger could lock them out; for the address, one of a school all the others.
        """


def attempted_login(request: HttpRequest | None, credentials: dict[str, Any] | None = None) -> str:
    """The address somebody tried to sign in with, under any of the names the login forms give it."""
    given = credentials or {}
    posted = request.POST.get("login", "") if request is not None else ""
    return str(given.get("email") or given.get("username") or posted).strip().lower()


def client_address(request: HttpRequest) -> str | None:
    """Where a request comes from, past our own proxies only: what stands further left, anybody may have written."""
    try:
        address: str = get_adapter(request).get_client_ip(request)
    except PermissionDenied:  # nobody can tell, as where a program signs somebody in
        return None
    return address


def one_time_link(user: AbstractBaseUser, base_url: str) -> str:
    """An address where a person chooses a password once; it ends with use, and after PASSWORD_RESET_TIMEOUT."""
    key = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})
    return urljoin(base_url, path)
