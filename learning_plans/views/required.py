"""What rules ask of one person: by when, when it was last completed, and until when that counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from learning_plans.models import RuleMember
from learning_plans.models.choices import MemberStateName
from learning_plans.rules.choices import MemberState, Repeats
from teachers.models import Teacher, User

URGENCY = (
    MemberState.OVERDUE, MemberState.DUE_SOON, MemberState.OPEN, MemberState.DONE, MemberState.EXEMPT, MemberState.LEFT,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Required:
    member: RuleMember

    @property
    def label(self) -> Any:
        return MemberStateName(self.member.state).label


def required_of(user: User, teacher: Teacher, *, only_recurring: bool) -> list[Required]:
    """What is overdue first. What was recommended only is no requirement."""
    members = RuleMember.objects.visible_to(user).live().filter(teacher=teacher, rule__ended_at=None)
    members = members.filter(rule__is_required=True)
    if only_recurring:
        members = members.exclude(rule__repeats=Repeats.ONCE.value)
    standing: QuerySet[Any] = members.with_state(on=user.today).select_related("rule__course")
    found = list(standing.order_by("due_on", "pk"))
    found.sort(key=lambda member: URGENCY.index(MemberState(member.state)))
    return [Required(member) for member in found]
