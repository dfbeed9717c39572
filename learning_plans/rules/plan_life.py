"""Who may do what with a plan in which state."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Protocol

from learning_plans.rules.choices import PlanDecisionKind, PlanState


class Part(StrEnum):
    """What somebody is to a plan."""

    OWNER = "owner"
    GUIDE = "guide"  # the coach or mentor
    APPROVER = "approver"


class Act(StrEnum):
    SUBMIT = "submit"
    TAKE_BACK = "take_back"
    RETURN = "return"
    APPROVE = "approve"
    CLOSE = "close"


FROM_STATE = {
    Act.SUBMIT: PlanState.DRAFT,
    Act.TAKE_BACK: PlanState.IN_REVIEW,
    Act.RETURN: PlanState.IN_REVIEW,
    Act.APPROVE: PlanState.IN_REVIEW,
    Act.CLOSE: PlanState.ACTIVE,
}
TO_STATE = {
    Act.SUBMIT: PlanState.IN_REVIEW,
    Act.TAKE_BACK: PlanState.DRAFT,
    Act.RETURN: PlanState.DRAFT,
    Act.APPROVE: PlanState.ACTIVE,
    Act.CLOSE: PlanState.CLOSED,
}
KEPT_AS = {
    Act.SUBMIT: PlanDecisionKind.SUBMITTED,
    Act.TAKE_BACK: PlanDecisionKind.TAKEN_BACK,
    Act.RETURN: PlanDecisionKind.RETURNED,
    Act.APPROVE: PlanDecisionKind.APPROVED,
    Act.CLOSE: PlanDecisionKind.CLOSED,
}
OPEN_TO = {
    Act.SUBMIT: frozenset({Part.OWNER, Part.GUIDE}),
    Act.TAKE_BACK: frozenset({Part.OWNER, Part.GUIDE}),
    Act.RETURN: frozenset({Part.APPROVER}),
    Act.APPROVE: frozenset({Part.APPROVER}),
    Act.CLOSE: frozenset(Part),
}
BEFORE_APPROVAL = frozenset({PlanState.DRAFT, PlanState.IN_REVIEW})


class Item(Protocol):
    is_required: bool
    assigned_by_id: int | None


def may(act: Act, parts: Iterable[Part]) -> bool:
    """Whether these parts are asked for the act at all, whatever state the plan is in."""
    return bool(OPEN_TO[act] & frozenset(parts))


def acts(state: PlanState, parts: Iterable[Part]) -> frozenset[Act]:
    """What these parts can do next with a plan."""
    parts = frozenset(parts)
    return frozenset(act for act in Act if FROM_STATE[act] is state and may(act, parts))


def may_write_goals(state: PlanState, parts: Iterable[Part]) -> bool:
    """Until it is approved, owner and coach write the plan; afterwards its goals change with the coach."""
    parts = frozenset(parts)
    if Part.GUIDE in parts:
        return state is not PlanState.CLOSED
    return Part.OWNER in parts and state in BEFORE_APPROVAL


def may_add_items(state: PlanState, parts: Iterable[Part]) -> bool:
    return state is not PlanState.CLOSED and bool({Part.OWNER, Part.GUIDE} & frozenset(parts))


def may_change_item(state: PlanState, parts: Iterable[Part], item: Item, *, user_id: int | None) -> bool:
    """What is required stays with whoever requires it; in an approved plan owners change what they added."""
    parts = frozenset(parts)
    if state is PlanState.CLOSED:
        return False
    if Part.GUIDE in parts:
        return True
    is_own = item.assigned_by_id is not None and item.assigned_by_id == user_id
    return Part.OWNER in parts and not item.is_required and (is_own or state in BEFORE_APPROVAL)


def is_past(due_on: date | None, *, on: date) -> bool:
    return due_on is not None and due_on < on
