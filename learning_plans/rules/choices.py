"""The closed lists of the learning side: CEDS activity types, the life of records, units of credit."""

from __future__ import annotations

from enum import StrEnum


class ActivityType(StrEnum):
    """CEDS "Professional development activity type", the values districts use."""

    WORKSHOP = "workshop"
    COURSE = "course"
    CONFERENCE = "conference"
    COACHING = "coaching"
    MENTORING = "mentoring"
    LEARNING_COMMUNITY = "learning_community"
    ONLINE = "online"
    SELF_STUDY = "self_study"
    OBSERVATION = "observation"
    COLLEGE = "college_course"
    OTHER = "other"


class EvidenceTier(StrEnum):
    STRONG = "strong"
    MODERATE = "moderate"
    PROMISING = "promising"
    RATIONALE = "rationale"
    UNKNOWN = "unknown"


class CourseState(StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"
    RETIRED = "retired"


class SeatPolicy(StrEnum):
    FIRST_COME = "first_come"
    LOTTERY = "lottery"


class EnrollmentState(StrEnum):
    IN_DRAW = "in_draw"  # applied for a seat that is drawn by lot, and not drawn yet
    REGISTERED = "registered"
    WAITLISTED = "waitlisted"
    WITHDRAWN = "withdrawn"
    NO_SHOW = "no_show"
    ATTENDED = "attended"
    COMPLETED = "completed"


ACTIVE_ENROLLMENTS = frozenset(
    {EnrollmentState.IN_DRAW, EnrollmentState.REGISTERED, EnrollmentState.WAITLISTED, EnrollmentState.ATTENDED}
)


class CompletionState(StrEnum):
    PENDING = "pending"
    APPROVED = "approved"
    VOIDED = "voided"


class CompletionSource(StrEnum):
    SESSION = "session"
    EXTERNAL = "external"
    IMPORT = "import"
    HR = "hr"
    MICRO_CREDENTIAL = "micro_credential"


class Unit(StrEnum):
    HOUR = "hour"
    SEMESTER_CREDIT = "semester_credit"
    QUARTER_CREDIT = "quarter_credit"
    CEU = "ceu"
    POINT = "point"


class PlanState(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    ACTIVE = "active"
    CLOSED = "closed"
