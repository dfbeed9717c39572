"""How a state looks: a word, a shape and a color, so that none of them has to speak alone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    DONE = "done"
    DUE = "due"
    LATE = "late"
    NOW = "now"
    PLAIN = "plain"


class Shape(StrEnum):
    TICK = "tick"
    CLOCK = "clock"
    WARNING = "warning"
    HALF = "half"
    RING = "ring"
    CROSS = "cross"


@dataclass(frozen=True, slots=True)
class Look:
    tone: Tone
    shape: Shape


DONE = Look(Tone.DONE, Shape.TICK)
DUE = Look(Tone.DUE, Shape.CLOCK)
LATE = Look(Tone.LATE, Shape.WARNING)
NOW = Look(Tone.NOW, Shape.HALF)
OPEN = Look(Tone.PLAIN, Shape.RING)
GONE = Look(Tone.PLAIN, Shape.CROSS)

LOOKS = {
    "done": DONE, "completed": DONE, "approved": DONE, "attended": DONE, "applied": DONE, "on_track": DONE,
    "stayer": DONE, "met": DONE, "valid": DONE,
    "due_soon": DUE, "due": DUE, "pending": DUE, "waiting": DUE, "in_review": DUE, "waitlisted": DUE, "at_risk": DUE,
    "unverified": DUE,
    "overdue": LATE, "failed": LATE, "behind": LATE, "expired": LATE, "refused": LATE, "no_show": LATE,
    "active": NOW, "running": NOW, "in_progress": NOW, "registered": NOW,
    "voided": GONE, "withdrawn": GONE, "closed": GONE, "retired": GONE, "cancelled": GONE, "leaver": GONE,
}  # fmt: skip


def look_of(state: str) -> Look:
    return LOOKS.get(str(state).lower(), OPEN)
