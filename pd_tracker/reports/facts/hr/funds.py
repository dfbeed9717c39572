"""What each fund paid for in one school year, and for whom."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, Sum

from pd_tracker.reports.facts.hr.learning import APPROVED
from pd_tracker.reports.facts.hr.scope import Scope


@dataclass(slots=True)
class Spent:
    """Approved completions; `cost` adds up the seats whose cost is known, `unknown` counts the others."""

    completions: int = 0
    minutes: int = 0
    cost: Decimal = Decimal(0)
    unknown: int = 0
    people: int = 0

    def __add__(self, other: Spent) -> Spent:
        return Spent(
            self.completions + other.completions,
            self.minutes + other.minutes,
            self.cost + other.cost,
            self.unknown + other.unknown,
            self.people + other.people,
        )


def spent(scope: Scope) -> dict[tuple[str, int], Spent]:
    """By fund and person."""
    approved = scope.learned().filter(state=APPROVED).values("fund", "teacher")
    summed = approved.annotate(
        count=Count("pk"),
        spent=Sum("minutes"),
        cost=Sum("course__cost"),
        unknown=Count("pk", filter=Q(course__cost=None)),
    )
    rows = summed.values_list("fund", "teacher", "count", "spent", "cost", "unknown")
    return {
        (fund, teacher): Spent(count, minutes, cost or Decimal(0), unknown, people=1)
        for fund, teacher, count, minutes, cost, unknown in rows.iterator()
    }


def cost_by_person(found: dict[tuple[str, int], Spent]) -> dict[int, Decimal]:
    costs: dict[int, Decimal] = {}
    for (_fund, teacher), one in found.items():
        costs[teacher] = costs.get(teacher, Decimal(0)) + one.cost
    return costs
