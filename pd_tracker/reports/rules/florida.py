"""Florida's "Staff Professional Development" record: 58 characters for each person, component and fiscal year.

Layout as published by the state for its staff information system, 2013-14 to 2016-17.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from learning_plans.rules.choices import ActivityType

SURVEY_PERIOD = "5"
MOST_HOURS = 999


class Shape(StrEnum):
    NUMBER = "N/R"  # digits, right-justified behind zeros
    DIGITS = "N"
    LEFT = "A/N/L"  # letters and digits, left-justified before blanks
    CODE = "A/N"  # letters and digits that fill the place
    LETTER = "A"
    FILLER = ""


@dataclass(frozen=True, slots=True)
class Place:
    """One field of the record; the first character is number 1."""

    name: str
    first: int
    size: int
    shape: Shape = Shape.FILLER

    def fits(self, value: str) -> bool:
        return re.fullmatch(PATTERNS[self.shape].format(size=self.size), value) is not None

    def written(self, value: str) -> str:
        return value.rjust(self.size, "0") if self.shape is Shape.NUMBER else value.ljust(self.size)


PATTERNS = {
    Shape.NUMBER: r"[0-9]{{1,{size}}}",
    Shape.DIGITS: r"[0-9]{{{size}}}",
    Shape.LEFT: r"[A-Za-z0-9]{{1,{size}}}",
    Shape.CODE: r"[A-Za-z0-9]{{{size}}}",
    Shape.LETTER: r"[A-Z]{{{size}}}",
    Shape.FILLER: "",
}
LAYOUT = (
    Place("district", 1, 2, Shape.NUMBER),
    Place("school", 3, 4, Shape.NUMBER),
    Place("person", 7, 10, Shape.LEFT),
    Place("survey_period", 17, 1, Shape.DIGITS),
    Place("fiscal_year", 18, 4, Shape.DIGITS),
    Place("component", 22, 7, Shape.CODE),
    Place("staff_evaluation", 29, 1, Shape.CODE),
    Place("", 30, 6),
    Place("hours", 36, 3, Shape.NUMBER),
    Place("", 39, 1),
    Place("", 40, 4),
    Place("transaction", 44, 1, Shape.LETTER),
    Place("completed_in", 45, 2, Shape.NUMBER),
    Place("", 47, 8),
    Place("purpose", 55, 1, Shape.LETTER),
    Place("learning_method", 56, 1, Shape.LETTER),
    Place("implementation_method", 57, 1, Shape.LETTER),
    Place("student_evaluation", 58, 1, Shape.LETTER),
)
LENGTH = 58


class Purpose(StrEnum):
    ENDORSEMENT = "A"
    ALTERNATIVE_CERTIFICATION = "B"
    CERTIFICATE_RENEWAL = "C"
    OTHER_LICENSE = "D"
    SKILL_BUILDING = "E"


class LearningMethod(StrEnum):
    WORKSHOP = "A"
    ONLINE_INTERACTIVE = "B"
    ONLINE = "C"
    LEARNING_COMMUNITY = "D"
    INQUIRY = "F"
    COACHING = "G"
    PRACTICE = "H"
    JOB_EMBEDDED = "I"
    DELIBERATE_PRACTICE = "J"


# What else we call a kind of training fits several of the state's methods, so the district says which.
METHOD_OF_TYPE = {
    ActivityType.WORKSHOP: LearningMethod.WORKSHOP,
    ActivityType.CONFERENCE: LearningMethod.WORKSHOP,
    ActivityType.COACHING: LearningMethod.COACHING,
    ActivityType.MENTORING: LearningMethod.COACHING,
    ActivityType.LEARNING_COMMUNITY: LearningMethod.LEARNING_COMMUNITY,
    ActivityType.SELF_STUDY: LearningMethod.INQUIRY,
}


def whole_hours(minutes: int) -> int:
    """Cut, not rounded: the state takes whole hours only, and nobody gets an hour they do not have."""
    return minutes // 60


def fiscal_year(school_year: str) -> str:
    """2025-26 as 2526."""
    return school_year[2:4] + school_year[5:7]


def unfit(values: Mapping[str, str]) -> str | None:
    """The first field whose value has no place in the record."""
    return next((place.name for place in LAYOUT if place.name and not place.fits(values[place.name])), None)


def record(values: Mapping[str, str]) -> str:
    return "".join(place.written(values[place.name] if place.name else "") for place in LAYOUT)
