"""Learning: catalogue, sessions, completions and plans."""

from learning_plans.models.catalogue import Competency, Course, Framework, Provider
from learning_plans.models.completions import Completion, CreditLine
from learning_plans.models.plans import Goal, Plan, PlanItem
from learning_plans.models.sessions import Enrollment, SeatDraw, Session
from learning_plans.models.training import TrainingDays, TrainingYear

__all__ = [
    "Competency",
    "Completion",
    "Course",
    "CreditLine",
    "Enrollment",
    "Framework",
    "Goal",
    "Plan",
    "PlanItem",
    "Provider",
    "SeatDraw",
    "Session",
    "TrainingDays",
    "TrainingYear",
]
