"""The closed lists of the rules with the words people read."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _

from learning_plans.rules import choices as rules
from learning_plans.rules.coaching import CycleStep
from learning_plans.rules.credit.decision import Status
from learning_plans.rules.needs import Weight
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
    PRESENTING = rules.ActivityType.PRESENTING.value, _("Presenting")
    EXAM = rules.ActivityType.EXAM.value, _("Passed exam")
    GROWTH_PLAN = rules.ActivityType.GROWTH_PLAN.value, _("Growth plan")
    ACADEMY = rules.ActivityType.ACADEMY.value, _("Administrators' Academy")
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
    PDP = rules.Unit.PDP.value, _("PDP")
    SCECH = rules.Unit.SCECH.value, _("SCECH")
    PLAN = rules.Unit.PLAN.value, _("Growth plan")


class LicenceStatusName(TextChoices):
    MET = Status.MET.value, _("Met")
    ON_TRACK = Status.ON_TRACK.value, _("On track")
    AT_RISK = Status.AT_RISK.value, _("At risk")
    BEHIND = Status.BEHIND.value, _("Behind")
    OVERDUE = Status.OVERDUE.value, _("Overdue")
    EXEMPT = Status.EXEMPT.value, _("Exempt")
    NO_HOUR_RULE = Status.NO_HOUR_RULE.value, _("No state hour rule")
    UNKNOWN = Status.UNKNOWN.value, _("Not known")


class PlanStateName(TextChoices):
    DRAFT = rules.PlanState.DRAFT.value, _("Draft")
    IN_REVIEW = rules.PlanState.IN_REVIEW.value, _("In review")
    ACTIVE = rules.PlanState.ACTIVE.value, _("Active")
    CLOSED = rules.PlanState.CLOSED.value, _("Closed")


class ProgressName(TextChoices):
    DONE = Progress.DONE.value, _("Done")
    EXEMPT = Progress.EXEMPT.value, _("Exempt")
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


class PlanDecisionName(TextChoices):
    SUBMITTED = rules.PlanDecisionKind.SUBMITTED.value, _("Handed in")
    TAKEN_BACK = rules.PlanDecisionKind.TAKEN_BACK.value, _("Taken back")
    RETURNED = rules.PlanDecisionKind.RETURNED.value, _("Returned")
    APPROVED = rules.PlanDecisionKind.APPROVED.value, _("Approved")
    CLOSED = rules.PlanDecisionKind.CLOSED.value, _("Closed")


class GoalStateName(TextChoices):
    OPEN = rules.GoalState.OPEN.value, _("Open")
    MET = rules.GoalState.MET.value, _("Met")
    CARRIED = rules.GoalState.CARRIED.value, _("Goes on next year")
    DROPPED = rules.GoalState.DROPPED.value, _("Dropped")


class NeedSourceName(TextChoices):
    SELF_ASSESSMENT = rules.NeedSource.SELF_ASSESSMENT.value, _("Your own assessment")
    OBSERVATION = rules.NeedSource.OBSERVATION.value, _("Observations")
    KPI = rules.NeedSource.KPI.value, _("Classroom figures")
    COACH = rules.NeedSource.COACH.value, _("Suggested by a coach")
    PRIORITY = rules.NeedSource.PRIORITY.value, _("Priority of the school or district")


class NeedAnswerName(TextChoices):
    OPEN = rules.NeedAnswer.OPEN.value, _("Not answered yet")
    ACCEPTED = rules.NeedAnswer.ACCEPTED.value, _("Accepted")
    PUT_OFF = rules.NeedAnswer.PUT_OFF.value, _("Put off")
    DISAGREED = rules.NeedAnswer.DISAGREED.value, _("Disagreed")


class LevelName(IntegerChoices):
    BEGINNING = 1, _("I am at the beginning")
    SOMETIMES = 2, _("I do it now and then, or with help")
    MOSTLY = 3, _("I do it well on most days")
    SHOWING = 4, _("I could show others how")


class ConfidenceName(IntegerChoices):
    UNSURE = 1, _("Not sure of myself")
    SOMEWHAT = 2, _("Somewhat sure")
    SURE = 3, _("Sure")
    VERY_SURE = 4, _("Very sure")


class RelevanceName(IntegerChoices):
    HARDLY = 1, _("Hardly at all")
    LITTLE = 2, _("A little")
    MUCH = 3, _("A good deal")
    VERY_MUCH = 4, _("Very much")


class WeightName(TextChoices):
    STRONG = Weight.STRONG.value, _("Much speaks for this")
    CLEAR = Weight.CLEAR.value, _("Something speaks for this")
    SLIGHT = Weight.SLIGHT.value, _("A hint")


class AudienceName(TextChoices):
    PEOPLE = rules.Audience.PEOPLE.value, _("People I choose")
    EVERYBODY = rules.Audience.EVERYBODY.value, _("Everybody")
    FIRST_YEAR = rules.Audience.FIRST_YEAR.value, _("All first-year teachers")
    WITHOUT_COURSE = rules.Audience.WITHOUT_COURSE.value, _("Everybody who has not completed the course")


class DutyName(TextChoices):
    CLASSROOM_TEACHER = rules.Duty.CLASSROOM_TEACHER.value, _("Classroom teachers")
    SUBSTITUTE = rules.Duty.SUBSTITUTE.value, _("Substitutes")
    AIDE = rules.Duty.AIDE.value, _("Aides")
    OTHER = rules.Duty.OTHER.value, _("Other staff")
    COACH = rules.Duty.COACH.value, _("Coaches")
    MENTOR = rules.Duty.MENTOR.value, _("Mentors")
    PRINCIPAL = rules.Duty.PRINCIPAL.value, _("Principals")


class DueRuleName(TextChoices):
    NONE = rules.DueRule.NONE.value, _("No due day")
    FIXED = rules.DueRule.FIXED.value, _("On one day for everybody")
    AFTER_HIRE = rules.DueRule.AFTER_HIRE.value, _("Days after a person was hired")
    AFTER_JOINING = rules.DueRule.AFTER_JOINING.value, _("Days after the rule first holds for a person")
    AFTER_START = rules.DueRule.AFTER_START.value, _("Days after the school year or the cycle begins")


class RepeatsName(TextChoices):
    ONCE = rules.Repeats.ONCE.value, _("Once")
    SCHOOL_YEAR = rules.Repeats.SCHOOL_YEAR.value, _("Every school year")
    CYCLE = rules.Repeats.CYCLE.value, _("Every so many years, the same years for everybody")
    COMPLETION = rules.Repeats.COMPLETION.value, _("Every so many years, counted from each person's last completion")


class MemberStateName(TextChoices):
    OPEN = rules.MemberState.OPEN.value, _("Open")
    DUE_SOON = rules.MemberState.DUE_SOON.value, _("Due soon")
    DONE = rules.MemberState.DONE.value, _("Done")
    OVERDUE = rules.MemberState.OVERDUE.value, _("Overdue")
    EXEMPT = rules.MemberState.EXEMPT.value, _("Exempt")
    LEFT = rules.MemberState.LEFT.value, _("Left")


class CoachingActivityName(TextChoices):
    GOAL_SETTING = rules.CoachingActivity.GOAL_SETTING.value, _("Setting a goal")
    VISIT = rules.CoachingActivity.VISIT.value, _("Classroom visit")
    FEEDBACK = rules.CoachingActivity.FEEDBACK.value, _("Feedback talk")
    CO_PLANNING = rules.CoachingActivity.CO_PLANNING.value, _("Planning together")
    MODELING = rules.CoachingActivity.MODELING.value, _("Showing a lesson")
    DATA_TALK = rules.CoachingActivity.DATA_TALK.value, _("Looking at figures together")
    RE_VISIT = rules.CoachingActivity.RE_VISIT.value, _("Second visit")
    OTHER = rules.CoachingActivity.OTHER.value, _("Something else")


class SharingName(TextChoices):
    PRIVATE = rules.Sharing.PRIVATE.value, _("Only I can read this")
    SHARED = rules.Sharing.SHARED.value, _("The teacher can read this too")
    EXISTENCE = rules.Sharing.EXISTENCE.value, _("The teacher sees that there is a note, not its words")


class CycleStepName(TextChoices):
    GOAL = CycleStep.GOAL.value, _("Goal")
    VISIT = CycleStep.VISIT.value, _("Visit")
    FEEDBACK = CycleStep.FEEDBACK.value, _("Feedback")
    ACTION_STEP = CycleStep.ACTION_STEP.value, _("Next step agreed")
    RE_VISIT = CycleStep.RE_VISIT.value, _("Second visit")


class RuleChangeKindName(TextChoices):
    CHOICE = rules.RuleChangeKind.CHOICE.value, _("Which rules hold")
    NO_CHOICE = rules.RuleChangeKind.NO_CHOICE.value, _("A choice of rules ends")
    VERSION = rules.RuleChangeKind.VERSION.value, _("New version of rules")
    MEANINGS = rules.RuleChangeKind.MEANINGS.value, _("What categories mean")


class ComparedName(TextChoices):
    SAME = rules.Compared.SAME.value, _("The same")
    EXPLAINED = rules.Compared.EXPLAINED.value, _("Explained")
    OPEN = rules.Compared.OPEN.value, _("Not explained")
