"""Personal learning plans: goals, the courses and tasks that serve them, decisions and reviews."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from learning_plans.models.catalogue import Competency, Course
from learning_plans.models.choices import GoalStateName, PlanDecisionName, PlanStateName
from learning_plans.models.needs import Need
from learning_plans.models.starts import CycleStart
from learning_plans.models.templates import PlanTemplate
from learning_plans.querysets.plans import (
    GoalQuerySet,
    OfPlanQuerySet,
    PlanItemQuerySet,
    PlanQuerySet,
    PlanReviewQuerySet,
)
from learning_plans.rules.choices import EnrollmentState
from learning_plans.rules.progress import NextStep, Progress, next_step, progress
from teachers.models.days import PLAUSIBLE_DAY


class Plan(models.Model):
    teacher = models.ForeignKey(
        "teachers.Teacher", on_delete=models.PROTECT, related_name="plans", verbose_name=_("teacher")
    )
    school_year = models.ForeignKey(
        "teachers.SchoolYear", on_delete=models.PROTECT, related_name="plans", verbose_name=_("school year")
    )
    state = models.CharField(_("state"), max_length=10, choices=PlanStateName, default=PlanStateName.DRAFT)
    # Copied from the template when the plan begins: a template edited later does not change it.
    template = models.ForeignKey(
        PlanTemplate, on_delete=models.PROTECT, null=True, blank=True, related_name="plans", verbose_name=_("template")
    )
    guidance = models.TextField(_("words for the teacher"), blank=True)
    is_apart_from_evaluation = models.BooleanField(_("never used for evaluation"), default=False)
    mentor_within_days = models.PositiveSmallIntegerField(null=True, blank=True)
    goals_within_days = models.PositiveSmallIntegerField(null=True, blank=True)
    weekly_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    start = models.ForeignKey(CycleStart, on_delete=models.PROTECT, null=True, blank=True, related_name="plans")
    # The plan in its own words, taken when it was closed: courses renamed or retired later do not change it.
    closed_copy = models.JSONField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PlanQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        ordering = ["-school_year__starts_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["teacher", "school_year"],
                name="one_plan_per_teacher_and_year",
                violation_error_message=_("This person already has a plan for this school year."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.teacher} {self.school_year}"

    @property
    def is_of_induction(self) -> bool:
        """Whether anything was promised to a teacher who begins."""
        return {self.mentor_within_days, self.goals_within_days, self.weekly_minutes} != {None}


class Goal(models.Model):
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="goals", verbose_name=_("plan"))
    title = models.CharField(_("goal"), max_length=300)
    reason = models.TextField(_("why this goal"), blank=True)
    measure = models.CharField(_("how we will know"), max_length=300, blank=True)
    competency = models.ForeignKey(
        Competency, on_delete=models.PROTECT, null=True, blank=True, related_name="goals", verbose_name=_("competency")
    )
    need = models.ForeignKey(
        Need, on_delete=models.PROTECT, null=True, blank=True, related_name="goals", verbose_name=_("need")
    )
    state = models.CharField(_("state"), max_length=8, choices=GoalStateName, default=GoalStateName.OPEN)
    carried_from = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="carried_to",
        verbose_name=_("goes on from"),
    )
    kpi = models.ForeignKey(
        "teachers.Kpi", on_delete=models.PROTECT, null=True, blank=True, related_name="goals", verbose_name=_("KPI")
    )
    # Frozen when the goal is set, so that progress is measured from where it began.
    baseline = models.DecimalField(_("where it stood"), max_digits=14, decimal_places=6, null=True, blank=True)
    baseline_on = models.DateField(_("as of"), null=True, blank=True)
    baseline_students = models.PositiveIntegerField(_("students"), null=True, blank=True)
    target = models.DecimalField(_("target"), max_digits=12, decimal_places=4, null=True, blank=True)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("set by"),
    )
    place = models.PositiveSmallIntegerField(_("order"), default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = GoalQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("goal")
        verbose_name_plural = _("goals")
        ordering = ["place", "created_at", "pk"]

    def __str__(self) -> str:
        return self.title


class PlanItem(models.Model):
    """A course or a task. Whether it is done is read from the facts, except for a task, which has a day it was done."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="items", verbose_name=_("plan"))
    goal = models.ForeignKey(
        Goal, on_delete=models.PROTECT, null=True, blank=True, related_name="items", verbose_name=_("goal")
    )
    course = models.ForeignKey(
        Course, on_delete=models.PROTECT, null=True, blank=True, related_name="plan_items", verbose_name=_("course")
    )
    task = models.CharField(_("task"), max_length=300, blank=True)
    note = models.TextField(_("note"), blank=True)
    due_on = models.DateField(_("due"), null=True, blank=True, validators=PLAUSIBLE_DAY)
    is_required = models.BooleanField(_("required"), default=True)
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("assigned by"),
    )
    assigned_at = models.DateTimeField(_("assigned"), auto_now_add=True)
    task_done_on = models.DateField(_("done on"), null=True, blank=True, validators=PLAUSIBLE_DAY)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True, editable=False)
    # Of training that comes back: a completion before this day belongs to what was asked earlier.
    counts_from = models.DateField(_("counts from"), null=True, blank=True, editable=False)
    round = models.PositiveSmallIntegerField(_("round in this plan"), default=1, editable=False)

    # Facts that `PlanItem.objects.with_facts()` adds.
    is_done: bool
    is_exempt: bool
    pending_since: datetime | None
    enrollment_state: str | None

    objects = PlanItemQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("plan item")
        verbose_name_plural = _("plan items")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="plan_item_is_a_course_or_a_task",
                condition=Q(course__isnull=False, task="") | (Q(course__isnull=True) & ~Q(task="")),
                violation_error_message=_("Choose a course or describe a task, not both."),
            ),
            models.CheckConstraint(
                name="only_tasks_are_marked_done",
                condition=Q(task_done_on=None) | Q(course__isnull=True),
                violation_error_message=_("A course is done when its completion is recorded."),
            ),
            models.UniqueConstraint(
                fields=["plan", "course", "round"],
                condition=Q(withdrawn_at=None, course__isnull=False),
                name="one_open_item_per_course",
                violation_error_message=_("This course is already in the plan."),
            ),
        ]

    def __str__(self) -> str:
        return self.course.title if self.course_id and self.course else self.task

    def progress(self, *, on: date) -> Progress:
        """Needs the facts of `PlanItem.objects.with_facts()`."""
        return progress(
            due_on=self.due_on, is_required=self.is_required, is_done=self.is_done, is_exempt=self.is_exempt, on=on
        )

    @property
    def next_step(self) -> NextStep:
        """Needs the facts of `PlanItem.objects.with_facts()`."""
        return next_step(
            is_task=self.course_id is None,
            is_done=self.is_done,
            is_pending=self.pending_since is not None,
            enrollment=EnrollmentState(self.enrollment_state) if self.enrollment_state else None,
        )


