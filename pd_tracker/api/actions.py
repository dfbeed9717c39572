"""Making and taking back tokens."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from pd_tracker.access import SCOPES, Capability, Reader, TokenScope
from pd_tracker.api.authentication import owner_secret
from pd_tracker.api.models import PREFIX, ScopeName, Token
from pd_tracker.audit.actions import record

LONGEST_DAYS = 365
MOST_TOKENS = 20


def scopes_for(user: Reader) -> list[ScopeName]:
    """The scopes that would open something no narrower scope opens, with the roles somebody holds."""
    return [scope for scope in ScopeName if any(map(user.may, own_capabilities(TokenScope(scope.value))))]


def own_capabilities(scope: TokenScope) -> frozenset[Capability]:
    """What a scope opens beyond the scopes inside it: writing, beyond reading."""
    narrower = [opened for opened in SCOPES.values() if opened < SCOPES[scope]]
    return SCOPES[scope].difference(*narrower)


@transaction.atomic
def make_token(*, owner: Any, name: str, scopes: Sequence[str], days: int) -> tuple[Token, str]:
    """The row, and the token itself: it is known at this moment only."""
    if not set(scopes) <= {scope.value for scope in scopes_for(owner)} or not scopes:
        raise ValidationError({"scopes": _("Choose what the token may do, from what your roles let you do.")})
    if not 1 <= days <= LONGEST_DAYS:
        raise ValidationError({"days": _("A token lives from 1 to %(most)d days.") % {"most": LONGEST_DAYS}})
    if Token.objects.filter(user=owner.pk).count() >= MOST_TOKENS:
        raise ValidationError(_("You have %(most)d tokens. Take back one you no longer need.") % {"most": MOST_TOKENS})
    token, secret = Token.objects.create(
        user=owner,
        expiry=timedelta(days=days),
        prefix=PREFIX,
        name=name,
        scopes=sorted(scopes),
        owner_secret=owner_secret(owner),
    )
    record(actor=owner, verb="token.made", token=token.token_key, name=name, scopes=token.scopes, days=days)
    return token, secret


@transaction.atomic
def revoke_token(*, token: Token, actor: Reader) -> None:
    """It stops working with the next request."""
    record(actor=actor, verb="token.revoked", token=token.token_key, name=token.name, owner=token.user_id)
    token.delete()
