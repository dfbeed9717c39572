"""Rows of learning for tests."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from learning_plans.models import (
    AssignmentRule,
    CoachingCycle,
    CoachingNote,
    Competency,
    Completion,
    Course,
    CreditLine,
    Enrollment,
    Framework,
    Goal,
    Need,
    NeedReason,
    Plan,
    PlanItem,
    PlanReview,
    PlanTemplate,
    Priority,
    Provider,
    RuleMember,
    SelfAssessment,
    Session,
    TemplateItem,
    Visit,
)
from learning_plans.sums import sum_up
from tests.factories.people import LONG_AGO, DistrictFactory, SchoolYearFactory, TeacherFactory, UserFactory


class FrameworkFactory(DjangoModelFactory):
    class Meta:
        model = Framework
        django_get_or_create = ("name", "version")

    name = "Teaching standards"
    version = "2024"


class CompetencyFactory(DjangoModelFactory):
    class Meta:
        model = Competency

    framework = factory.SubFactory(FrameworkFactory)
    code = factory.Sequence(lambda n: f"C{n + 1}")
    name = factory.Sequence(lambda n: f"Competency {n + 1}")


class NeedFactory(DjangoModelFactory):
    class Meta:
        model = Need

    teacher = factory.SubFactory(TeacherFactory)
    competency = factory.SubFactory(CompetencyFactory)


class NeedReasonFactory(DjangoModelFactory):
    """Somebody's own word: level 2 of what matters very much."""

    class Meta:
        model = NeedReason

    need = factory.SubFactory(NeedFactory)
    source = "self_assessment"
    strength = Decimal("0.667")
    found_on = date(2025, 9, 1)
    figures = {"level": 2, "confidence": 1, "relevance": 4}


class PriorityFactory(DjangoModelFactory):
    class Meta:
        model = Priority

    district = factory.SubFactory(DistrictFactory)
    competency = factory.SubFactory(CompetencyFactory)
    reason = "We want students to talk more."
    started_on = LONG_AGO


class SelfAssessmentFactory(DjangoModelFactory):
    """Finished, unless `finished_at=None` says otherwise."""

    class Meta:
        model = SelfAssessment

    teacher = factory.SubFactory(TeacherFactory)
    framework = factory.SubFactory(FrameworkFactory)
    started_at = datetime(2025, 9, 1, 15, 0, tzinfo=UTC)
    saved_at = factory.SelfAttribute("started_at")
    finished_at = factory.SelfAttribute("started_at")


class ProviderFactory(DjangoModelFactory):
    class Meta:
        model = Provider

    name = factory.Sequence(lambda n: f"Provider {n + 1}")


class CourseFactory(DjangoModelFactory):
    class Meta:
        model = Course

    district = factory.SubFactory(DistrictFactory)
    code = factory.Sequence(lambda n: f"PD-{n + 100}")
    title = factory.Sequence(lambda n: f"Course {n + 1}")
    provider = factory.SubFactory(ProviderFactory)
    minutes = 360
    category = "Instruction"


class SessionFactory(DjangoModelFactory):
    class Meta:
        model = Session

    course = factory.SubFactory(CourseFactory)
    section = factory.Sequence(lambda n: f"S{n + 1}")
    starts_at = datetime(2025, 10, 6, 16, 0, tzinfo=UTC)
    ends_at = datetime(2025, 10, 6, 22, 0, tzinfo=UTC)
    time_zone = "America/Los_Angeles"


class EnrollmentFactory(DjangoModelFactory):
    class Meta:
        model = Enrollment

    teacher = factory.SubFactory(TeacherFactory)
    session = factory.SubFactory(SessionFactory, course__district=factory.SelfAttribute("...teacher.district"))


