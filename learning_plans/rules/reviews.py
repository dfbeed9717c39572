"""Comparing the figures of two reviews."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from learning_plans.rules.choices import GoalState

DECIDABLE = (GoalState.OPEN, GoalState.MET, GoalState.DROPPED)  # goals are carried over when the year ends


class Move(StrEnum):
    MORE = "more"
    LESS = "less"
    SAME = "same"
    NEW = "new"  # there was no figure before
    GONE = "gone"


def moved(then: Decimal | None, now: Decimal | None) -> Move:
    if then is None or now is None:
        return Move.SAME if now is then else Move.NEW if then is None else Move.GONE
    if now == then:
        return Move.SAME
    return Move.MORE if now > then else Move.LESS
