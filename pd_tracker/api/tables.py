"""The list of tokens."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from pd_tracker.api.models import ScopeName
from pd_tracker.sheets.table import Column, Kind, Table


def scope_words(scopes: Any) -> str:
    labels = dict(ScopeName.choices)
    return "; ".join(str(labels.get(scope, scope)) for scope in scopes)


TOKENS = Table(
    key="tokens",
    title=_("API tokens"),
    columns=(
        Column("name", _("What it is for")),
        Column("beginning", _("Begins with"), Kind.ID, source="token_key"),
        Column("scopes", _("May"), show=scope_words, sortable=False),
        Column("made_at", _("Made"), Kind.MOMENT, source="created"),
        Column("last_used_at", _("Last used"), Kind.MOMENT),
        Column("expires_at", _("Works until"), Kind.MOMENT, source="expiry"),
    ),
)
ALL_TOKENS = TOKENS.also(Column("owner", _("Owner"), source="user__name"))
