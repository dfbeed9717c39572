"""What rules ask beside hours, and how each is answered."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from learning_plans.rules.credit.pack import Pack, When


class FactKind(StrEnum):
    YES_NO = "yes_no"
    DAY = "day"
    NUMBER = "number"


BY_LAW = "extended_until"  # stands on the license itself
PLAN = "plan_approved_on"


def asked_by(pack: Pack) -> dict[str, FactKind]:
    """The facts that change a decision of these rules, but for what the license says itself."""
    return {name: _kind(pack, name) for name in pack.facts if name != BY_LAW}


def _kind(pack: Pack, name: str) -> FactKind:
    if name == PLAN or any(check.fact == name for check in pack.checks):
        return FactKind.DAY
    is_compared = any(when.fact == name and when.fact_below is not None for when in _whens(pack))
    if is_compared or any(total.fact == name for total in pack.totals):
        return FactKind.NUMBER
    return FactKind.YES_NO


def _whens(pack: Pack) -> Iterator[When]:
    for rules in (pack.exemptions, pack.substitutions, pack.extensions, pack.totals, pack.minimums, pack.maximums):
        yield from (each.when for each in rules)