class PlanDecision(models.Model):
    """One step of a plan's way from draft to closed: who took it, when, and what they said."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="decisions", verbose_name=_("plan"))
    kind = models.CharField(_("step"), max_length=12, choices=PlanDecisionName)
    comment = models.TextField(_("comment"), blank=True, max_length=2000)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("when"), default=timezone.now)

    objects = OfPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision about a plan")
        verbose_name_plural = _("decisions about plans")
        ordering = ["decided_at", "pk"]

    def __str__(self) -> str:
        return str(PlanDecisionName(self.kind).label)


class PlanReview(models.Model):
    """A check-in on a set day; once held, it keeps the figures as they stood then."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="reviews", verbose_name=_("plan"))
    planned_on = models.DateField(_("planned for"), validators=PLAUSIBLE_DAY)
    held_on = models.DateField(_("held on"), null=True, blank=True)
    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    figures = models.JSONField(_("figures of that day"), default=dict, blank=True, editable=False)
    decision = models.TextField(_("what was decided"), blank=True, max_length=4000)
    changes = models.JSONField(_("what was changed"), default=list, blank=True, editable=False)

    objects = PlanReviewQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("review of a plan")
        verbose_name_plural = _("reviews of plans")
        ordering = ["planned_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "planned_on"],
                name="one_review_per_day",
                violation_error_message=_("There is a review on this day already."),
            ),
            models.CheckConstraint(
                name="held_reviews_have_a_decision",
                condition=Q(held_on=None) | ~Q(decision=""),
                violation_error_message=_("Write down what was decided."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan} {self.planned_on}"
