"""Where a classroom figure of a teacher stands, and whether a target lies on the side that is better."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

FEWEST_STUDENTS = 10  # below, a figure says more about single students than about teaching
PLACES = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Reading:
    """One stored figure: of a class, or of the teacher as a whole."""

    value: Decimal
    students: int
    is_whole: bool


def combined(readings: Iterable[Reading]) -> tuple[Decimal, int] | None:
    """The figure of a teacher's year and its students: as given for the whole, or else from the classes.

    Classes count by their students. None where fewer than ten students stand behind the figure.
    """
    readings = list(readings)
    used = [one for one in readings if one.is_whole] or readings
    students = sum(one.students for one in used)
    if students < FEWEST_STUDENTS:
        return None
    value = sum((one.value * one.students for one in used), Decimal(0)) / students
    return value.quantize(PLACES), students


def is_better(value: Decimal, than: Decimal, *, higher_is_better: bool) -> bool:
    return value > than if higher_is_better else value < than
