"""Learning that was finished, and the credit it brought. Facts are voided, never deleted."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from learning_plans.models.catalogue import Course
from learning_plans.models.choices import CompletionSourceName, CompletionStateName, UnitName
from learning_plans.models.sessions import Session
from learning_plans.querysets.completions import CompletionQuerySet, CreditLineQuerySet


class Completion(models.Model):
    teacher = models.ForeignKey(
        "teachers.Teacher", on_delete=models.PROTECT, related_name="completions", verbose_name=_("teacher")
    )
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="completions", verbose_name=_("course"))
    session = models.ForeignKey(
        Session, on_delete=models.PROTECT, null=True, blank=True, related_name="completions", verbose_name=_("session")
    )
    completed_on = models.DateField(_("completed on"))
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("recorded by"),
    )
    minutes = models.PositiveIntegerField(_("minutes"))
    # Copied from the course when it is recorded: a course that changes later must not change what was earned.
    category = models.CharField(_("category"), max_length=60, blank=True)
    fund = models.CharField(_("fund"), max_length=60, blank=True)
    source = models.CharField(_("source"), max_length=20, choices=CompletionSourceName, default=CompletionSourceName.HR)
    external_key = models.CharField(_("key in the source system"), max_length=200, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=CompletionStateName, default=CompletionStateName.APPROVED
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("approved by"),
    )
    void_reason = models.CharField(_("reason for voiding"), max_length=400, blank=True)
    # Given back to the teacher while it waits; empty again once they hand it in again.
    returned_at = models.DateTimeField(_("returned"), null=True, blank=True, editable=False)
    return_reason = models.CharField(_("why it was returned"), max_length=400, blank=True, editable=False)

    objects = CompletionQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("completion")
        verbose_name_plural = _("completions")
        ordering = ["-completed_on", "-pk"]
        indexes = [
            models.Index(fields=["teacher", "completed_on", "id"], name="completion_by_teacher"),
            models.Index(fields=["completed_on", "id"], name="completion_by_day"),
            models.Index(fields=["completed_on", "teacher"], condition=Q(state="pending"), name="completion_pending"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["teacher", "external_key"],
                condition=~Q(external_key=""),
                name="one_completion_per_external_key",
                violation_error_message=_("This completion is already recorded."),
            ),
            models.UniqueConstraint(
                fields=["teacher", "course", "completed_on"],
                condition=Q(external_key="") & ~Q(state="voided"),
                name="one_completion_per_course_and_day",
                violation_error_message=_("This course is already recorded for this person on this day."),
            ),
            models.CheckConstraint(
                name="voided_completion_has_a_reason",
                condition=~Q(state="voided") | ~Q(void_reason=""),
                violation_error_message=_("Say why this completion is voided."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course} {self.completed_on}"

    @property
    def hours(self) -> Decimal:
        return Decimal(self.minutes) / 60


class CreditLine(models.Model):
    """Credit in one unit; unlike units are never added."""

    completion = models.ForeignKey(
        Completion, on_delete=models.PROTECT, related_name="credit_lines", verbose_name=_("completion")
    )
    unit = models.CharField(_("unit"), max_length=20, choices=UnitName, default=UnitName.HOUR)
    amount = models.DecimalField(
        _("amount"), max_digits=8, decimal_places=3, validators=[MinValueValidator(Decimal(0))]
    )
    category = models.CharField(_("category"), max_length=60, blank=True)

    objects = CreditLineQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("credit")
        verbose_name_plural = _("credits")
        constraints = [
            models.UniqueConstraint(fields=["completion", "unit", "category"], name="one_credit_line_per_unit"),
            models.CheckConstraint(
                name="credit_not_negative",
                condition=Q(amount__gte=0),
                violation_error_message=_("Credit cannot be negative."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.get_unit_display()}"
