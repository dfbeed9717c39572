"""Choices of renewal rules, what categories mean, and what a change would do."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from learning_plans.credit.wording import name_of
from learning_plans.models.choices import LicenceStatusName
from pd_tracker.sheets.table import Column, Kind, Table
from teachers.models.choices import PositionName
from teachers.tables import word


def status(value: str) -> Any:
    return LicenceStatusName(value).label


def rules_or_end(code: str) -> Any:
    return code or _("None of its own any more")


CHOICES = Table(
    key="rule_choices",
    title=_("Which rules hold"),
    columns=(
        Column("name", _("Licenses"), source="licenses_meant"),
        Column("jurisdiction", _("State")),
        Column("licence_type", _("Type of license")),
        Column("rule_pack", _("Renewal rules"), show=rules_or_end),
        Column("holds_from", _("For periods that end on or after"), Kind.DATE),
    ),
)
CHOICE = Table(key=CHOICES.key, title=CHOICES.title, columns=CHOICES.columns[1:])


def names(codes: list[str]) -> str:
    return ", ".join(map(name_of, codes)) or str(_("hours without a category"))


MEANINGS = Table(
    key="category_meanings",
    title=_("What our categories mean"),
    columns=(
        Column("category", _("Category")),
        Column("counts_as", _("Counts as"), source="codes", show=names, sortable=False),
    ),
)


def short(amounts: dict[str, str]) -> str:
    """How much is missing in which category."""
    return ", ".join(f"{name_of(category)} {amount}" for category, amount in sorted(amounts.items()))


FORESEEN_STANDINGS = Table(
    key="foreseen_standings",
    title=_("What would change"),
    columns=(
        Column("name", _("Name"), source="listed_name"),
        Column("staff_id", _("Staff id"), Kind.ID, source="licence__teacher__staff_id"),
        Column("jurisdiction", _("State"), source="licence__jurisdiction"),
        Column("licence_type", _("Type of license"), source="licence__licence_type"),
        Column("status_before", _("Status now"), show=status),
        Column("status_after", _("Status then"), show=status),
        Column("required_before", _("Required now"), Kind.DECIMAL),
        Column("required_after", _("Required then"), Kind.DECIMAL),
        Column("counted_before", _("Counted now"), Kind.DECIMAL),
        Column("counted_after", _("Counted then"), Kind.DECIMAL),
        Column("short_before", _("Short now"), show=short, sortable=False),
        Column("short_after", _("Short then"), show=short, sortable=False),
        Column("rules_before", _("Rules now")),
        Column("rules_after", _("Rules then")),
    ),
)

# On a page a few columns are enough; a file gets them all.
HIDDEN = ("jurisdiction", "rules_before", "rules_after")
FORESEEN_LISTED = Table(
    key=FORESEEN_STANDINGS.key,
    title=FORESEEN_STANDINGS.title,
    columns=tuple(column for column in FORESEEN_STANDINGS.columns if column.key not in HIDDEN),
)

CONTRACTS = Table(
    key="contract_hours",
    title=_("Hours of the contract"),
    columns=(
        Column("hours", _("Hours in a school year"), Kind.DECIMAL),
        Column("school", _("School"), source="school__name"),
        Column("position", _("Position"), show=word(PositionName)),
        Column("rule_pack", _("Rules")),
        Column("holds_from", _("For school years that begin on or after"), Kind.DATE),
    ),
)
