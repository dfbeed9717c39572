"""What comes out: every hour with the reason why it counts or not, and where the license stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction


class Reason(StrEnum):
    COUNTED = "counted"
    PARTLY_OVER_MAXIMUM = "partly_over_maximum"
    OVER_MAXIMUM = "over_maximum"
    PENDING = "pending"
    VOIDED = "voided"
    NOT_YET = "not_yet"
    BEFORE_WINDOW = "before_window"
    AFTER_WINDOW = "after_window"
    BEFORE_PLAN = "before_plan"
    NO_PLAN = "no_plan"
    UNKNOWN_UNIT = "unknown_unit"
    UNKNOWN_CATEGORY = "unknown_category"
    UNKNOWN_ACTIVITY = "unknown_activity"
    OTHER_ACTIVITY = "other_activity"
    BELOW_ZERO = "below_zero"
    TOPIC_TOO_SHORT = "topic_too_short"
    SAME_HOUR = "same_hour"
    NOTHING_OWED = "nothing_owed"


class Status(StrEnum):
    MET = "met"
    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    BEHIND = "behind"
    OVERDUE = "overdue"
    EXEMPT = "exempt"
    NO_HOUR_RULE = "no_hour_rule"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class DecidedLine:
    index: int
    converted: Fraction
    counted: Fraction
    reason: Reason
    detail: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class DecidedMinimum:
    category: str
    required: Fraction
    counted: Fraction

    @property
    def short(self) -> Fraction:
        return max(self.required - self.counted, Fraction(0))


@dataclass(frozen=True, slots=True)
class DecidedMaximum:
    key: str
    limit: Fraction
    earned: Fraction
    counted: Fraction


class Quoted(str):
    """What a person wrote, shown as it is; other texts in a detail are codes."""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the arithmetic; `detail` holds the numbers that its sentence names."""

    key: str
    detail: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Window:
    first: date
    last: date

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Decision:
    pack_id: str
    required: Fraction
    counted: Fraction
    pending: Fraction
    uncounted: Fraction
    carried_in: Fraction
    carried_out: Fraction
    status: Status
    is_met: bool
    window: Window | None
    minimums: tuple[DecidedMinimum, ...]
    maximums: tuple[DecidedMaximum, ...]
    lines: tuple[DecidedLine, ...]
    steps: tuple[Step, ...]
    elapsed: Fraction  # share of the window that has passed
