"""The closed lists of the rules with the words people read."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from learning_plans.rules import choices as rules
from learning_plans.rules.progress import NextStep, Progress


class ActivityTypeName(TextChoices):
    WORKSHOP = rules.ActivityType.WORKSHOP.value, _("Workshop")
    COURSE = rules.ActivityType.COURSE.value, _("Course")
    CONFERENCE = rules.ActivityType.CONFERENCE.value, _("Conference")
    COACHING = rules.ActivityType.COACHING.value, _("Coaching")
    MENTORING = rules.ActivityType.MENTORING.value, _("Mentoring")
    LEARNING_COMMUNITY = rules.ActivityType.LEARNING_COMMUNITY.value, _("Learning community")
    ONLINE = rules.ActivityType.ONLINE.value, _("Online")
    SELF_STUDY = rules.ActivityType.SELF_STUDY.value, _("Self-study")
    OBSERVATION = rules.ActivityType.OBSERVATION.value, _("Peer observation")
    COLLEGE = rules.ActivityType.COLLEGE.value, _("College course")
    OTHER = rules.ActivityType.OTHER.value, _("Other")


class EvidenceTierName(TextChoices):
    STRONG = rules.EvidenceTier.STRONG.value, _("Strong (experiment)")
    MODERATE = rules.EvidenceTier.MODERATE.value, _("Moderate (quasi-experiment)")
    PROMISING = rules.EvidenceTier.PROMISING.value, _("Promising (correlation with controls)")
    RATIONALE = rules.EvidenceTier.RATIONALE.value, _("Rationale")
    UNKNOWN = rules.EvidenceTier.UNKNOWN.value, _("Not known")


class CourseStateName(TextChoices):
    PROPOSED = rules.CourseState.PROPOSED.value, _("Proposed")
    APPROVED = rules.CourseState.APPROVED.value, _("Approved")
    RETIRED = rules.CourseState.RETIRED.value, _("Retired")


class SeatPolicyName(TextChoices):
    FIRST_COME = rules.SeatPolicy.FIRST_COME.value, _("First come, first served")
    LOTTERY = rules.SeatPolicy.LOTTERY.value, _("By lot")


class EnrollmentStateName(TextChoices):
    IN_DRAW = rules.EnrollmentState.IN_DRAW.value, _("In the draw")
    REGISTERED = rules.EnrollmentState.REGISTERED.value, _("Registered")
    WAITLISTED = rules.EnrollmentState.WAITLISTED.value, _("On the waiting list")
    WITHDRAWN = rules.EnrollmentState.WITHDRAWN.value, _("Withdrawn")
    NO_SHOW = rules.EnrollmentState.NO_SHOW.value, _("Did not come")
    ATTENDED = rules.EnrollmentState.ATTENDED.value, _("Attended")
    COMPLETED = rules.EnrollmentState.COMPLETED.value, _("Completed")


class CompletionStateName(TextChoices):
    PENDING = rules.CompletionState.PENDING.value, _("Waiting for approval")
    APPROVED = rules.CompletionState.APPROVED.value, _("Approved")
    VOIDED = rules.CompletionState.VOIDED.value, _("Voided")


class CompletionSourceName(TextChoices):
    SESSION = rules.CompletionSource.SESSION.value, _("Session")
    EXTERNAL = rules.CompletionSource.EXTERNAL.value, _("Outside provider")
    IMPORT = rules.CompletionSource.IMPORT.value, _("Import")
    HR = rules.CompletionSource.HR.value, _("Entered by HR")
    MICRO_CREDENTIAL = rules.CompletionSource.MICRO_CREDENTIAL.value, _("Micro-credential")


# What somebody may say a completion comes from; the others are said by the program that makes it.
BY_HAND = (CompletionSourceName.HR, CompletionSourceName.EXTERNAL, CompletionSourceName.MICRO_CREDENTIAL)


class UnitName(TextChoices):
    HOUR = rules.Unit.HOUR.value, _("Hour")
    SEMESTER_CREDIT = rules.Unit.SEMESTER_CREDIT.value, _("Semester credit")
    QUARTER_CREDIT = rules.Unit.QUARTER_CREDIT.value, _("Quarter credit")
    CEU = rules.Unit.CEU.value, _("CEU")
    POINT = rules.Unit.POINT.value, _("Point")


class PlanStateName(TextChoices):
    DRAFT = rules.PlanState.DRAFT.value, _("Draft")
    IN_REVIEW = rules.PlanState.IN_REVIEW.value, _("In review")
    ACTIVE = rules.PlanState.ACTIVE.value, _("Active")
    CLOSED = rules.PlanState.CLOSED.value, _("Closed")


class ProgressName(TextChoices):
    DONE = Progress.DONE.value, _("Done")
    OVERDUE = Progress.OVERDUE.value, _("Overdue")
    DUE_SOON = Progress.DUE_SOON.value, _("Due soon")
    OPEN = Progress.OPEN.value, _("Open")


class NextStepName(TextChoices):
    NOTHING = NextStep.NOTHING.value, _("Nothing is missing")
    REGISTER = NextStep.REGISTER.value, _("Register for it")
    WAIT_FOR_SEAT = NextStep.WAIT_FOR_SEAT.value, _("Wait for a seat")
    ATTEND = NextStep.ATTEND.value, _("Attend")
    RECORD = NextStep.RECORD.value, _("The completion is not recorded yet")
    APPROVAL = NextStep.APPROVAL.value, _("Waiting for approval")
    DO_TASK = NextStep.DO_TASK.value, _("Mark it done when you have finished")
