"""The closed lists of the people side: CEDS terms where CEDS has them."""

from __future__ import annotations

from enum import StrEnum


class Position(StrEnum):
    CLASSROOM_TEACHER = "classroom_teacher"
    SUBSTITUTE = "substitute"
    AIDE = "aide"
    OTHER = "other"


class SchoolLevel(StrEnum):
    ELEMENTARY = "elementary"
    MIDDLE = "middle"
    HIGH = "high"
    COMBINED = "combined"
    OTHER = "other"


class SeparationType(StrEnum):
    VOLUNTARY = "voluntary"
    INVOLUNTARY = "involuntary"
    MUTUAL = "mutual_agreement"
    OTHER = "other"


class SeparationReason(StrEnum):
    """CEDS "Staff separation reason" in groups that retention reports tell apart."""

    RETIREMENT = "retirement"
    RESIGNATION = "resignation"
    NON_RENEWAL = "non_renewal"
    LAYOFF = "layoff"
    DEATH = "death"
    DISABILITY = "disability"
    OTHER_DISTRICT = "other_district"
    OTHER_EMPLOYMENT = "other_employment"
    PERSONAL = "personal"
    CAREER_CHANGE = "change_of_career"
    OTHER = "other"
    UNKNOWN = "unknown"


OWN_DECISION = frozenset(
    {
        SeparationReason.RESIGNATION,
        SeparationReason.OTHER_DISTRICT,
        SeparationReason.OTHER_EMPLOYMENT,
        SeparationReason.PERSONAL,
        SeparationReason.CAREER_CHANGE,
    }
)
LET_GO = frozenset({SeparationReason.NON_RENEWAL, SeparationReason.LAYOFF})
NOBODYS_DECISION = frozenset({SeparationReason.DEATH, SeparationReason.DISABILITY})


class LeaveKind(StrEnum):
    PARENTAL = "parental"
    MEDICAL = "medical"
    SABBATICAL = "sabbatical"
    MILITARY = "military"
    UNPAID = "unpaid"
    OTHER = "other"


class PairingKind(StrEnum):
    COACH = "coach"
    MENTOR = "mentor"


class KpiLevel(StrEnum):
    CLASSROOM = "classroom"
    TEACHER = "teacher"
    SCHOOL = "school"
    DISTRICT = "district"


class Term(StrEnum):
    YEAR = "year"
    FALL = "fall"
    WINTER = "winter"
    SPRING = "spring"
