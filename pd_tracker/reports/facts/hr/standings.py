"""Where licenses stand by the rules of their renewal, on the day the HR summary describes."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from learning_plans.actions.standings import freshen
from learning_plans.models import LicenceStanding, Waiver
from learning_plans.models.choices import LicenceStatusName, UnitName
from learning_plans.rules.credit.decision import Status
from pd_tracker.reports.facts.calendar import district_of
from pd_tracker.reports.facts.hr.scope import Scope

STATUS_NAMES = dict(LicenceStatusName.choices)
UNIT_NAMES = dict(UnitName.choices)
LATE = frozenset({Status.BEHIND.value, Status.AT_RISK.value, Status.OVERDUE.value})


class Standing(NamedTuple):
    """Amounts are in the unit of the rules; `short` says by category what is missing."""

    rule_pack: str
    unit: str
    status: str
    required: Decimal
    counted: Decimal
    pending: Decimal
    uncounted: Decimal
    carried_in: Decimal
    carried_out: Decimal
    short: dict[str, str]
    begins_on: date | None
    ends_on: date | None

    @property
    def share(self) -> Decimal | None:
        return self.counted / self.required if self.required else None

    @property
    def is_late(self) -> bool:
        return self.status in LATE

    def pace(self, on: date) -> Decimal | None:
        """Counted beside what would be expected by the day if it came evenly over the period."""
        if not (self.required and self.begins_on and self.ends_on):
            return None
        whole = (self.ends_on - self.begins_on).days + 1
        gone = min(max((on - self.begins_on).days + 1, 1), whole)
        return self.counted / (self.required * gone / whole)

    @property
    def short_in_words(self) -> str:
        return "; ".join(f"{category}: {amount}" for category, amount in sorted(self.short.items()))


def standings(scope: Scope) -> dict[int, Standing]:
    """By license; none of those whose kept standing does not hold on the day described."""
    kept = LicenceStanding.objects.visible_to(scope.user).filter(decided_on__lte=scope.on, holds_until__gte=scope.on)
    rows = kept.order_by().values_list("licence", *Standing._fields)
    return {row[0]: Standing(*row[1:]) for row in rows.iterator()}


def waivers(scope: Scope) -> dict[int, list[Decimal | None]]:
    """By license what is forgiven; None is all of it."""
    found: dict[int, list[Decimal | None]] = defaultdict(list)
    live = Waiver.objects.visible_to(scope.user).filter(taken_back_at=None).order_by("granted_at", "pk")
    for licence, amount in live.values_list("licence", "amount").iterator():
        found[licence].append(amount)
    return dict(found)


def bring_up_to_date(scope: Scope, *, at: datetime) -> int:
    """To be called before a summary is made; answers with how many standings are still being worked out."""
    district = district_of(scope.user)
    if district is None or scope.on != scope.user.today:
        return 0
    return freshen(district=district, on=scope.on, at=at)
