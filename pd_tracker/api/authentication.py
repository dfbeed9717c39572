"""Letting programs in: a token opens what it was made for, never more than its owner may do today."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from knox.auth import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed

from pd_tracker.access import opened_by
from pd_tracker.api.models import Token

NOTED_EVERY = timedelta(minutes=5)  # a program that asks all day is not written down at every request
OWNER_SECRET_LENGTH = 64


def owner_secret(user: AbstractBaseUser) -> str:
    """Another for every password, so that choosing a new one ends all tokens as it ends all sessions."""
    return user.get_session_auth_hash()[:OWNER_SECRET_LENGTH]


def still_owned(token: Token) -> bool:
    secrets = [token.user.get_session_auth_hash(), *token.user.get_session_auth_fallback_hash()]
    return any(constant_time_compare(secret[:OWNER_SECRET_LENGTH], token.owner_secret) for secret in secrets)


class ScopedToken(TokenAuthentication):
    def authenticate_credentials(self, token: bytes) -> tuple[Any, Token]:
        if b"\x00" in token:  # a database may refuse to look for it
            raise AuthenticationFailed(_("This is not a token."))
        try:
            user, found = super().authenticate_credentials(token)
        except UnicodeDecodeError:
            raise AuthenticationFailed(_("This is not a token.")) from None
        if not still_owned(found):
            raise AuthenticationFailed(_("The owner of this token has chosen another password since. Make a new one."))
        user.narrow_to(opened_by(found.scopes))
        note_use(found)
        return user, found

    def _cleanup_token(self, auth_token: Token) -> bool:
        """knox would look for other tokens that have expired, at every request; only this one matters."""
        return auth_token.expired(at=timezone.now())


def note_use(token: Token) -> None:
    now = timezone.now()
    if token.last_used_at is None or token.last_used_at < now - NOTED_EVERY:
        long_ago = Q(last_used_at=None) | Q(last_used_at__lt=now - NOTED_EVERY)
        Token.objects.filter(long_ago, pk=token.pk).update(last_used_at=now)