class CompletionFactory(DjangoModelFactory):
    """Approved, in the current school year unless `completed_on` says otherwise."""

    class Meta:
        model = Completion

    teacher = factory.SubFactory(TeacherFactory)
    course = factory.SubFactory(CourseFactory, district=factory.SelfAttribute("..teacher.district"))
    completed_on = factory.LazyFunction(date.today)
    minutes = factory.SelfAttribute("course.minutes")
    category = factory.SelfAttribute("course.category")

    @classmethod
    def _after_postgeneration(cls, instance: Completion, create: bool, results: object = None) -> None:
        """As the product does; who changes a completion past it afterwards has to say so."""
        if create:
            sum_up([(instance.teacher_id, instance.completed_on)])


class CreditLineFactory(DjangoModelFactory):
    class Meta:
        model = CreditLine

    completion = factory.SubFactory(CompletionFactory)
    unit = "hour"
    amount = Decimal(6)


class PlanFactory(DjangoModelFactory):
    class Meta:
        model = Plan
        django_get_or_create = ("teacher", "school_year")

    teacher = factory.SubFactory(TeacherFactory)
    school_year = factory.SubFactory(SchoolYearFactory, district=factory.SelfAttribute("..teacher.district"))
    state = "active"


class GoalFactory(DjangoModelFactory):
    class Meta:
        model = Goal

    plan = factory.SubFactory(PlanFactory)
    title = factory.Sequence(lambda n: f"Goal {n + 1}")


class PlanItemFactory(DjangoModelFactory):
    """A course item; `PlanItemFactory(course=None, task="Visit a colleague")` is a task."""

    class Meta:
        model = PlanItem

    plan = factory.SubFactory(PlanFactory)
    course = factory.SubFactory(CourseFactory, district=factory.SelfAttribute("..plan.teacher.district"))


class CoachingCycleFactory(DjangoModelFactory):
    class Meta:
        model = CoachingCycle

    teacher = factory.SubFactory(TeacherFactory)
    coach = factory.SubFactory(UserFactory)
    focus = factory.Sequence(lambda n: f"Focus {n + 1}")
    started_on = LONG_AGO


class VisitFactory(DjangoModelFactory):
    class Meta:
        model = Visit

    teacher = factory.SubFactory(TeacherFactory)
    coach = factory.SubFactory(UserFactory)
    visited_on = LONG_AGO
    minutes = 45
    logged_at = datetime(2025, 10, 6, 16, 0, tzinfo=UTC)


class CoachingNoteFactory(DjangoModelFactory):
    class Meta:
        model = CoachingNote

    visit = factory.SubFactory(VisitFactory)
    author = factory.SelfAttribute("visit.coach")
    text = factory.Sequence(lambda n: f"Note {n + 1}")
    written_at = changed_at = datetime(2025, 10, 6, 17, 0, tzinfo=UTC)


class PlanTemplateFactory(DjangoModelFactory):
    """For everybody, unless a test says for whom."""

    class Meta:
        model = PlanTemplate

    district = factory.SubFactory(DistrictFactory)
    name = factory.Sequence(lambda n: f"Template {n + 1}")


class TemplateItemFactory(DjangoModelFactory):
    class Meta:
        model = TemplateItem

    template = factory.SubFactory(PlanTemplateFactory)
    task = factory.Sequence(lambda n: f"Task {n + 1}")
    due_after_days = 60


class PlanReviewFactory(DjangoModelFactory):
    class Meta:
        model = PlanReview

    plan = factory.SubFactory(PlanFactory)
    planned_on = factory.LazyFunction(date.today)


class AssignmentRuleFactory(DjangoModelFactory):
    """For everybody in the district, without a due day, unless the test says otherwise."""

    class Meta:
        model = AssignmentRule

    district = factory.SubFactory(DistrictFactory)
    name = factory.Sequence(lambda n: f"Rule {n + 1}")
    course = factory.SubFactory(CourseFactory, district=factory.SelfAttribute("..district"))
    made_by = factory.SubFactory(UserFactory)
    made_at = datetime(2025, 8, 1, 16, 0, tzinfo=UTC)


class RuleMemberFactory(DjangoModelFactory):
    class Meta:
        model = RuleMember

    rule = factory.SubFactory(AssignmentRuleFactory, district=factory.SelfAttribute("..teacher.district"))
    teacher = factory.SubFactory(TeacherFactory)
    joined_on = date(2025, 8, 1)
