"""What a license lacks, in the words of lists and letters."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from learning_plans.credit.wording import name_of


def short_words(short: Mapping[str, str]) -> str:
    """The categories that lack something: “language acquisition 15; reading 3”."""
    return "; ".join(f"{name_of(category)} {amount}" for category, amount in short.items())


def plain(amount: Decimal) -> str:
    """Without zeros that say nothing."""
    return f"{amount:f}".rstrip("0").rstrip(".") if "." in f"{amount:f}" else f"{amount:f}"


def lacking(missing: Decimal, unit: str, short: Mapping[str, str]) -> str:
    parts = [f"{plain(missing)} {name_of(unit)}"] if missing > 0 else []
    if short:
        parts.append(short_words(short))
    return "; ".join(parts) or _("nothing")
