"""Entering how many hours a year the contract asks for."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from learning_plans.credit.contracts import FACT
from learning_plans.credit.shelf import RuleShelf, shelf_of
from learning_plans.models import ContractHours
from teachers.actions.keeping import keep, remove
from teachers.models import User


def asking(shelf: RuleShelf) -> list[str]:
    """Rules that ask for the hours of a contract."""
    packs = ((code, shelf.pack(code, ends_on=None)) for code in shelf.codes)
    return [code for code, pack in packs if pack and any(total.fact == FACT for total in pack.totals)]


@transaction.atomic
def save_hours(*, row: ContractHours, actor: User, reason: str = "") -> ContractHours:
    if row.school is not None and row.school.district_id != row.district_id:
        raise ValidationError({"school": _("Choose a school of this district.")})
    if row.rule_pack not in asking(shelf_of(row.district_id)):
        raise ValidationError({"rule_pack": _("Choose rules that ask for the hours of a contract.")})
    return keep(row, actor=actor, verb="contract_hours.saved", reason=reason)


@transaction.atomic
def remove_hours(*, row: ContractHours, actor: User, reason: str) -> None:
    remove(row, actor=actor, verb="contract_hours.removed", reason=reason)
