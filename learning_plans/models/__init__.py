"""Learning: catalogue, sessions, completions, needs, plans, assigning, coaching and practices."""

from learning_plans.models.assigning import AssignmentRule, Reminder, RuleMember
from learning_plans.models.catalogue import Competency, Course, Framework, Provider
from learning_plans.models.certificates import Certificate
from learning_plans.models.coaching import CoachingCycle, CoachingNote, Visit
from learning_plans.models.completions import Completion, CreditLine
from learning_plans.models.contracts import ContractHours
from learning_plans.models.credit import (
    CategoryMeaning,
    DistrictPack,
    LicenceFact,
    LicenceStanding,
    PackChoice,
    PackVersion,
    StandingRun,
    Waiver,
)
from learning_plans.models.evidence import Evidence
from learning_plans.models.needs import KpiCompetency, Need, NeedReason, Priority, SelfAssessment, SelfRating
from learning_plans.models.parallel import OldTotal
from learning_plans.models.plans import Goal, Plan, PlanDecision, PlanItem, PlanReview
from learning_plans.models.practices import Adoption, Practice
from learning_plans.models.recommending import CourseEstimate, CourseOpinion, CourseWish, RecommendationWeights
from learning_plans.models.renewals import RenewalMailing, RenewalNotice
from learning_plans.models.rule_changes import ForeseenStanding, RuleChange
from learning_plans.models.sessions import Enrollment, SeatDraw, Session
from learning_plans.models.starts import CycleStart
from learning_plans.models.templates import PlanTemplate, TemplateItem
from learning_plans.models.training import TrainingDays, TrainingYear

__all__ = [
    "Adoption",
    "AssignmentRule",
    "CategoryMeaning",
    "Certificate",
    "CoachingCycle",
    "CoachingNote",
    "Competency",
    "Completion",
    "ContractHours",
    "Course",
    "CourseEstimate",
    "CourseOpinion",
    "CourseWish",
    "CreditLine",
    "CycleStart",
    "DistrictPack",
    "Enrollment",
    "Evidence",
    "ForeseenStanding",
    "Framework",
    "Goal",
    "KpiCompetency",
    "LicenceFact",
    "LicenceStanding",
    "Need",
    "NeedReason",
    "OldTotal",
    "PackChoice",
    "PackVersion",
    "Plan",
    "PlanDecision",
    "PlanItem",
    "PlanReview",
    "PlanTemplate",
    "Practice",
    "Priority",
    "Provider",
    "RecommendationWeights",
    "Reminder",
    "RenewalMailing",
    "RenewalNotice",
    "RuleChange",
    "RuleMember",
    "SeatDraw",
    "SelfAssessment",
    "SelfRating",
    "Session",
    "StandingRun",
    "TemplateItem",
    "TrainingDays",
    "TrainingYear",
    "Visit",
    "Waiver",
]
