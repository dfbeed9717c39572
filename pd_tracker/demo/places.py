"""The schools of the demonstration district, one of which merges into another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from pd_tracker.demo.planted import NEED_PERCENT
from pd_tracker.demo.words import school_name
from teachers.rules.periods import Year

TEACHERS_PER_SCHOOL = 50
LEVELS = ("elementary", "elementary", "middle", "high", "elementary", "elementary", "middle", "high")
GRADE_SPAN = {"elementary": ("K", "5"), "middle": ("6", "8"), "high": ("9", "12")}
TITLE_I_PERCENT = 50


@dataclass(slots=True)
class Place:
    number: int
    level: str
    name: str
    frpm: float  # percent, in the first year
    pull: float  # what the school itself adds to the log odds of leaving
    keenness: float  # what it adds to the log of hours of training
    students: int
    closed_on: date | None = None
    successor: Place | None = None

    @property
    def school_id(self) -> str:
        return f"0{self.number + 101}"

    def frpm_in(self, year: Year, first: Year) -> float:
        """Need drifts a little from year to year, without crossing the line that was planted."""
        drift = 0.4 * ((year.start - first.start + self.number) % 5 - 2)
        low, high = (NEED_PERCENT, 96.0) if self.needs_much else (4.0, NEED_PERCENT - 0.5)
        return min(max(self.frpm + drift, low), high)

    @property
    def needs_much(self) -> bool:
        return self.frpm >= NEED_PERCENT

    def is_open(self, on: date) -> bool:
        return self.closed_on is None or on <= self.closed_on


def places_for(teachers: int, *, last_year: Year, rng: Random) -> list[Place]:
    """One school for each fifty teachers; the smallest elementary closed two summers ago and joined the next one."""
    count = max(6, round(teachers / TEACHERS_PER_SCHOOL))
    places = [_place(number, rng) for number in range(count)]
    closing, successor = places[4], places[5]
    closing.closed_on = Year(last_year.start - 2).ends_on
    closing.successor = successor
    return places


def _place(number: int, rng: Random) -> Place:
    level = LEVELS[number % len(LEVELS)]
    return Place(
        number=number,
        level=level,
        name=school_name(number, level),
        frpm=round(rng.uniform(62, 92) if number % 5 in (1, 4) else rng.uniform(12, 57), 1),
        pull=rng.gauss(0, 0.10),
        keenness=rng.gauss(0, 0.15),
        students=rng.randrange(380, 620) if level == "elementary" else rng.randrange(600, 1100),
    )
