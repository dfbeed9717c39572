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
    PRESENTING = "presenting"
    EXAM = "exam"
    GROWTH_PLAN = "growth_plan"
    ACADEMY = "academy"
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
    PDP = "pdp"
    SCECH = "scech"
    PLAN = "plan"


class PlanState(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    ACTIVE = "active"
    CLOSED = "closed"


class PlanDecisionKind(StrEnum):
    SUBMITTED = "submitted"
    TAKEN_BACK = "taken_back"  # by the teacher, or because the plan was changed while sign-off waited
    RETURNED = "returned"
    APPROVED = "approved"
    CLOSED = "closed"


class GoalState(StrEnum):
    OPEN = "open"
    MET = "met"
    CARRIED = "carried"  # goes on in next year's plan
    DROPPED = "dropped"


class NeedSource(StrEnum):
    SELF_ASSESSMENT = "self_assessment"
    OBSERVATION = "observation"
    KPI = "kpi"
    COACH = "coach"
    PRIORITY = "priority"


class NeedAnswer(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    PUT_OFF = "put_off"
    DISAGREED = "disagreed"


class Audience(StrEnum):
    """Whom an assignment rule is for; the days and places are fields of the rule."""

    PEOPLE = "people"
    EVERYBODY = "everybody"
    FIRST_YEAR = "first_year"
    WITHOUT_COURSE = "without_course"


class Duty(StrEnum):
    """What somebody is employed as, or a role they hold, as far as rules tell people apart by it."""

    CLASSROOM_TEACHER = "classroom_teacher"
    SUBSTITUTE = "substitute"
    AIDE = "aide"
    OTHER = "other"
    COACH = "coach"
    MENTOR = "mentor"
    PRINCIPAL = "principal"


BY_GRANT = frozenset({Duty.COACH, Duty.MENTOR, Duty.PRINCIPAL})  # the others are positions of an employment


class DueRule(StrEnum):
    FIXED = "fixed"
    AFTER_HIRE = "after_hire"
    AFTER_JOINING = "after_joining"  # days after the rule first held for the person
    AFTER_START = "after_start"  # days after the school year or the cycle begins
    NONE = "none"


class Repeats(StrEnum):
    """How often a rule asks for its training."""

    ONCE = "once"
    SCHOOL_YEAR = "school_year"
    CYCLE = "cycle"  # every so many years, the same years for everybody
    COMPLETION = "completion"  # every so many years after the last approved completion of each person


class MemberState(StrEnum):
    """How somebody stands to a rule on a day."""

    OPEN = "open"
    DUE_SOON = "due_soon"
    DONE = "done"
    OVERDUE = "overdue"
    EXEMPT = "exempt"
    LEFT = "left"


class CoachingActivity(StrEnum):
    GOAL_SETTING = "goal_setting"
    VISIT = "visit"
    FEEDBACK = "feedback"
    CO_PLANNING = "co_planning"
    MODELING = "modeling"
    DATA_TALK = "data_talk"
    RE_VISIT = "re_visit"
    OTHER = "other"


class Sharing(StrEnum):
    PRIVATE = "private"  # its writer alone
    SHARED = "shared"  # its writer and the teacher
    EXISTENCE = "existence"  # the teacher sees that there is one; the words are its writer's


class RuleChangeKind(StrEnum):
    CHOICE = "choice"  # which rules hold for which licenses
    NO_CHOICE = "no_choice"  # a choice goes, or ends
    VERSION = "version"  # rules of the district say something else
    MEANINGS = "meanings"  # what the district's categories mean


class Compared(StrEnum):
    """How our total stands to that of another system."""

    SAME = "same"
    EXPLAINED = "explained"
    OPEN = "open"
