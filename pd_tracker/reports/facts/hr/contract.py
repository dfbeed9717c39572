"""Hours of the district's own contract, in the school year that holds the day the HR summary describes."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from learning_plans.credit.contracts import ContractCase, contract_cases
from learning_plans.credit.telling import floored
from learning_plans.models import ContractHours
from learning_plans.rules.batches import batches
from pd_tracker.access import Capability
from pd_tracker.reports.facts.hr.scope import Scope
from teachers.models import Teacher
from teachers.querysets.people import teachers_for

AT_ONCE = 1_000


class ContractOf(NamedTuple):
    owed: Decimal
    done: Decimal


def contract_hours(scope: Scope) -> dict[int, ContractOf]:
    """By person of whom the contract asks hours on the day; nobody is read where no contract is on record."""
    if not ContractHours.objects.exists():
        return {}
    return {
        case.teacher.pk: ContractOf(floored(case.decision.required), floored(case.decision.counted))
        for case in _cases(scope)
    }


def _cases(scope: Scope) -> Iterator[ContractCase]:
    seen = teachers_for(scope.user, Capability.LICENCES_VIEW)
    keys = scope.people().filter(pk__in=seen.values("pk")).order_by("pk").values_list("pk", flat=True)
    for part in batches(keys, AT_ONCE):
        yield from contract_cases(list(Teacher.objects.filter(pk__in=part)), on=scope.on)
