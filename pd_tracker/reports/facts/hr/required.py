"""Training that rules ask of people."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from learning_plans.models import RuleMember
from learning_plans.rules.choices import MemberState
from pd_tracker.reports.facts.hr.scope import Scope


@dataclass(frozen=True, slots=True)
class Required:
    """How often a rule holds for somebody who is not exempt, and what came of it."""

    asked: int = 0
    done: int = 0
    overdue: int = 0

    @property
    def owed(self) -> int:
        return self.asked - self.done

    def __add__(self, other: Required) -> Required:
        return Required(self.asked + other.asked, self.done + other.done, self.overdue + other.overdue)


def required(scope: Scope) -> dict[int, Required]:
    """By person; rules that only recommend ask for nothing."""
    found: dict[int, Required] = defaultdict(Required)
    members = RuleMember.objects.visible_to(scope.user).live().filter(
        exempted_at=None, rule__ended_at=None, rule__is_required=True
    )  # fmt: skip
    stand: QuerySet[Any] = members.with_state(on=scope.on)
    for teacher, state in stand.order_by().values_list("teacher", "state").iterator():
        found[teacher] += Required(1, int(state == MemberState.DONE), int(state == MemberState.OVERDUE))
    return dict(found)
